import type { Micros, Uuid } from '../../kit/index.ts'

/**
 * A clock that was taken in hand.
 *
 *   status             the sandbox's clock              others may write
 *   ready              stands still                     yes
 *   advancing          is moved from due to due         no
 *   internal_failure   stands still where it got to     yes
 *   (not held)         was let go and ticks             yes
 */
export type Status = 'ready' | 'advancing' | 'internal_failure'

/** What was done at the stops of the last advance, by kind: how many timers, deliveries, rail answers. */
export type Counts = Readonly<Record<string, number>>

export type Report = {
  readonly fromMicros: string
  readonly targetMicros: string
  readonly stops: number
  readonly counts: Counts
}

export type ClockRow = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly held: boolean
  readonly name: string | null
  readonly status: Status
  readonly frozenMicros: Micros
  /** Where an advance goes, or went. */
  readonly targetMicros: Micros
  /** By the wall clock. */
  readonly deletesAfterS: number
  readonly report: Report | null
}

/** Who holds the tenant's clock, and who moves it on. */
export type Hand = {
  readonly clock: Uuid | null
  readonly leader: Uuid | null
  readonly leaseUntilMs: number | null
}

export const NO_HAND: Hand = { clock: null, leader: null, leaseUntilMs: null }

const MICROS = 1_000_000n

export const microsOfSeconds = (seconds: number): Micros => BigInt(seconds) * MICROS

/** The first whole second that is not before the moment: clocks stop at whole seconds, as the API shows no other. */
export const wholeSecond = (micros: Micros): Micros => {
  const rest = micros % MICROS
  return rest === 0n ? micros : micros + MICROS - rest
}

/** Where the clock stops next: at the whole second of what is due first, never past the target. */
export const nextStop = (dueMicros: readonly (Micros | null)[], targetMicros: Micros): Micros => {
  let stop = targetMicros
  for (const due of dueMicros) {
    if (due !== null && wholeSecond(due) < stop) stop = wholeSecond(due)
  }
  return stop
}

export const addCounts = (one: Counts, other: Counts): Counts => {
  const sum: Record<string, number> = { ...one }
  for (const [kind, count] of Object.entries(other)) {
    if (count > 0) sum[kind] = (sum[kind] ?? 0) + count
  }
  return sum
}

export const totalOf = (counts: Counts): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)
