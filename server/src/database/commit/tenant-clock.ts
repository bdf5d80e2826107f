import { assert, Fault, type Micros, type TenantId } from '../../kit/index.ts'
import type { TenantClock } from './clock-state.ts'
import type { Draft } from './draft.ts'
import { BUSY_RETRY_AFTER_S } from './limits.ts'
import type { AppendOnly, RawRow, Statement, Writer } from './table.ts'

const MICROS_PER_MS = 1_000n

const clocksList: AppendOnly<TenantClock> = { name: 'clocks' }

const move = (draft: Draft, clock: TenantClock, now: Micros): void => {
  draft.setClock(clock, now)
  draft.append(clocksList, clock)
}

/** Takes the tenant's clock in hand, or moves it on: from here it stands still at that moment. */
export const freezeClock = (
  draft: Draft,
  { atMicros, isAdvancing }: { readonly atMicros: Micros; readonly isAdvancing: boolean },
): void => {
  const { frozenMicros } = draft.clock
  assert(frozenMicros === null || atMicros >= frozenMicros, 'a clock that stands still is moved forward only')
  const { newestMicros } = draft.counters
  const now = atMicros > newestMicros ? atMicros : newestMicros
  move(draft, { ...draft.clock, frozenMicros: atMicros, isAdvancing }, now)
}

/** Lets the clock tick on from where it stands. */
export const releaseClock = (draft: Draft): void => {
  const { newestMicros } = draft.counters
  const now = draft.now > newestMicros ? draft.now : newestMicros
  const offsetMicros = now - BigInt(draft.wallMs) * MICROS_PER_MS
  move(draft, { offsetMicros, frozenMicros: null, isAdvancing: false }, now)
}

const HEAD = `update database.heads set clock_offset_micros = $2, clock_frozen_micros = $3, clock_advancing = $4
               where tenant = $1`

/** A clock that was moved may have passed timers, so the tenant is looked at at once. While it advances its leader does. */
export const writeClock: Writer = (tenant, written) => {
  const clock = written.appended(clocksList).at(-1)
  if (clock === undefined) return []
  const { offsetMicros, frozenMicros, isAdvancing } = clock
  const values = [tenant, offsetMicros, frozenMicros, isAdvancing]
  if (isAdvancing) return [{ name: 'clock_advance', text: HEAD, values }]
  const text = `with head as (${HEAD})
       insert into database.due (tenant, due_ms) values ($1, 0) on conflict (tenant) do update set due_ms = 0`
  return [{ name: 'clock_write', text, values }]
}

/** Thrown at whoever would write while the clock is being moved. */
export const clockAdvancing = (): Fault =>
  new Fault(
    'The sandbox’s clock is being moved on. Nothing was done. It is safe to retry with the same Idempotency-Key.',
    { kind: 'exhausted', code: 'clock_advancing', retryAfterS: BUSY_RETRY_AFTER_S },
  )

/** The time of the tenant whose head row is `h`, in SQL: what its timers are compared with. */
export const TENANT_MICROS = `coalesce(h.clock_frozen_micros,
    (extract(epoch from clock_timestamp()) * 1000000)::bigint + h.clock_offset_micros)`

/** The tenant's time, for those who read or work: by the database's clock, and never below what was recorded. */
export const tenantTime = (tenant: TenantId): Statement => ({
  name: 'tenant_time',
  text: `select greatest(h.newest_micros, ${TENANT_MICROS}) from database.heads h where h.tenant = $1`,
  values: [tenant],
})

/** What tenantTime was answered with. */
export const readTenantTime = (rows: readonly RawRow[] | undefined): Micros => {
  const micros = rows?.[0]?.[0]
  assert(typeof micros === 'bigint', 'a tenant has its time')
  return micros
}
