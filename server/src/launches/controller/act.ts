import { PLATFORM } from '../../audit/index.ts'
import type { Draft } from '../../database/index.ts'
import { recordEvent } from '../../events/index.ts'
import { areOpen, type Budget, gatesOf, isCovered } from '../core/gates.ts'
import { type Assessed, assess, type Look } from '../core/guardrails/assess.ts'
import { newWatch } from '../core/guardrails/book.ts'
import type { Launch, LaunchStatus, Verdict } from '../core/model.ts'
import { finishRollbackInDraft, holdInDraft, rollBackInDraft, setWaiting } from '../move.ts'
import { showLaunch } from '../views.ts'
import { LIVE_STATUSES, verdictLog, watches } from './store.ts'

/*
 * What the controller does about what it found. It holds and rolls back, it says that nothing is in flight any more, and
 * it asks people; nothing here raises exposure.
 */

const ACTOR = PLATFORM('launches.controller')

export type Turn = Omit<Look, 'nowMicros'> & {
  /** As it was when its attempts in flight were counted. */
  readonly countedStatus: LaunchStatus | null
  readonly budget: Budget
}

/** What the controller is to do about a launch in its state, pure. */
export const decideAction = (
  launch: Pick<Launch, 'status'>,
  verdicts: readonly Verdict[],
): { readonly kind: 'rollback' | 'hold'; readonly verdict: Verdict } | null => {
  const mayRollBack = launch.status === 'running' || launch.status === 'held' || launch.status === 'completed'
  const breaches = verdicts.filter(({ verdict }) => verdict === 'BREACH')
  const rollback = breaches.find(({ action }) => action === 'rollback')
  if (rollback !== undefined && mayRollBack) return { kind: 'rollback', verdict: rollback }
  const hold = breaches.find(({ action }) => action === 'hold')
  return hold !== undefined && launch.status === 'running' ? { kind: 'hold', verdict: hold } : null
}

const tellBreach = (draft: Draft, launch: Launch, verdict: Verdict): void =>
  recordEvent(draft, {
    type: 'launch.guardrail_breached',
    object: { ...showLaunch(launch, Number(draft.now)), verdict },
    request: null,
  })

const causeOf = ({ guardrail, metric, reason }: Verdict) => ({
  actor: ACTOR,
  metric,
  reason: `${guardrail}: ${reason}`,
})

/** Asks for the approval once it is all that is missing, and no longer once it is not. */
const askPeople = (draft: Draft, launch: Launch, { watch }: Assessed, budget: Budget): void => {
  const coverOk = isCovered(launch.content.cover)
  const gates = gatesOf({ launch, watch, nowMicros: draft.now, budget, coverOk })
  const isReady = areOpen(gates, true) && !areOpen(gates)
  if (isReady && launch.waiting?.for !== 'approval') setWaiting(draft, launch, 'approval')
  else if (!isReady && launch.waiting?.for === 'approval') setWaiting(draft, launch, null)
}

const moveOn = (draft: Draft, launch: Launch, turn: Turn, assessed: Assessed): 'hold' | 'other' => {
  const action = decideAction(launch, assessed.watch.verdicts)
  if (action?.kind === 'rollback') rollBackInDraft(draft, launch, causeOf(action.verdict))
  else if (action?.kind === 'hold') {
    holdInDraft(draft, launch, causeOf(action.verdict))
    return 'hold'
  } else if (launch.status === 'rolling_back') {
    // What was counted before the stop may have missed an attempt that was made before it too.
    if (turn.countedStatus === 'rolling_back' && turn.inFlight === 0) {
      const reason = 'Nothing of it is in flight any more.'
      finishRollbackInDraft(draft, launch, { actor: ACTOR, reason })
    }
  } else if (launch.status === 'running') askPeople(draft, launch, assessed, turn.budget)
  return 'other'
}

/** One look at one launch, in the unit that takes the page of events in. */
export const actInDraft = (draft: Draft, turn: Turn): void => {
  const { launch } = turn
  const isLive = LIVE_STATUSES.includes(launch.status)
  const before = draft.get(watches.table, launch.id)
  // Of one that is over only late returns are counted.
  if (!isLive && before === undefined) return
  const watched = before ?? newWatch(launch.id, draft.nextTime(), launch.startedMicros ?? 0)
  const assessed = assess(watched, { ...turn, nowMicros: Number(draft.now) })
  const { watch } = assessed
  if (!isLive) {
    // What was found last stays to be read.
    draft.put(watches.table, launch.id, { ...watch, verdicts: watched.verdicts })
    return
  }
  for (const verdict of assessed.news) tellBreach(draft, launch, verdict)
  if (assessed.hasChanged) {
    draft.append(verdictLog, {
      launch: launch.id,
      createdMicros: draft.nextTime(),
      stage: launch.stage,
      status: launch.status,
      verdicts: watch.verdicts,
    })
  }
  const moved = moveOn(draft, launch, turn, assessed)
  const book = moved === 'hold' ? { ...watch.book, wasHeld: true } : watch.book
  draft.put(watches.table, launch.id, { ...watch, book })
}
