import { type Draft, freezeClock, type Round, releaseClock, setTimer, type Unit } from '../database/index.ts'
import { type EventRequest, recordEvent } from '../events/index.ts'
import { type Micros, type Reply, secondsOf, showId, type Uuid } from '../kit/index.ts'
import type { UnitRequest } from '../requests/index.ts'
import { type ClockRow, type Hand, microsOfSeconds, NO_HAND } from './core/model.ts'
import { HELD_MOST_S, STEP_MOST_S } from './limits.ts'
import { clockRefusal, clockReply, deletedReply, missingClock } from './replies.ts'
import { clocks, HAND, hands } from './store.ts'
import { CLOCK_PREFIX, showClock } from './views.ts'

/** Wakes a process that moves the clock on; kept ahead by whoever does so already. */
export const ADVANCE_TIMER = 'clock.advance'
/** Lets go of a clock that was forgotten. */
export const RELEASE_TIMER = 'clock.release'

const MS_PER_S = 1_000
const MICROS_PER_MS = 1_000n

export const readsClock = (id: Uuid): readonly Round[] => [
  (declare) => {
    declare(clocks.table, id)
    declare(hands, HAND)
  },
]

export const handOf = (draft: Draft): Hand => draft.get(hands, HAND) ?? NO_HAND

/** The clock if it is still in hand. */
export const heldClock = (draft: Draft, id: Uuid): ClockRow | undefined => {
  const row = draft.get(clocks.table, id)
  return row?.held === true ? row : undefined
}

/** `at` is by the wall clock, in milliseconds; null takes the timer back. */
export const setAdvanceTimer = (draft: Draft, id: Uuid, atMs: number | null): void => {
  const dueMicros = atMs === null ? null : BigInt(Math.floor(atMs)) * MICROS_PER_MS
  setTimer(draft, { kind: ADVANCE_TIMER, subject: id, dueMicros, clock: 'wall' })
}

const setReleaseTimer = (draft: Draft, id: Uuid, atS: number | null): void => {
  const dueMicros = atS === null ? null : microsOfSeconds(atS)
  setTimer(draft, { kind: RELEASE_TIMER, subject: id, dueMicros, clock: 'wall' })
}

export const tell = (
  draft: Draft,
  what: 'created' | 'advancing' | 'ready' | 'deleted' | 'internal_failure',
  row: ClockRow,
  request: EventRequest | null = null,
): void =>
  recordEvent(draft, {
    type: `test_helpers.test_clock.${what}`,
    object: showClock(row),
    request,
  })

/** The clock begins to move: from here on only what falls due may write, until it is there. */
const setOut = (draft: Draft, row: ClockRow, targetMicros: Micros): ClockRow => {
  const fromMicros = row.frozenMicros
  const report = { fromMicros: String(fromMicros), targetMicros: String(targetMicros), stops: 0, counts: {} }
  const moving: ClockRow = { ...row, status: 'advancing', targetMicros, report }
  setAdvanceTimer(draft, row.id, draft.wallMs)
  return moving
}

type Asked = UnitRequest & { readonly event: EventRequest }

const reads = (name: string, request: UnitRequest, rounds: readonly Round[]) => ({
  tenant: request.tenant,
  name,
  items: 1,
  bytes: request.bytes,
  deadlineMs: request.deadlineMs,
  claim: request.claim,
  reads: rounds,
})

const answered = (reply: Reply): { kind: 'answer'; answer: Reply; reply: Reply } => ({
  kind: 'answer',
  answer: reply,
  reply,
})

const refusalOfTime = (wanted: Micros, current: Micros): Reply | null => {
  const [wantedS, currentS] = [secondsOf(wanted), secondsOf(current)]
  if (wantedS - currentS > STEP_MOST_S) return clockRefusal('test_clock_too_far')
  return null
}

export type Taken = {
  readonly id: Uuid
  readonly frozenMicros: Micros
  readonly name: string | null
  /** Whether something of the tenant falls due on the way to that moment. */
  readonly isSomethingDue: boolean
}

