import { type Actor, declareAudit, type Receipt, recordAct } from '../audit/index.ts'
import { type Declare, type Draft, setTimer } from '../database/index.ts'
import { type EventRequest, recordEvent } from '../events/index.ts'
import { declareControls, putControl, removeControl } from '../exposure/index.ts'
import { type Json, showId, type Uuid } from '../kit/index.ts'
import { declareTick, wakeController } from './controller/waking.ts'
import { controlOf } from './core/control.ts'
import type { Launch, Waiting } from './core/model.ts'
import {
  abandoned,
  advanced,
  armed,
  held,
  reopened,
  resumed,
  rollbackFinished,
  rolledBack,
  started,
  waitingFor,
} from './core/moves.ts'
import { REMIND_EVERY_HOURS, REMINDERS_MOST } from './limits.ts'
import { launches, premortems } from './store.ts'
import { LAUNCH_PREFIX, outlineOf, showLaunch } from './views.ts'

/*
 * Every change of a launch: its row, the control that payments are decided by, the act in the audit log and the event are
 * one unit. The callers have asked the machine whether the move is allowed; a move that is not is a bug here.
 */

/** Who moves it and why; `request` where somebody asked for it. */
export type Cause = {
  readonly actor: Actor
  readonly reason: string | null
  readonly request?: EventRequest | null
}
/** Why it is held or rolled back; `metric` where a guardrail or tripwire did it. */
export type StopCause = Omit<Cause, 'reason'> & { readonly reason: string; readonly metric: string | null }

/** Tells again what waits; notes signatures that expired; says that the moment to start has come. By the tenant's clock. */
export const REMIND_TIMER = 'launches.remind'
export const LAPSE_TIMER = 'launches.lapse'
export const START_DUE_TIMER = 'launches.start_due'

const MICROS_PER_HOUR = 3_600_000_000

/** Round 1 of whoever moves a launch. Nothing of it needs a second round. */
export const declareLaunch = (declare: Declare, id: Uuid): void => {
  declare(launches.table, id)
  declare(premortems.table, id)
  declareControls(declare)
  declareAudit(declare)
  declareTick(declare)
}

/** The launch as it stands under the head row's lock. */
export const readLaunch = (draft: Draft, id: Uuid): Launch | null => draft.get(launches.table, id) ?? null

/** Tells what happened, with the launch as it is now. */
export const tellLaunch = (
  draft: Draft,
  type: string,
  launch: Launch,
  request: EventRequest | null = null,
): void => recordEvent(draft, { type, object: showLaunch(launch, Number(draft.now)), request })

const remindAt = (draft: Draft, launch: Launch): void => {
  const { waiting } = launch
  const due =
    waiting === null || waiting.reminders >= REMINDERS_MOST
      ? null
      : waiting.sinceMicros + (waiting.reminders + 1) * REMIND_EVERY_HOURS * MICROS_PER_HOUR
  setTimer(draft, { kind: REMIND_TIMER, subject: launch.id, dueMicros: due === null ? null : BigInt(due) })
}

const lapseAt = (draft: Draft, launch: Launch): void => {
  const ends = launch.signatures.map(({ expiresMicros }) => expiresMicros)
  const isOpen = launch.status === 'draft' || launch.status === 'signed' || launch.status === 'armed'
  setTimer(draft, {
    kind: LAPSE_TIMER,
    subject: launch.id,
    dueMicros: isOpen && ends.length > 0 ? BigInt(Math.min(...ends)) : null,
  })
}

const startDueAt = (draft: Draft, launch: Launch): void => {
  const { startAtMicros } = launch
  const isAhead = startAtMicros !== null && startAtMicros > Number(draft.now)
  const dueMicros = isAhead ? BigInt(startAtMicros) : null
  setTimer(draft, { kind: START_DUE_TIMER, subject: launch.id, dueMicros })
}

/** All timers as the launch wants them: for whoever has done what was due, and may have been called twice. */
export const setTimers = (draft: Draft, launch: Launch): void => {
  remindAt(draft, launch)
  lapseAt(draft, launch)
  startDueAt(draft, launch)
}

const isSame = (a: Waiting | null, b: Waiting | null): boolean =>
  a?.for === b?.for && a?.sinceMicros === b?.sinceMicros && a?.reminders === b?.reminders

/** Writes the launch, and moves its timers with it. Says that something begins to wait for people. */
export const putLaunch = (
  draft: Draft,
  before: Launch | null,
  after: Launch,
  request: EventRequest | null = null,
): void => {
  draft.put(launches.table, after.id, after)
  if (!isSame(before?.waiting ?? null, after.waiting)) remindAt(draft, after)
  if (before?.signatures !== after.signatures || before.status !== after.status) lapseAt(draft, after)
  if ((before?.startAtMicros ?? null) !== after.startAtMicros) startDueAt(draft, after)
  const begins = after.waiting !== null && after.waiting.for !== before?.waiting?.for
  if (!begins) return
  tellLaunch(draft, 'launch.waiting', after, request)
  if (after.waiting?.for === 'approval') tellLaunch(draft, 'launch.approval_requested', after, request)
}

