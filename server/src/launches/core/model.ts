import type { Json, Micros, Uuid } from '../../kit/index.ts'

/*
 * The record of a launch. `content` is what people review and sign: it stands as the API shows it, in snake case, so that
 * whoever has read it can compute its hash. Money in it is integers of minor units of `content.currency`, shares are in
 * basis points (hundredths of a percent), times in unix seconds.
 */

/**
 * | from | what happens | to |
 * |---|---|---|
 * | – | proposed | draft |
 * | draft | the second of both signatures over the same content | signed |
 * | signed, armed | the content is changed, or a signature expires | draft |
 * | signed | started for a later moment | armed |
 * | signed, armed | a person starts it, all start gates green | running |
 * | running | a person or a guardrail holds it | held |
 * | held | a person resumes it | running |
 * | running | all gates green, and the last required approval | running, next stage |
 * | running, in the last stage | the same | completed |
 * | armed, running, held, completed | one person, a key, or a guardrail rolls it back: exposure is 0 at once | rolling_back |
 * | rolling_back | nothing of it is in flight any more | rolled_back |
 * | draft, signed, armed, rolled_back | abandoned | abandoned |
 * | rolled_back, abandoned | reopened: same salt, signatures void | draft |
 *
 * Automation holds and rolls back, and notes that nothing is in flight. Whatever raises exposure is a person's request.
 */
export const LAUNCH_STATUSES = [
  'draft',
  'signed',
  'armed',
  'running',
  'held',
  'rolling_back',
  'rolled_back',
  'completed',
  'abandoned',
] as const
export type LaunchStatus = (typeof LAUNCH_STATUSES)[number]

export type SignerRole = 'business' | 'technology'

/** Shares of attempts, invariants, and sums of money: what a guardrail or a tripwire can be wired to. */
export const RATE_METRICS = [
  'failure_rate',
  'decline_rate',
  'slow_rate',
  'refund_rate',
  'dispute_rate',
] as const
export const INVARIANT_METRICS = [
  'books_balance',
  'duplicate_debit',
  'money_stuck',
  'posting_missing',
] as const
export const MONEY_METRICS = ['declined_amount', 'refunded_amount', 'disputed_amount'] as const
export type RateMetric = (typeof RATE_METRICS)[number]
export type InvariantMetric = (typeof INVARIANT_METRICS)[number]
export type MoneyMetric = (typeof MONEY_METRICS)[number]
export type LiveMetric = RateMetric | InvariantMetric | MoneyMetric

export type Tripwire = {
  /** A live metric, or words: then nobody watches it, and it is shown as UNWATCHED. */
  readonly metric: string
  /** Basis points of a rate, minor units of a sum; 0 of an invariant. Reached or passed, it acts. */
  readonly bound: number
  readonly action: 'rollback' | 'hold'
}

export type Risk = {
  readonly text: string
  /** That it happens at least once within the launch's horizon, in percent, 1 to 99. */
  readonly probability: number
  /** A 90 % interval of what one occurrence costs. */
  readonly impact_low: number
  readonly impact_high: number
  /** person_… or a name. */
  readonly owner: string
  readonly mitigation: string
  readonly tripwire: Tripwire | null
}

export type StageCaps = {
  readonly per_payment: number | null
  readonly per_stage: number | null
  readonly per_day: number | null
}

export type Stage = {
  readonly exposure_bp: number
  readonly named_units: readonly string[]
  readonly min_matured_payments: number
  readonly min_hours: number
  readonly caps: StageCaps
  /** Whose approval ends the stage; at least one. */
  readonly required_signers: readonly SignerRole[]
  /** What is expected to go the launched way. */
  readonly forecast_payments_per_day: number
}

/** A rate is compared with the contemporaneous control; `margin_bp` is what it may be worse by. */
export type Guardrail =
  | { readonly tier: 'invariant'; readonly metric: InvariantMetric }
  | {
      readonly tier: 'rate'
      readonly metric: RateMetric
      readonly margin_bp: number
      /** What is taken for the control where there is too little of it. */
      readonly baseline_bp: number
      readonly action: 'rollback' | 'hold'
    }
  | { readonly tier: 'promotion'; readonly metric: RateMetric; readonly margin_bp: number }

export type Benefit = {
  readonly low: number
  readonly high: number
  readonly per: 'month' | 'year'
  readonly source: string
  /** Unix seconds. */
  readonly as_of: number
}

export type LaunchSubject =
  | { readonly type: 'route'; readonly rails: readonly string[] }
  | {
      readonly type: 'feature'
      readonly key: string
      readonly variants: Readonly<Record<string, Json>>
      readonly on: string
      readonly off: string
    }

export type LaunchFilters = {
  readonly countries: readonly string[]
  readonly currencies: readonly string[]
  readonly amount_from: number | null
  readonly amount_to: number | null
}

export type Cover = { readonly person: string; readonly contact: string; readonly hours: number }

