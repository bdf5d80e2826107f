import type { Client } from 'pg'
import {
  type Commit,
  type CommitOptions,
  type Connections,
  connectionsOf,
  openPools,
  type PoolOptions,
  type Pools,
  withClient,
  withOwner,
} from '../../src/database/index.ts'
import type { TenantId } from '../../src/kit/index.ts'
import { addTenant, type TestDatabase, withDatabase } from './postgres.ts'
import { createPots, POTS_SQL, type Pots, potsCommit } from './pots.ts'

/** A database of a test file's own with the tests' own table in it, and pools as the server opens them. */
export type PotsDatabase = {
  readonly database: TestDatabase
  readonly pools: Pools
  readonly connections: Connections
  readonly pots: Pots
  readonly addTenant: () => Promise<TenantId>
  /** Another process: a commit with a memory of its own. */
  readonly commit: (options?: Partial<CommitOptions>) => Commit
  /** Asks as the app, with the tenant set: rows as arrays. */
  readonly ask: (tenant: TenantId, sql: string, values?: readonly unknown[]) => Promise<unknown[][]>
  /** Works on one tenant's rows as the owner, as maintenance does. */
  readonly asOwner: (tenant: TenantId, sql: string, values?: readonly unknown[]) => Promise<void>
  readonly close: () => Promise<void>
}

const within = async (
  client: Client,
  tenant: TenantId,
  sql: string,
  values: readonly unknown[],
): Promise<unknown[][]> => {
  await client.query('begin')
  await client.query(`select set_config('evenkeel.tenant', $1, true)`, [String(tenant)])
  const { rows } = await client.query<unknown[]>({ text: sql, values: [...values], rowMode: 'array' })
  await client.query('commit')
  return rows
}

export const openPotsDatabase = async (options: Partial<PoolOptions> = {}): Promise<PotsDatabase> => {
  const database = await withDatabase()
  await withClient(database.adminUrl, (client) => client.query(POTS_SQL))
  const pools = openPools({ appUrl: database.appUrl, readerUrl: database.readerUrl, ...options })
  const connections = connectionsOf(pools.hot)
  const pots = createPots()
  let tenants = 0
  return {
    database,
    pools,
    connections,
    pots,
    addTenant: () => {
      tenants++
      return addTenant(database, tenants)
    },
    commit: (more = {}) => potsCommit(pots, { connections, ...more }),
    ask: (tenant, sql, values = []) =>
      withClient(database.appUrl, (client) => within(client, tenant, sql, values)),
    asOwner: async (tenant, sql, values = []) => {
      await withOwner(database.adminUrl, (client) => within(client, tenant, sql, values))
    },
    close: async () => {
      await pools.end()
      await database.close()
    },
  }
}