/** Takes the sandbox's clock in hand. Where something falls due on the way to the wanted time, it is moved there. */
export const takeUnit = (request: Asked, wanted: Taken): Unit<Reply> => ({
  ...reads('clock.take', request, readsClock(wanted.id)),
  decide: (draft) => {
    const hand = handOf(draft)
    if (hand.clock !== null) {
      const shown = showId(CLOCK_PREFIX, hand.clock)
      return answered(
        clockRefusal(
          'test_clock_exists',
          `The sandbox’s clock is in hand already, as ${shown}: advance that, or delete it first.`,
        ),
      )
    }
    const { newestMicros } = draft.counters
    if (secondsOf(wanted.frozenMicros) < secondsOf(newestMicros)) {
      const newest = secondsOf(newestMicros)
      return answered(
        clockRefusal(
          'test_clock_in_the_past',
          `A clock is moved forward only: the newest recorded time of this sandbox is ${newest}, so frozen_time must be at least that.`,
        ),
      )
    }
    const isAhead = wanted.isSomethingDue && wanted.frozenMicros > draft.now
    const frozenMicros = isAhead ? microsOfSeconds(secondsOf(draft.now)) : wanted.frozenMicros
    // First of all, so that nothing is recorded by the clock as it ran.
    freezeClock(draft, { atMicros: frozenMicros, isAdvancing: isAhead })
    const base: ClockRow = {
      id: wanted.id,
      createdMicros: draft.nextTime(),
      held: true,
      name: wanted.name,
      status: 'ready',
      frozenMicros,
      targetMicros: frozenMicros,
      deletesAfterS: Math.floor(draft.wallMs / MS_PER_S) + HELD_MOST_S,
      report: null,
    }
    const row = isAhead ? setOut(draft, base, wanted.frozenMicros) : base
    draft.put(clocks.table, row.id, row)
    draft.put(hands, HAND, { ...NO_HAND, clock: row.id })
    setReleaseTimer(draft, row.id, row.deletesAfterS)
    tell(draft, 'created', row, request.event)
    if (isAhead) tell(draft, 'advancing', row, request.event)
    return answered(clockReply(row))
  },
})

/** Sends the clock on its way. It is answered at once; a process that leads moves it there. */
export const advanceUnit = (request: Asked, id: Uuid, targetMicros: Micros): Unit<Reply> => ({
  ...reads('clock.advance', request, readsClock(id)),
  decide: (draft) => {
    const row = heldClock(draft, id)
    if (row === undefined) return answered(missingClock(id))
    if (targetMicros <= row.frozenMicros) {
      const stands = secondsOf(row.frozenMicros)
      return answered(
        clockRefusal(
          'test_clock_in_the_past',
          `A clock is moved forward only: it stands at ${stands}, so frozen_time must be later.`,
        ),
      )
    }
    const refused = refusalOfTime(targetMicros, row.frozenMicros)
    if (refused !== null) return answered(refused)
    const moving = setOut(draft, row, targetMicros)
    draft.put(clocks.table, id, moving)
    draft.put(hands, HAND, { ...NO_HAND, clock: id })
    freezeClock(draft, { atMicros: row.frozenMicros, isAdvancing: true })
    tell(draft, 'advancing', moving, request.event)
    return answered(clockReply(moving))
  },
})

/** Lets the clock go: it ticks on from where it stands. */
export const releaseUnit = (
  request: UnitRequest & { readonly event: EventRequest | null },
  id: Uuid,
): Unit<Reply> => ({
  ...reads('clock.release', request, readsClock(id)),
  decide: (draft) => {
    const row = heldClock(draft, id)
    // A request that is refused writes nothing; only a timer that has fired is taken back in any case.
    if (row !== undefined || request.event === null) setReleaseTimer(draft, id, null)
    if (row === undefined) return answered(missingClock(id))
    const gone: ClockRow = { ...row, held: false }
    draft.put(clocks.table, id, gone)
    draft.put(hands, HAND, NO_HAND)
    releaseClock(draft)
    tell(draft, 'deleted', gone, request.event)
    return answered(deletedReply(gone))
  },
})
