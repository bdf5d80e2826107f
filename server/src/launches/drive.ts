import { lastReceipt } from '../audit/index.ts'
import type { Draft } from '../database/index.ts'
import { CONTROLS_MOST, readControls } from '../exposure/index.ts'
import type { Reply, Uuid } from '../kit/index.ts'
import { type Asking, causeOf, isReply, launchFor, launchReply, refuse } from './asking.ts'
import { wakeController } from './controller/waking.ts'
import { areOpen } from './core/gates.ts'
import type { MoveName } from './core/machine.ts'
import type { Launch } from './core/model.ts'
import type { RightName } from './core/who.ts'
import { liveNow, startGatesNow } from './gates-now.ts'
import { START_AHEAD_DAYS_MOST } from './limits.ts'
import {
  abandonInDraft,
  armInDraft,
  type Cause,
  holdInDraft,
  readLaunch,
  reopenInDraft,
  resumeInDraft,
  rollBackInDraft,
  startInDraft,
} from './move.ts'

/* What people do to a launch as a whole: start, hold, resume, roll back, abandon, reopen. */

const MICROS_PER_SECOND = 1_000_000
const MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND

export type Starting = { readonly id: Uuid; readonly startAt: number | null }

/** Why exposure has no room for it. */
const refuseControl = (draft: Draft, launch: Launch): Reply | null => {
  const { controls } = readControls(draft)
  const { subject } = launch.content
  if (subject.type === 'feature') {
    const other = controls.find((each) => each.subject.kind === 'feature' && each.subject.key === subject.key)
    if (other !== undefined) return refuse('launch_feature_taken', { launch: { row: launch, draft } })
  }
  return controls.length < CONTROLS_MOST ? null : refuse('launch_controls_full')
}

const refuseStart = (draft: Draft, launch: Launch): Reply | null => {
  const gates = startGatesNow(draft, launch)
  if (areOpen(gates)) return refuseControl(draft, launch)
  const red = gates.filter(({ state }) => state === 'red')
  return refuse('launch_gates_red', {
    message: `It cannot start yet. ${red.map(({ reason }) => reason).join(' ')}`,
    gates,
    launch: { row: launch, draft },
  })
}

/** A draft says what it lacks, not only that it is one. */
const draftCannotStart = (draft: Draft, id: Uuid, refused: Reply): Reply => {
  const launch = readLaunch(draft, id)
  if (refused.code !== 'launch_unexpected_state' || launch?.status !== 'draft') return refused
  const gates = startGatesNow(draft, launch)
  const red = gates.filter(({ gate, state }) => state === 'red' && gate !== 'state')
  return refuse('launch_unexpected_state', {
    message: `A draft cannot be started. ${red.map(({ reason }) => reason).join(' ')}`,
    gates,
    launch: { row: launch, draft },
  })
}

export const startLaunch = (draft: Draft, { id, startAt }: Starting, asking: Asking): Reply => {
  const launch = launchFor(draft, id, asking, {
    right: 'start',
    move: startAt === null ? 'start' : 'arm',
  })
  if (isReply(launch)) return draftCannotStart(draft, id, launch)
  const cause = causeOf(asking)
  if (startAt !== null) {
    const now = Number(draft.now)
    const startAtMicros = startAt * MICROS_PER_SECOND
    if (startAtMicros <= now || startAtMicros > now + START_AHEAD_DAYS_MOST * MICROS_PER_DAY)
      return refuse('launch_invalid', {
        param: 'start_at',
        message: `start_at must be in the future, at most ${START_AHEAD_DAYS_MOST} days ahead. Leave it out to start now.`,
      })
    const armed = armInDraft(draft, launch, startAtMicros, cause)
    return launchReply(draft, armed, lastReceipt(draft), liveNow(draft, armed))
  }
  const refused = refuseStart(draft, launch)
  if (refused !== null) return refused
  const started = startInDraft(draft, launch, cause)
  wakeController(draft)
  return launchReply(draft, started, lastReceipt(draft), liveNow(draft, started))
}

export type Stopping = { readonly id: Uuid; readonly reason: string }

/** Needs no metrics and no approval: one person, an operator or a program's key is enough. */
export const rollBackLaunch = (draft: Draft, { id, reason }: Stopping, asking: Asking): Reply => {
  const launch = launchFor(draft, id, asking, { right: 'roll_back', move: 'roll_back' })
  if (isReply(launch)) return launch
  const after = rollBackInDraft(draft, launch, { ...causeOf(asking), reason, metric: null })
  wakeController(draft)
  return launchReply(draft, after, lastReceipt(draft))
}

export const holdLaunch = (draft: Draft, { id, reason }: Stopping, asking: Asking): Reply => {
  const launch = launchFor(draft, id, asking, { right: 'hold', move: 'hold' })
  if (isReply(launch)) return launch
  const after = holdInDraft(draft, launch, { ...causeOf(asking), reason, metric: null })
  return launchReply(draft, after, lastReceipt(draft))
}

export type Driving = { readonly id: Uuid; readonly reason: string | null }

const plainly =
  (right: RightName & MoveName, move: (draft: Draft, launch: Launch, cause: Cause) => Launch) =>
  (draft: Draft, { id, reason }: Driving, asking: Asking): Reply => {
    const launch = launchFor(draft, id, asking, { right, move: right })
    if (isReply(launch)) return launch
    const after = move(draft, launch, causeOf(asking, reason))
    return launchReply(draft, after, lastReceipt(draft))
  }

export const resumeLaunch = plainly('resume', resumeInDraft)
export const abandonLaunch = plainly('abandon', abandonInDraft)
export const reopenLaunch = plainly('reopen', reopenInDraft)
