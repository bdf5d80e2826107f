import type { ClientBase } from 'pg'
import type { TenantId } from '../kit/index.ts'

/** Runs work on a connection of the role that owns all tables (the database's withOwner). */
export type AsOwner = <Value>(work: (owner: ClientBase) => Promise<Value>) => Promise<Value>

/** All of it, or none of it. */
export const inTransaction = async <Value>(
  asOwner: AsOwner,
  work: (owner: ClientBase) => Promise<Value>,
): Promise<Value> =>
  asOwner(async (owner) => {
    await owner.query('begin')
    try {
      const value = await work(owner)
      await owner.query('commit')
      return value
    } catch (error) {
      // The connection may be what failed; the error that matters is the first one.
      await owner.query('rollback').catch(() => undefined)
      throw error
    }
  })

/** Row-level security holds for the owner too: it works on one tenant at a time. */
export const actFor = async (owner: ClientBase, tenant: TenantId): Promise<void> => {
  await owner.query(`select set_config('evenkeel.tenant', $1, true)`, [String(tenant)])
}