export type LaunchContent = {
  readonly name: string
  readonly description: string
  /** person_… */
  readonly owner: string
  /** Of all money in the record; three small letters. */
  readonly currency: string
  readonly subject: LaunchSubject
  readonly unit: 'customer' | 'card' | 'merchant' | 'targeting_key'
  readonly filters: LaunchFilters
  readonly excluded_units: readonly string[]
  readonly benefit: Benefit
  /** Of the whole platform, before the launch. */
  readonly forecast: {
    readonly payments_per_day: number
    readonly average_amount: number
    readonly peak_per_second: number
  }
  readonly components: readonly string[]
  /** Merged from the pre-mortem when its owner opened it. */
  readonly risks: readonly Risk[]
  readonly stages: readonly Stage[]
  readonly guardrails: readonly Guardrail[]
  /** Of false alarms, shared out over the rate guardrails: basis points, 500 is 5 %. */
  readonly alpha_bp: number
  /** Slower than that counts for slow_rate. */
  readonly slow_ms: number
  /** How old a payment is before it counts as matured. */
  readonly maturity_hours: number
  readonly rollback_plan: string
  /** Who is there for the first 48 hours. */
  readonly cover: readonly Cover[]
  /** we_…: who is told what waits for a decision; null for whoever listens. */
  readonly notify: string | null
}

export type Signature = {
  readonly person: string
  readonly name: string
  readonly role: SignerRole
  readonly contentHash: string
  readonly signedMicros: number
  readonly expiresMicros: number
  /** He wrote the content or a part of it. */
  readonly isContributor: boolean
  /** His person record was younger than 24 hours (wall clock). */
  readonly isNewPerson: boolean
  /** Position in the audit log. */
  readonly position: number
  readonly hash: string
}

/** Of a stage's end, over the content as it is. */
export type Approval = Omit<Signature, 'expiresMicros'> & { readonly stage: number }

/** What a waiver may pass over. Breaches, invariants, signatures and approvals cannot be waived. */
export const WAIVABLE_GATES = ['promotion', 'matured', 'time', 'error_budget', 'cover'] as const
export type WaivableGate = (typeof WAIVABLE_GATES)[number]

export type Waiver = {
  readonly id: string
  readonly gate: WaivableGate
  readonly reason: string
  readonly expiresMicros: number
  /** In force once both roles have signed. */
  readonly signatures: readonly Omit<Signature, 'contentHash' | 'expiresMicros'>[]
}

/** What waits for people, and since when. */
export type Waiting = {
  readonly for: 'premortem' | 'signatures' | 'start' | 'approval' | 'resume' | 'decision'
  readonly sinceMicros: number
  /** How often its reminder was sent. */
  readonly reminders: number
}

export type Launch = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly livemode?: boolean
  /** How many people have written for the pre-mortem; what they wrote is kept apart until it is opened. */
  readonly writers?: number
  readonly content: LaunchContent
  /** SHA-256 of the content's canonical JSON, in hexadecimal. */
  readonly contentHash: string
  /** Everybody who wrote the content or a risk in it: person_… or key_… */
  readonly contributors: readonly string[]
  readonly premortem: 'collecting' | 'opened'
  readonly status: LaunchStatus
  /** Index of the stage that it is in, or will start with. */
  readonly stage: number
  readonly salt: string
  readonly signatures: readonly Signature[]
  readonly approvals: readonly Approval[]
  readonly waivers: readonly Waiver[]
  readonly waiting: Waiting | null
  readonly startAtMicros: number | null
  readonly startedMicros: number | null
  readonly stageStartedMicros: number | null
  /** Of the last hold or rollback. */
  readonly stopped: {
    readonly by: string
    readonly reason: string
    readonly metric: string | null
    readonly atMicros: number
  } | null
  /** What a rollback opened: a named event with an owner. */
  readonly incident: { readonly name: string; readonly owner: string; readonly openedMicros: number } | null
  /** How often it was reopened after a rollback. */
  readonly retries: number
}

/** One payment arm's counts since a stage began, or since the start. First attempts only, each account capped. */
export type Tally = {
  readonly attempts: number
  readonly failed: number
  readonly declined: number
  readonly slow: number
  readonly succeeded: number
  readonly refunded: number
  readonly disputed: number
  /** Minor units of content.currency, of attempts in that currency; never capped by account. */
  readonly attemptedAmount: number
  readonly succeededAmount: number
  readonly declinedAmount: number
  readonly refundedAmount: number
  readonly disputedAmount: number
  /** Not capped by account. */
  readonly allAttempts: number
  readonly allSucceeded: number
}

export type VerdictKind = 'OK' | 'BREACH' | 'INSUFFICIENT' | 'INCONCLUSIVE'

/** What one look at a guardrail found. */
export type Verdict = {
  readonly guardrail: string
  readonly tier: 'invariant' | 'rate' | 'promotion' | 'tripwire'
  readonly metric: string
  readonly verdict: VerdictKind
  readonly action: 'rollback' | 'hold' | 'none'
  /** Basis points, count, or minor units, as the metric is. */
  readonly value: number | null
  readonly n: number
  readonly bound: number | null
  /** Of the e-process: how much evidence there is, where it stops at 1/alpha; null for the others. */
  readonly evidence: number | null
  readonly reason: string
}

export type Arms = { readonly exposed: Tally; readonly control: Tally }

/** What the controller knows of a launch; written by its tick only. Its id is the launch's. */
export type Watch = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly stage: number
  /** Since the stage began, and since the launch was first started. */
  readonly inStage: Arms
  readonly inAll: Arms
  /** Of the exposed of this stage: old enough that their outcome is known. */
  readonly matured: number
  /** Exposed attempts that are not final yet. */
  readonly inFlight: number
  readonly noUnit: number
  readonly verdicts: readonly Verdict[]
  readonly tickedMicros: number
}

/** Why a stage does not end yet, or that nothing stands against it. ANDed; `approval` is always the last. */
export type Gate = {
  readonly gate: 'state' | 'signatures' | 'guardrails' | WaivableGate | 'approval'
  readonly state: 'green' | 'red' | 'waived'
  readonly reason: string
}
