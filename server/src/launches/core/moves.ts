import { assert } from '../../kit/index.ts'
import { type MoveName, nextStatus } from './machine.ts'
import type { Launch, LaunchStatus, Waiting } from './model.ts'

/* What each move makes of a launch. Pure: move.ts writes it, with the control, the act and the event. */

const statusAfter = (launch: Launch, move: MoveName): LaunchStatus => {
  const status = nextStatus(launch.status, move)
  assert(status !== null, `a launch that is ${launch.status} was to ${move}: whoever moves it asks first`)
  return status
}

/** What a launch in this state waits for. A running one waits for nobody until the controller says so. */
const waitsFor = (launch: Pick<Launch, 'status' | 'premortem'>): Waiting['for'] | null => {
  switch (launch.status) {
    case 'draft':
      return launch.premortem === 'opened' ? 'signatures' : 'premortem'
    case 'signed':
      return 'start'
    case 'held':
      return 'resume'
    case 'rolled_back':
      return 'decision'
    default:
      return null
  }
}

/** What waited before and still does keeps its age. */
export const waitingFor = (launch: Launch, what: Waiting['for'] | null, now: number): Waiting | null => {
  if (what === null) return null
  return launch.waiting?.for === what ? launch.waiting : { for: what, sinceMicros: now, reminders: 0 }
}

const settled = (launch: Launch, now: number): Launch => ({
  ...launch,
  waiting: waitingFor(launch, waitsFor(launch), now),
})

/** Of a launch that was changed, written, opened or signed: it waits for what comes next. */
export const resettled = settled

export const edited = (launch: Launch, now: number): Launch =>
  settled(
    { ...launch, status: statusAfter(launch, 'edit'), signatures: [], approvals: [], startAtMicros: null },
    now,
  )

export const signaturesCompleted = (launch: Launch, now: number): Launch =>
  settled({ ...launch, status: statusAfter(launch, 'complete_signatures') }, now)

/** A signature has expired: those that have not stay, and the launch is a draft again. */
export const lapsed = (launch: Launch, now: number): Launch =>
  settled(
    {
      ...launch,
      status: launch.status === 'draft' ? 'draft' : statusAfter(launch, 'lapse'),
      signatures: launch.signatures.filter(({ expiresMicros }) => expiresMicros > now),
      startAtMicros: null,
    },
    now,
  )

export const armed = (launch: Launch, startAtMicros: number, now: number): Launch =>
  settled({ ...launch, status: statusAfter(launch, 'arm'), startAtMicros }, now)

export const started = (launch: Launch, now: number): Launch =>
  settled(
    {
      ...launch,
      status: statusAfter(launch, 'start'),
      stage: 0,
      startAtMicros: null,
      startedMicros: now,
      stageStartedMicros: now,
      stopped: null,
    },
    now,
  )

/** The last required approval: the next stage, or the end. */
export const advanced = (launch: Launch, now: number): Launch => {
  const isLast = launch.stage >= launch.content.stages.length - 1
  return settled(
    isLast
      ? { ...launch, status: statusAfter(launch, 'complete') }
      : {
          ...launch,
          status: statusAfter(launch, 'advance'),
          stage: launch.stage + 1,
          stageStartedMicros: now,
        },
    now,
  )
}

type Stop = {
  readonly by: string
  readonly reason: string
  readonly metric: string | null
  readonly now: number
}

const stoppedBy = ({ by, reason, metric, now }: Stop): Launch['stopped'] => ({
  by,
  reason,
  metric,
  atMicros: now,
})

/** What was approved, was approved on green gates: whoever resumes the launch lets its stage be approved anew. */
export const held = (launch: Launch, stop: Stop): Launch =>
  settled(
    {
      ...launch,
      status: statusAfter(launch, 'hold'),
      approvals: launch.approvals.filter(({ stage }) => stage !== launch.stage),
      stopped: stoppedBy(stop),
    },
    stop.now,
  )

export const resumed = (launch: Launch, now: number): Launch =>
  settled({ ...launch, status: statusAfter(launch, 'resume') }, now)

export const rolledBack = (launch: Launch, stop: Stop): Launch =>
  settled(
    {
      ...launch,
      status: statusAfter(launch, 'roll_back'),
      startAtMicros: null,
      stopped: stoppedBy(stop),
      incident: {
        name: `${launch.content.name}: ${stop.reason}`.slice(0, 200),
        owner: launch.content.owner,
        openedMicros: stop.now,
      },
    },
    stop.now,
  )

export const rollbackFinished = (launch: Launch, now: number): Launch =>
  settled({ ...launch, status: statusAfter(launch, 'finish_rollback') }, now)

export const abandoned = (launch: Launch, now: number): Launch =>
  settled({ ...launch, status: statusAfter(launch, 'abandon'), startAtMicros: null }, now)

/** The salt stays: the same units are tried again. Nothing that was signed, approved or waived does. */
export const reopened = (launch: Launch, now: number): Launch =>
  settled(
    {
      ...launch,
      status: statusAfter(launch, 'reopen'),
      stage: 0,
      signatures: [],
      approvals: [],
      waivers: [],
      startedMicros: null,
      stageStartedMicros: null,
      retries: launch.retries + (launch.status === 'rolled_back' ? 1 : 0),
    },
    now,
  )
