import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import type { TenantId } from '../../kit/index.ts'
import { type Address, firstOf } from './address.ts'
import { followPassword } from './follow-password.ts'
import {
  CONNECT_TIMEOUT_MS,
  HOT_CONNECTIONS,
  IDLE_CONNECTION_MS,
  IDLE_IN_TRANSACTION_MS,
  KEEP_ALIVE_AFTER_MS,
  LOCK_TIMEOUT_MS,
  PLAIN_CONNECTIONS,
  QUERY_TIMEOUT_MS,
  READER_CONNECTIONS,
  READER_STATEMENT_TIMEOUT_MS,
  STATEMENT_TIMEOUT_MS,
} from './limits.ts'
import { rowTypes } from './row-types.ts'
import { Session } from './session.ts'
import { sessionName } from './session-name.ts'
import { withoutSessionName } from './url.ts'

export type Pools = {
  /** In pipeline mode, for the commit alone: statements are sent without waiting; no COPY, no cursors. */
  readonly hot: pg.Pool
  /** The app's, for everything else: reads, lists, COPY, cursors. */
  readonly plain: pg.Pool
  /** Reads the rows of all tenants and writes nothing: verify, doctor. */
  readonly reader: pg.Pool
  readonly end: () => Promise<void>
}

export type PoolOptions = {
  readonly appUrl: Address
  readonly readerUrl: Address
  /** Seen in pg_stat_activity; the newest migration that this release knows and the process are added. */
  readonly name?: string
  /** A connection failed while nobody waited for it. The pool replaces it by itself. */
  readonly onError?: (error: Error) => void
  readonly hotConnections?: number
  readonly plainConnections?: number
  readonly readerConnections?: number
}

const common = (name?: string): pg.PoolConfig => ({
  Client: Session,
  application_name: sessionName(name),
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  idleTimeoutMillis: IDLE_CONNECTION_MS,
  keepAlive: true,
  keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
  idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  lock_timeout: LOCK_TIMEOUT_MS,
  types: rowTypes,
})

/** Errors reach a pool only for idle clients; one that is checked out needs a listener of its own (#1324, #3083). */
const guarded = (pool: pg.Pool, onError: (error: Error) => void): pg.Pool => {
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', onError))
  return pool
}

export const openPools = ({ appUrl, readerUrl, name, ...options }: PoolOptions): Pools => {
  let isEnding = false
  // One that PostgreSQL ends while we end it ourselves is nobody's loss.
  const onError = (error: Error): void => {
    if (!isEnding) options.onError?.(error)
  }
  const open = (config: pg.PoolConfig): pg.Pool =>
    guarded(new pg.Pool({ ...common(name), ...config }), onError)
  const app = {
    connectionString: withoutSessionName(firstOf(appUrl)),
    statement_timeout: STATEMENT_TIMEOUT_MS,
  }
  const hot = open({
    ...app,
    pipeline: true,
    // One plan for every length of the arrays, made anew every second (commit/connection.ts): to plan each statement of
    // a small batch takes longer than to run it. Of a tenant that it has no statistics of the planner believes that he
    // has few rows: any join but the one that looks up each key in an index could read all of them.
    options:
      '-c plan_cache_mode=force_generic_plan -c random_page_cost=0.1 -c seq_page_cost=0.1 -c enable_seqscan=off -c enable_mergejoin=off -c enable_hashjoin=off -c work_mem=64MB',
    query_timeout: QUERY_TIMEOUT_MS,
    max: options.hotConnections ?? HOT_CONNECTIONS,
  })
  const plain = open({ ...app, max: options.plainConnections ?? PLAIN_CONNECTIONS })
  const reader = open({
    connectionString: withoutSessionName(firstOf(readerUrl)),
    statement_timeout: READER_STATEMENT_TIMEOUT_MS,
    options: '-c default_transaction_read_only=on',
    max: options.readerConnections ?? READER_CONNECTIONS,
  })
  for (const pool of [hot, plain]) followPassword(pool, appUrl, withoutSessionName)
  followPassword(reader, readerUrl, withoutSessionName)
  return {
    hot,
    plain,
    reader,
    end: async () => {
      isEnding = true
      await Promise.all([hot.end(), plain.end(), reader.end()])
    },
  }
}

/** Typed queries over a pool that is not in pipeline mode. The tables are those of the capability that asks. */
export const queriesOver = <Tables>(pool: pg.Pool): Kysely<Tables> =>
  new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })

/**
 * Reads as one tenant, at one moment. Row-level security shows the app nothing without a tenant, and the tenant is
 * set for the transaction only, so a connection carries it to nobody else.
 */
export const readAs = <Tables, Value>(
  queries: Kysely<Tables>,
  tenant: TenantId,
  work: (read: Transaction<Tables>) => Promise<Value>,
): Promise<Value> =>
  queries
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (read) => {
      await sql`select set_config('evenkeel.tenant', ${String(tenant)}, true)`.execute(read)
      return work(read)
    })
