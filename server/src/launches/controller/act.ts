import { PLATFORM } from '../../audit/index.ts'
import type { Draft } from '../../database/index.ts'
import { recordEvent } from '../../events/index.ts'
import { type Budget, gatesOf, isCovered } from '../core/gates.ts'
import { assess, type Look } from '../core/guardrails/assess.ts'
import { newWatch, type WatchRow } from '../core/guardrails/book.ts'
import { type NextMove, nextMove } from '../core/guardrails/next-move.ts'
import type { Launch, LaunchStatus, Verdict } from '../core/model.ts'
import { IDLE_WRITE_MICROS } from '../core/timing.ts'
import { finishRollbackInDraft, holdInDraft, rollBackInDraft, setWaiting } from '../move.ts'
import { showLaunch } from '../views.ts'
import { LIVE_STATUSES, verdictLog, watches } from './store.ts'

/*
 * What the controller does about what it found: core/guardrails/next-move.ts decides, this writes, in the unit that takes
 * the page of events in.
 */

const ACTOR = PLATFORM('launches.controller')

export type Turn = Omit<Look, 'nowMicros'> & {
  /** As it was before its attempts in flight were counted. */
  readonly countedIn: LaunchStatus | null
  readonly budget: Budget
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

const make = (draft: Draft, launch: Launch, move: NextMove): void => {
  switch (move.kind) {
    case 'roll_back':
      rollBackInDraft(draft, launch, causeOf(move.verdict))
      return
    case 'hold':
      holdInDraft(draft, launch, causeOf(move.verdict))
      return
    case 'finish':
      finishRollbackInDraft(draft, launch, {
        actor: ACTOR,
        reason: 'Nothing of it is in flight any more.',
      })
      return
    case 'ask':
      setWaiting(draft, launch, 'approval')
      return
    case 'ask_no_more':
      setWaiting(draft, launch, null)
  }
}

const log = (draft: Draft, launch: Launch, { verdicts }: WatchRow): void =>
  draft.append(verdictLog, {
    launch: launch.id,
    createdMicros: draft.nextTime(),
    stage: launch.stage,
    status: launch.status,
    verdicts,
  })

const isFresh = ({ tickedMicros }: WatchRow, draft: Draft): boolean =>
  Number(draft.now) - tickedMicros < IDLE_WRITE_MICROS

/** One look at one launch. */
export const actInDraft = (draft: Draft, turn: Turn): void => {
  const { launch, inFlight, countedIn, budget } = turn
  const isLive = LIVE_STATUSES.includes(launch.status)
  const before = draft.get(watches.table, launch.id)
  // Of one that is over only late returns are counted.
  if (!isLive && before === undefined) return
  const watched = before ?? newWatch(launch.id, draft.nextTime(), launch.startedMicros ?? 0)
  const { watch, news, hasChanged, isIdle } = assess(watched, { ...turn, nowMicros: Number(draft.now) })
  if (!isLive) {
    // What was found last stays to be read.
    draft.put(watches.table, launch.id, { ...watch, verdicts: watched.verdicts })
    return
  }
  for (const verdict of news) tellBreach(draft, launch, verdict)
  if (hasChanged) log(draft, launch, watch)
  const coverOk = isCovered(launch.content.cover)
  const gates = gatesOf({ launch, watch, nowMicros: draft.now, budget, coverOk })
  const move = nextMove(launch, { verdicts: watch.verdicts, gates, inFlight, countedIn })
  if (move !== null) make(draft, launch, move)
  // Of a hundred launches most are idle; that they were looked at must not be older than what gates take for now.
  if (before !== undefined && isIdle && move === null && isFresh(before, draft)) return
  const book = move?.kind === 'hold' ? { ...watch.book, wasHeld: true } : watch.book
  draft.put(watches.table, launch.id, { ...watch, book })
}
