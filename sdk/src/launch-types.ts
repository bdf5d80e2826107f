// What the API says of launches. Money is in integers of minor units of the launch's currency, shares are in basis points,
// times in seconds since 1970.

export type LaunchStatus =
  | 'draft'
  | 'signed'
  | 'armed'
  | 'running'
  | 'held'
  | 'rolling_back'
  | 'rolled_back'
  | 'completed'
  | 'abandoned'

export type SignerRole = 'business' | 'technology'
export type StopAction = 'rollback' | 'hold'
export type LaunchUnit = 'customer' | 'card' | 'merchant' | 'targeting_key'
export type WaivableGate = 'promotion' | 'matured' | 'time' | 'error_budget' | 'cover'

export type LaunchReceipt = { readonly position: number; readonly hash: string }

export type LaunchTripwire = {
  readonly metric: string
  readonly bound: number
  readonly action: StopAction
}

export type LaunchRisk = {
  readonly text: string
  readonly probability: number
  readonly impact_low: number
  readonly impact_high: number
  readonly owner: string
  readonly mitigation: string
  readonly tripwire: LaunchTripwire | null
  /** Not part of what is signed. */
  readonly watched: boolean
}

export type WrittenRisk = LaunchRisk & {
  readonly id: string
  readonly object: 'launch_risk'
  readonly launch: string
  readonly person: string
  readonly name: string
  readonly created: number
}

export type LaunchCaps = {
  readonly per_payment: number | null
  readonly per_stage: number | null
  readonly per_day: number | null
}

export type LaunchStage = {
  readonly exposure_bp: number
  readonly named_units: readonly string[]
  readonly min_matured_payments: number
  readonly min_hours: number
  readonly caps: LaunchCaps
  readonly required_signers: readonly SignerRole[]
  readonly forecast_payments_per_day: number
}

export type LaunchGuardrail = {
  readonly tier: 'invariant' | 'rate' | 'promotion'
  readonly metric: string
  readonly margin_bp?: number
  readonly baseline_bp?: number
  readonly action?: StopAction
}

export type LaunchSubject =
  | { readonly type: 'route'; readonly rails: readonly string[] }
  | {
      readonly type: 'feature'
      readonly key: string
      readonly variants: Readonly<Record<string, unknown>>
      readonly on: string
      readonly off: string
    }

export type LaunchFilters = {
  readonly countries: readonly string[]
  readonly currencies: readonly string[]
  readonly amount_from: number | null
  readonly amount_to: number | null
}

export type LaunchBenefit = {
  readonly low: number
  readonly high: number
  readonly per: 'month' | 'year'
  readonly source: string
  readonly as_of: number
}

export type LaunchForecast = {
  readonly payments_per_day: number
  readonly average_amount: number
  readonly peak_per_second: number
}

export type LaunchCover = { readonly person: string; readonly contact: string; readonly hours: number }

/** What is reviewed and signed. */
export type LaunchContent = {
  readonly name: string
  readonly description: string
  readonly owner: string
  readonly currency: string
  readonly subject: LaunchSubject
  readonly unit: LaunchUnit
  readonly filters: LaunchFilters
  readonly excluded_units: readonly string[]
  readonly benefit: LaunchBenefit
  readonly forecast: LaunchForecast
  readonly components: readonly string[]
  readonly risks: readonly LaunchRisk[]
  readonly stages: readonly LaunchStage[]
  readonly guardrails: readonly LaunchGuardrail[]
  readonly alpha_bp: number
  readonly slow_ms: number
  readonly maturity_hours: number
  readonly rollback_plan: string
  readonly cover: readonly LaunchCover[]
  readonly notify: string | null
}

type Signed = {
  readonly person: string
  readonly name: string
  readonly role: SignerRole
  readonly signed_at: number
  readonly is_contributor: boolean
  readonly is_new_person: boolean
  readonly receipt: LaunchReceipt
}

export type LaunchSignature = Signed & { readonly content_hash: string; readonly expires_at: number }
export type LaunchApproval = Signed & { readonly content_hash: string; readonly stage: number }

export type LaunchWaiver = {
  readonly id: string
  readonly gate: WaivableGate
  readonly reason: string
  readonly expires_at: number
  readonly in_force: boolean
  readonly signatures: readonly Signed[]
}

export type LaunchWaiting = {
  readonly for: 'premortem' | 'signatures' | 'start' | 'approval' | 'resume' | 'decision'
  readonly since: number
  readonly age_seconds: number
  readonly reminders: number
}

export type LaunchGate = {
  readonly gate: string
  readonly state: 'green' | 'red' | 'waived'
  readonly reason: string
}

export type LaunchVerdict = {
  readonly guardrail: string
  readonly tier: 'invariant' | 'rate' | 'promotion' | 'tripwire'
  readonly metric: string
  readonly verdict: 'OK' | 'BREACH' | 'INSUFFICIENT' | 'INCONCLUSIVE'
  readonly action: StopAction | 'none'
  readonly value: number | null
  readonly n: number
  readonly bound: number | null
  readonly evidence: number | null
  readonly reason: string
}

export type LaunchTally = {
  readonly attempts: number
  readonly failed: number
  readonly declined: number
  readonly slow: number
  readonly succeeded: number
  readonly refunded: number
  readonly disputed: number
  readonly attempted_amount: number
  readonly succeeded_amount: number
  readonly declined_amount: number
  readonly refunded_amount: number
  readonly disputed_amount: number
  readonly all_attempts: number
  readonly all_succeeded: number
}

export type LaunchWatch = {
  readonly stage: number
  readonly ticked_at: number
  readonly matured: number
  readonly in_flight: number
  readonly no_unit: number
  readonly verdicts: readonly LaunchVerdict[]
  readonly exposed: LaunchTally
  readonly control: LaunchTally
}

export type Launch = LaunchContent & {
  readonly id: string
  readonly object: 'launch'
  readonly created: number
  readonly livemode: boolean
  readonly status: LaunchStatus
  readonly stage: number
  readonly exposure_bp: number
  readonly content_hash: string
  readonly premortem: { readonly state: 'collecting' | 'opened'; readonly people: number }
  readonly unwatched: number
  readonly contributors: readonly string[]
  readonly signatures: readonly LaunchSignature[]
  readonly approvals: readonly LaunchApproval[]
  readonly waivers: readonly LaunchWaiver[]
  readonly waiting: LaunchWaiting | null
  readonly start_at: number | null
  readonly started_at: number | null
  readonly stage_started_at: number | null
  readonly stopped: {
    readonly by: string
    readonly reason: string
    readonly metric: string | null
    readonly at: number
  } | null
  readonly incident: {
    readonly name: string
    readonly owner: string
    readonly opened_at: number
  } | null
  readonly retries: number
  readonly salt: string
  /** Of one launch; null in lists and events. */
  readonly gates: readonly LaunchGate[] | null
  readonly watch: LaunchWatch | null
  /** Before a launch by customer starts: of the newest payments, those that it would never expose. */
  readonly without_unit: {
    readonly payments: number
    readonly without: number
    readonly share_bp: number
  } | null
  /** Of the act that this is the answer of. */
  readonly receipt?: LaunchReceipt
}
