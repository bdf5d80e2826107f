import type { RawRow, Statement } from './table.ts'

export type Result = { readonly rows: readonly RawRow[]; readonly command: string; readonly rowCount: number }

/**
 * One connection for as long as a transaction lives. `run` sends at once and answers in order, so several statements
 * are one round trip. A connection that saw any error is never used again: what its prepared statements are is unknown.
 */
export type Connection = {
  readonly run: (statement: Statement) => Promise<Result>
  readonly release: (broken: boolean) => void
}

export type Connections = {
  readonly acquire: () => Promise<Connection>
  /** A further one for work that can do without; null when there are none to spare, so nobody waits for two. */
  readonly spare?: () => Promise<Connection> | null
}

type PooledClient = {
  query(config: {
    name?: string
    text: string
    values?: unknown[]
    rowMode: 'array'
  }): Promise<{ rows: unknown[][]; command: string; rowCount: number | null }>
  release(broken?: boolean): void
  on(event: 'notice', listener: (notice: { readonly code?: string | undefined }) => void): unknown
}

type Pool = {
  connect(): Promise<PooledClient>
  readonly options: { readonly max?: number }
  readonly totalCount: number
  readonly idleCount: number
}

/** Left for those who cannot go on without a connection. */
const KEPT_FREE = 2

/**
 * Plans are made once and kept, because making them costs more than a small batch; but not for ever: a plan that was made
 * when a table was empty may take any index, and would take it for a million rows.
 */
const PLANS_KEPT_MS = 1_000

const plannedMs = new WeakMap<PooledClient, number>()

const renewPlans = (client: PooledClient): void => {
  const nowMs = performance.now()
  const sinceMs = plannedMs.get(client)
  if (sinceMs !== undefined && nowMs - sinceMs < PLANS_KEPT_MS) return
  plannedMs.set(client, nowMs)
  // Where it fails, so does the statement behind it, which somebody waits for.
  if (sinceMs !== undefined) client.query({ text: 'discard plans', rowMode: 'array' }).catch(() => undefined)
}

/** Warnings, and being shut down: what PostgreSQL says when it gives up waiting for a standby. */
const WARNINGS = /^(01|57P)/

const warned = new WeakMap<PooledClient, { count: number }>()

const warningsOf = (client: PooledClient): { count: number } => {
  const known = warned.get(client)
  if (known !== undefined) return known
  const made = { count: 0 }
  warned.set(client, made)
  client.on('notice', ({ code = '' }) => {
    if (WARNINGS.test(code)) made.count += 1
  })
  return made
}

/**
 * A COMMIT whose wait for the standby is cancelled is answered as if it were done, with no more than a warning beside it.
 * It is done on one machine only, which is not what callers are promised: it is taken for an unanswered one.
 */
const doubted = (): Error =>
  Object.assign(new Error('COMMIT was answered with a warning: it may not have reached the standby'), {
    code: '40003',
    severity: 'WARNING',
  })

/** The commit's view of a pg pool whose clients are in pipeline mode. */
export const connectionsOf = (pool: Pool): Connections => {
  const acquire = async (): Promise<Connection> => {
    const client = await pool.connect()
    renewPlans(client)
    return {
      run: async ({ name, text, values }) => {
        const warnings = warningsOf(client)
        const before = warnings.count
        const result = await client.query({ name, text, values: [...values], rowMode: 'array' })
        if (result.command === 'COMMIT' && warnings.count !== before) throw doubted()
        return { rows: result.rows, command: result.command, rowCount: result.rowCount ?? 0 }
      },
      release: (broken) => client.release(broken),
    }
  }
  const free = (): number => (pool.options.max ?? 0) - pool.totalCount + pool.idleCount
  return { acquire, spare: () => (free() > KEPT_FREE ? acquire() : null) }
}

/** Sends all, waits for all, and throws the first failure: nothing is left running when it returns. */
export const runAll = async (connection: Connection, statements: readonly Statement[]): Promise<Result[]> => {
  const settled = await Promise.allSettled(statements.map((statement) => connection.run(statement)))
  return settled.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
}