export type ActOptions = {
  /** launch.held: the act's name and, unless others are given, the event's. */
  readonly action: string
  readonly events?: readonly string[]
  /** The head of the audit log goes outside the database at once: signatures, changes of stage, stops. */
  readonly anchor?: boolean
  /** Instead of the outlines of the launch before and after. */
  readonly was?: Json
  readonly is?: Json
  /** Puts the entry's receipt into the launch itself, where a signature keeps it. */
  readonly placing?: (receipt: Receipt) => Launch
}

/** One act on a launch: its entry in the log, its row and timers, its events, in this order. */
export const actOnLaunch = (
  draft: Draft,
  before: Launch | null,
  after: Launch,
  cause: Cause,
  options: ActOptions,
): Receipt => {
  const { action, events = [action], anchor = false } = options
  const receipt = recordAct(
    draft,
    {
      actor: cause.actor,
      action,
      subject: showId(LAUNCH_PREFIX, after.id),
      reason: cause.reason,
      before: options.was ?? (before === null ? null : outlineOf(before)),
      after: options.is ?? outlineOf(after),
    },
    { anchor },
  )
  const request = cause.request ?? null
  const written = options.placing?.(receipt) ?? after
  putLaunch(draft, before, written, request)
  for (const type of events) tellLaunch(draft, type, written, request)
  return receipt
}

/** What a launch in its stage waits for: approval once all other gates are green, a decision where nobody can tell. */
export const setWaiting = (draft: Draft, launch: Launch, what: Waiting['for'] | null): Launch => {
  const after = { ...launch, waiting: waitingFor(launch, what, Number(draft.now)) }
  if (!isSame(launch.waiting, after.waiting)) putLaunch(draft, launch, after)
  return after
}

const STAGE_ACT = { anchor: true } as const

export const startInDraft = (draft: Draft, launch: Launch, cause: Cause): Launch => {
  const after = started(launch, Number(draft.now))
  wakeController(draft)
  putControl(draft, controlOf(after))
  actOnLaunch(draft, launch, after, cause, { action: 'launch.started', ...STAGE_ACT })
  return after
}

/** The last required approval has come: the next stage, or the end. Only ever in the unit of a person's request. */
export const advanceInDraft = (draft: Draft, launch: Launch, cause: Cause): Launch => {
  const after = advanced(launch, Number(draft.now))
  const action = after.status === 'completed' ? 'launch.completed' : 'launch.stage_advanced'
  putControl(draft, controlOf(after))
  actOnLaunch(draft, launch, after, cause, { action, ...STAGE_ACT })
  return after
}

/** Exposure stays as it is, and goes no further. */
export const holdInDraft = (draft: Draft, launch: Launch, cause: StopCause): Launch => {
  const { actor, reason, metric } = cause
  const after = held(launch, { by: actor.id, reason, metric, now: Number(draft.now) })
  actOnLaunch(draft, launch, after, cause, { action: 'launch.held', ...STAGE_ACT })
  return after
}

export const resumeInDraft = (draft: Draft, launch: Launch, cause: Cause): Launch => {
  const after = resumed(launch, Number(draft.now))
  actOnLaunch(draft, launch, after, cause, { action: 'launch.resumed', ...STAGE_ACT })
  return after
}

const ROLLBACK_EVENTS = ['launch.rolling_back', 'launch.rolled_back', 'incident.opened'] as const

/** Exposure is zero with this commit, named units included; what is in flight finishes where it began. Needs nothing else. */
export const rollBackInDraft = (draft: Draft, launch: Launch, cause: StopCause): Launch => {
  const { actor, reason, metric } = cause
  const after = rolledBack(launch, { by: actor.id, reason, metric, now: Number(draft.now) })
  // Before it has started it has no control.
  if (launch.status !== 'armed') putControl(draft, controlOf(after))
  actOnLaunch(draft, launch, after, cause, {
    action: 'launch.rolled_back',
    events: ROLLBACK_EVENTS,
    ...STAGE_ACT,
  })
  return after
}

/** Nothing of it is in flight any more. */
export const finishRollbackInDraft = (draft: Draft, launch: Launch, cause: Cause): Launch => {
  const after = rollbackFinished(launch, Number(draft.now))
  removeControl(draft, launch.id)
  actOnLaunch(draft, launch, after, cause, { action: 'launch.rollback_finished' })
  return after
}

export const armInDraft = (draft: Draft, launch: Launch, startAtMicros: number, cause: Cause): Launch => {
  const after = armed(launch, startAtMicros, Number(draft.now))
  actOnLaunch(draft, launch, after, cause, { action: 'launch.armed' })
  return after
}

export const abandonInDraft = (draft: Draft, launch: Launch, cause: Cause): Launch => {
  const after = abandoned(launch, Number(draft.now))
  actOnLaunch(draft, launch, after, cause, { action: 'launch.abandoned' })
  return after
}

export const reopenInDraft = (draft: Draft, launch: Launch, cause: Cause): Launch => {
  const after = reopened(launch, Number(draft.now))
  actOnLaunch(draft, launch, after, cause, { action: 'launch.reopened' })
  return after
}
