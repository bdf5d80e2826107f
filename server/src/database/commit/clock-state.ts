import type { Micros } from '../../kit/index.ts'

/**
 * How the tenant's time follows from the database's, as its head row says it.
 *
 *   runs       time = the database's + offsetMicros
 *   in hand    time = frozenMicros: it stands still, and only recorded times go on, a microsecond each
 *   advancing  in hand, and being moved from due timer to due timer: only what falls due may write
 */
export type TenantClock = {
  readonly offsetMicros: bigint
  readonly frozenMicros: Micros | null
  readonly isAdvancing: boolean
}

/** As a tenant is made: with the wall clock. */
export const RUNNING: TenantClock = { offsetMicros: 0n, frozenMicros: null, isAdvancing: false }

export const isSameClock = (one: TenantClock, other: TenantClock): boolean =>
  one.offsetMicros === other.offsetMicros &&
  one.frozenMicros === other.frozenMicros &&
  one.isAdvancing === other.isAdvancing
