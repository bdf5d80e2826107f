import { Fault, type Micros, type TenantId, type Uuid } from '../../kit/index.ts'
import type { TenantClock } from './clock-state.ts'
import type { Counters } from './draft.ts'
import { BATCHES_KEPT, BUSY_RETRY_AFTER_S, CLOCK_BEHIND_MOST_MICROS } from './limits.ts'
import type { RawRow, Statement } from './table.ts'

/** The tenant's head row, locked: everything about the tenant that every batch needs and changes. */
export type Head = {
  readonly counters: Counters
  /** How many batches were committed for the tenant, by whatever process. */
  readonly batch: bigint
  /** The id of the newest of them; null before the first, and where it was committed while this was being asked. */
  readonly id: string | null
  readonly clock: TenantClock
  readonly timeZone: string
}

export const BEGIN: Statement = { name: 'begin', text: 'begin', values: [] }
export const COMMIT: Statement = { name: 'commit', text: 'commit', values: [] }
export const ROLLBACK: Statement = { name: 'rollback', text: 'rollback', values: [] }

/** The tenant of the transaction: the policies of row-level security compare every row with it. */
export const setTenant = (tenant: TenantId): Statement => ({
  name: 'set_tenant',
  text: `select set_config('evenkeel.tenant', $1, true)`,
  values: [String(tenant)],
})

/** From here until COMMIT no other batch of the tenant, in any process, reads or writes anything. */
export const lockHead = (tenant: TenantId): Statement => ({
  name: 'head_lock',
  text: `select newest_micros, account_micros, transfer_micros, transfer_sequence, event_sequence, batch,
                clock_offset_micros, time_zone, clock_frozen_micros, clock_advancing,
                (select b.id::text from database.batches b where b.tenant = h.tenant and b.number = h.batch)
           from database.heads h where tenant = $1 for update`,
  values: [tenant],
})

/** Asked after the lock was got: a statement's own clock may have been read while it still waited. */
export const READ_CLOCK: Statement = {
  name: 'clock_read',
  text: `select (extract(epoch from clock_timestamp()) * 1000000)::bigint`,
  values: [],
}

export const readHead = (raw: RawRow | undefined): Head => {
  if (raw === undefined) {
    throw new Fault('The tenant is gone: its sandbox was deleted.', {
      kind: 'unavailable',
      code: 'tenant_gone',
      retryAfterS: BUSY_RETRY_AFTER_S,
    })
  }
  const [newest, account, transfer, transferSequence, eventSequence, batch, ...rest] = raw
  const [offset, timeZone, frozen, isAdvancing, id] = rest
  return {
    counters: {
      newestMicros: newest as bigint,
      accountMicros: account as bigint,
      transferMicros: transfer as bigint,
      transferSequence: transferSequence as bigint,
      eventSequence: eventSequence as bigint,
    },
    batch: batch as bigint,
    id: id as string | null,
    clock: {
      offsetMicros: offset as bigint,
      frozenMicros: frozen as Micros | null,
      isAdvancing: isAdvancing as boolean,
    },
    timeZone: timeZone as string,
  }
}

/**
 * The tenant's time: the database's, moved by the sandbox's offset, or the moment at which its clock stands still; and
 * never below what was recorded. A clock that stands still is no sign of a wrong one, however much is recorded there.
 */
export const timeOf = (head: Head, databaseMicros: Micros): Micros => {
  const { newestMicros } = head.counters
  const { offsetMicros, frozenMicros } = head.clock
  const time = frozenMicros ?? databaseMicros + offsetMicros
  if (frozenMicros === null && time + CLOCK_BEHIND_MOST_MICROS < newestMicros) {
    const behind = (newestMicros - time) / 1_000_000n
    throw new Fault(
      `The database's clock is ${behind} s behind the newest recorded time. Set the clock right.`,
      {
        kind: 'unavailable',
        code: 'clock_behind',
        retryAfterS: BUSY_RETRY_AFTER_S,
      },
    )
  }
  return time > newestMicros ? time : newestMicros
}

/** The head row as the batch leaves it, and the batch's id, by which a lost answer to COMMIT is looked up. */
export const writeHead = (
  tenant: TenantId,
  batch: { readonly batch: bigint; readonly id: Uuid; readonly units: number },
  counters: Counters,
): Statement => ({
  name: 'head_write',
  text: `with batch as (
           insert into database.batches (tenant, number, id, units, committed_micros) values ($1, $2, $3, $4, $5)
         ), pruned as (
           delete from database.batches where tenant = $1 and number = $10
         )
         update database.heads
            set newest_micros = $5, account_micros = $6, transfer_micros = $7, transfer_sequence = $8,
                event_sequence = $9, batch = $2
          where tenant = $1`,
  values: [
    tenant,
    batch.batch,
    batch.id,
    batch.units,
    counters.newestMicros,
    counters.accountMicros,
    counters.transferMicros,
    counters.transferSequence,
    counters.eventSequence,
    batch.batch - BATCHES_KEPT,
  ],
})

export const findBatch = (tenant: TenantId, number: bigint): Statement => ({
  name: 'batch_find',
  text: `select id::text from database.batches where tenant = $1 and number = $2`,
  values: [tenant, number],
})

/** The tenant's counters as they stand, for reads: newest times and numbers. */
export const readCounters = (tenant: TenantId): Statement => ({
  name: 'head_counters',
  text: `select account_micros, transfer_micros, transfer_sequence, event_sequence from database.heads where tenant = $1`,
  values: [tenant],
})
