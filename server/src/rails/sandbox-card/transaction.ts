import type pg from 'pg'
import { readTenantDay, type Statement, type TenantDay, tenantDay } from '../../database/index.ts'
import { Fault, type TenantId } from '../../kit/index.ts'
import { type Knobs, readKnobs } from './knobs.ts'
import { FIRST_RAIL, type SandboxRail } from './sandbox-rails.ts'

type Rows = readonly (readonly unknown[])[]

/** The acquirer's transaction: of one tenant, and open for as long as `work` runs. */
export type Transaction = {
  readonly tenant: TenantId
  readonly run: (statement: Statement) => Promise<Rows>
}

const runOver =
  (client: pg.PoolClient) =>
  async ({ name, text, values }: Statement): Promise<Rows> => {
    const result = await client.query<unknown[]>({
      name: `rails_${name}`,
      text,
      values: [...values],
      rowMode: 'array',
    })
    return result.rows
  }

/**
 * One transaction of the acquirer's, with the tenant set for row-level security.
 *
 * It does not wait for the disk (synchronous_commit = off), and that is sound: whatever of ours is recorded on the
 * strength of an answer, the finishing commit of a payment or the handling of a notification, is a later transaction of
 * the same database that does wait. Its record stands behind this one in the write-ahead log, and the log reaches the
 * disk in its order, so both are there or our outcome is lost as well. A database that dies in between has forgotten an
 * order that we have no outcome of: enquiry says not_found, and it is sent again by the same reference.
 */
export const inTransaction = async <Value>(
  pool: pg.Pool,
  tenant: TenantId,
  work: (transaction: Transaction) => Promise<Value>,
): Promise<Value> => {
  const client = await pool.connect()
  let broken = true
  try {
    // The tenant is an integer of ours, so the three are one round trip.
    await client.query(
      `begin; select set_config('evenkeel.tenant', '${Number(tenant)}', true); set local synchronous_commit = off`,
    )
    const value = await work({ tenant, run: runOver(client) })
    await client.query('commit')
    broken = false
    return value
  } finally {
    // A connection whose transaction was not ended is closed, which ends it.
    client.release(broken)
  }
}

/** The tenant's time and day; a tenant that was deleted has none. */
export const readDay = async ({ tenant, run }: Transaction): Promise<TenantDay> => {
  const day = readTenantDay((await run(tenantDay(tenant))) as Parameters<typeof readTenantDay>[0])
  if (day !== null) return day
  throw new Fault('The tenant is gone: its sandbox was deleted.', {
    kind: 'unavailable',
    code: 'tenant_gone',
    retryAfterS: 1,
  })
}

/** The knobs of each rail are its own. */
export const loadAllKnobs = async ({ tenant, run }: Transaction): Promise<(rail: SandboxRail) => Knobs> => {
  const [row] = await run({
    name: 'knobs',
    text: 'select knobs, knobs_by_rail from rails.acquirers where tenant = $1',
    values: [tenant],
  })
  const others = row?.[1] as Partial<Record<SandboxRail, unknown>> | undefined
  return (rail) => readKnobs((rail === FIRST_RAIL ? row?.[0] : others?.[rail]) ?? null)
}

export const loadKnobs = async (transaction: Transaction, rail: SandboxRail): Promise<Knobs> =>
  (await loadAllKnobs(transaction))(rail)

export const storeKnobs = async (
  { tenant, run }: Transaction,
  rail: SandboxRail,
  knobs: Knobs,
): Promise<void> => {
  const isFirst = rail === FIRST_RAIL
  const column = isFirst ? 'knobs' : 'knobs_by_rail'
  await run({
    name: `${column}_write`,
    text: `insert into rails.acquirers as a (tenant, ${column}) values ($1, $2::jsonb)
           on conflict (tenant) do update set ${column} = a.${column} || excluded.${column}`,
    values: [tenant, JSON.stringify(isFirst ? knobs : { [rail]: knobs })],
  })
}
