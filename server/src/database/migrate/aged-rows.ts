import type { ClientBase } from 'pg'
import type { Day, TenantId } from '../../kit/index.ts'
import { AGED_ROWS_AT_ONCE } from './limits.ts'

/** A table of few rows, some of which are of no use after a while: too small for partitions, too steady to be left. */
export type AgedRows = {
  readonly schema: string
  readonly table: string
  readonly keepDays: number
  /** Which rows are older than a day. */
  readonly olderThan: (day: Day) => string
}

const SLOTS_OF_A_DAY = 288
const MICROS_PER_DAY = 86_400_000_000

export const AGED_ROWS: readonly AgedRows[] = [
  // The longest span that a service level looks at is 30 days.
  {
    schema: 'launches',
    table: 'service_slots',
    keepDays: 90,
    olderThan: (day) => `slot < ${day * SLOTS_OF_A_DAY}`,
  },
  // What the sandbox’s acquirer has told is not told again; what it has still to tell stays.
  {
    schema: 'rails',
    table: 'notifications',
    keepDays: 60,
    olderThan: (day) => `delivered_micros < ${day * MICROS_PER_DAY}`,
  },
]

/**
 * Deletes the rows that have aged, tenant by tenant, as row-level security binds the owner too. As the owner; some at a
 * time, so that no statement is long. How many went.
 */
export const dropAgedRows = async (
  owner: ClientBase,
  tenants: readonly TenantId[],
  today: Day,
): Promise<number> => {
  let dropped = 0
  for (const tenant of tenants) {
    await owner.query(`select set_config('evenkeel.tenant', $1, false)`, [String(tenant)])
    for (const { schema, table, keepDays, olderThan } of AGED_ROWS) {
      const name = `${schema}.${table}`
      const { rowCount } = await owner.query(
        `delete from ${name} where tenant = $1 and ctid = any (array(
           select ctid from ${name} where tenant = $1 and ${olderThan(today - keepDays)} limit ${AGED_ROWS_AT_ONCE}))`,
        [tenant],
      )
      dropped += rowCount ?? 0
    }
  }
  return dropped
}
