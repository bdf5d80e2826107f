import { type Declare, type Draft, setTimer } from '../../database/index.ts'
import type { Uuid } from '../../kit/index.ts'
import type { Budget } from '../core/gates.ts'
import type { Watch } from '../core/model.ts'
import { NO_TICK, TICK, ticks, watches } from './store.ts'

/** A tenant has one such timer, by the wall clock. */
export const TICK_TIMER = 'launches.tick'
const SUBJECT = '00000000-0000-7000-8000-000000000001' as Uuid

const MICROS_PER_MS = 1_000n

export const setTick = (draft: Draft, inMs: number | null): void =>
  setTimer(draft, {
    kind: TICK_TIMER,
    subject: SUBJECT,
    dueMicros: inMs === null ? null : BigInt(draft.wallMs + inMs) * MICROS_PER_MS,
    clock: 'wall',
  })

/** Round 1 of whoever starts a launch or sets a service level. */
export const declareTick = (declare: Declare): void => declare(ticks, TICK)

/** Something is live from here on: the controller looks, and counts what happens from this commit on. */
export const wakeController = (draft: Draft): void => {
  const tick = draft.get(ticks, TICK)
  if (tick !== undefined && !tick.isAsleep) return
  const sequence = draft.counters.eventSequence
  draft.put(ticks, TICK, { ...(tick ?? NO_TICK), isAsleep: false, sequence })
  setTick(draft, 0)
}

/** Round 1 of whoever asks for the gates of a launch. */
export const declareWatch = (declare: Declare, launch: Uuid): void => {
  declare(watches.table, launch)
  declareTick(declare)
}

/** What the controller knows of a launch; null when it has never looked. */
export const readWatch = (draft: Draft, launch: Uuid): Watch | null =>
  draft.get(watches.table, launch) ?? null

/** Of the error budgets. Where nothing is promised, nothing is over. */
export const readBudget = (draft: Draft): Budget => draft.get(ticks, TICK)?.budget ?? 'ok'
