import { type Json, secondsOf, showId } from '../kit/index.ts'
import { exposureOf } from './core/control.ts'
import { isInForce } from './core/gates.ts'
import {
  type Approval,
  type Gate,
  INVARIANT_METRICS,
  type Launch,
  type LiveMetric,
  MONEY_METRICS,
  RATE_METRICS,
  type Risk,
  type Signature,
  type Tally,
  type Waiver,
  type Watch,
} from './core/model.ts'
import type { WrittenRisk } from './core/premortem.ts'

export const LAUNCH_PREFIX = 'launch'
export const RISK_PREFIX = 'risk'

const MICROS_PER_SECOND = 1_000_000

const seconds = (micros: number): number => Math.floor(micros / MICROS_PER_SECOND)
const secondsOrNull = (micros: number | null): number | null => (micros === null ? null : seconds(micros))

const LIVE_METRICS: ReadonlySet<string> = new Set<LiveMetric>([
  ...RATE_METRICS,
  ...INVARIANT_METRICS,
  ...MONEY_METRICS,
])

/** Its tripwire is wired to a live metric. All others are on paper only. */
export const isWatched = ({ tripwire }: Risk): boolean =>
  tripwire !== null && LIVE_METRICS.has(tripwire.metric)

const showSignature = (signature: Signature | Omit<Signature, 'contentHash' | 'expiresMicros'>) => ({
  person: signature.person,
  name: signature.name,
  role: signature.role,
  signed_at: seconds(signature.signedMicros),
  is_contributor: signature.isContributor,
  is_new_person: signature.isNewPerson,
  receipt: { position: signature.position, hash: signature.hash },
})

const showApproval = (approval: Approval) => ({
  ...showSignature(approval),
  stage: approval.stage,
  content_hash: approval.contentHash,
})

const showWaiver = (waiver: Waiver, nowMicros: number) => ({
  id: waiver.id,
  gate: waiver.gate,
  reason: waiver.reason,
  expires_at: seconds(waiver.expiresMicros),
  in_force: isInForce(waiver, nowMicros),
  signatures: waiver.signatures.map(showSignature),
})

/** What the controller sees of a launch at this moment; not part of events. */
export type Live = {
  readonly watch: Watch | null
  readonly gates: readonly Gate[]
  /** Before it starts, of the newest payments: those that it could not tell apart, and would not expose. */
  readonly withoutUnit?: { readonly payments: number; readonly without: number } | null
}

const showTally = (tally: Tally) => ({
  attempts: tally.attempts,
  failed: tally.failed,
  declined: tally.declined,
  slow: tally.slow,
  succeeded: tally.succeeded,
  refunded: tally.refunded,
  disputed: tally.disputed,
  attempted_amount: tally.attemptedAmount,
  succeeded_amount: tally.succeededAmount,
  declined_amount: tally.declinedAmount,
  refunded_amount: tally.refundedAmount,
  disputed_amount: tally.disputedAmount,
  all_attempts: tally.allAttempts,
  all_succeeded: tally.allSucceeded,
})

const showWatch = (watch: Watch) => ({
  stage: watch.stage,
  ticked_at: seconds(watch.tickedMicros),
  matured: watch.matured,
  in_flight: watch.inFlight,
  no_unit: watch.noUnit,
  verdicts: watch.verdicts.map((verdict) => ({ ...verdict })),
  exposed: showTally(watch.inStage.exposed),
  control: showTally(watch.inStage.control),
})

const showMoments = (launch: Launch) => ({
  start_at: secondsOrNull(launch.startAtMicros),
  started_at: secondsOrNull(launch.startedMicros),
  stage_started_at: secondsOrNull(launch.stageStartedMicros),
})

const showStop = ({ stopped, incident }: Launch) => ({
  stopped:
    stopped === null
      ? null
      : { by: stopped.by, reason: stopped.reason, metric: stopped.metric, at: seconds(stopped.atMicros) },
  incident:
    incident === null
      ? null
      : { name: incident.name, owner: incident.owner, opened_at: seconds(incident.openedMicros) },
})

const showWaiting = ({ waiting }: Launch, nowMicros: number) =>
  waiting === null
    ? null
    : {
        for: waiting.for,
        since: seconds(waiting.sinceMicros),
        age_seconds: Math.max(0, seconds(nowMicros - waiting.sinceMicros)),
        reminders: waiting.reminders,
      }

const FULL_BP = 10_000

const showWithoutUnit = (live: Live | null) => {
  const counted = live?.withoutUnit ?? null
  if (counted === null) return null
  const { payments, without } = counted
  return { payments, without, share_bp: payments === 0 ? 0 : Math.round((without * FULL_BP) / payments) }
}

/** A launch as the API and its events show it, at a moment of the tenant's time. */
export const showLaunch = (launch: Launch, nowMicros: number, live: Live | null = null) => ({
  id: showId(LAUNCH_PREFIX, launch.id),
  object: 'launch' as const,
  created: secondsOf(launch.createdMicros),
  livemode: launch.livemode === true,
  status: launch.status,
  stage: launch.stage,
  exposure_bp: exposureOf(launch),
  ...launch.content,
  risks: launch.content.risks.map((risk) => ({ ...risk, watched: isWatched(risk) })),
  content_hash: launch.contentHash,
  premortem: { state: launch.premortem, people: launch.writers ?? 0 },
  unwatched: launch.content.risks.filter((risk) => !isWatched(risk)).length,
  contributors: [...launch.contributors],
  signatures: launch.signatures.map((signature) => ({
    ...showSignature(signature),
    content_hash: signature.contentHash,
    expires_at: seconds(signature.expiresMicros),
  })),
  approvals: launch.approvals.map(showApproval),
  waivers: launch.waivers.map((waiver) => showWaiver(waiver, nowMicros)),
  waiting: showWaiting(launch, nowMicros),
  ...showMoments(launch),
  ...showStop(launch),
  retries: launch.retries,
  salt: launch.salt,
  gates: live === null ? null : live.gates.map((gate) => ({ ...gate })),
  watch: live === null || live.watch === null ? null : showWatch(live.watch),
  without_unit: showWithoutUnit(live),
})

export type ShownLaunch = ReturnType<typeof showLaunch>

/** What one person wrote for the pre-mortem. */
export const showWrittenRisk = (launch: Launch['id'], written: WrittenRisk) => ({
  id: showId(RISK_PREFIX, written.id),
  object: 'launch_risk' as const,
  launch: showId(LAUNCH_PREFIX, launch),
  person: written.person,
  name: written.name,
  created: seconds(written.writtenMicros),
  ...written.risk,
  watched: isWatched(written.risk),
})

/** For the audit log: where a launch stands, with who has signed what. Its content has entries of its own. */
export const outlineOf = (launch: Launch): Json => ({
  status: launch.status,
  stage: launch.stage,
  exposure_bp: exposureOf(launch),
  content_hash: launch.contentHash,
  signatures: launch.signatures.map(({ person, role, contentHash }) => ({
    person,
    role,
    content_hash: contentHash,
  })),
  approvals: launch.approvals.map(({ person, role, stage }) => ({ person, role, stage })),
  waivers: launch.waivers.map(({ id, gate, signatures }) => ({
    id,
    gate,
    signed: signatures.map(({ role }) => role),
  })),
  stopped: launch.stopped === null ? null : launch.stopped.reason,
})
