import type { PoolClient } from 'pg'
import { writeAudit } from '../../src/audit/index.ts'
import {
  type Commit,
  type CommitOptions,
  createCommit,
  createRead,
  type Read,
} from '../../src/database/index.ts'
import { buildServer, createRegistry } from '../../src/http/index.ts'
import { dayOf, showDay, type TenantId } from '../../src/kit/index.ts'
import {
  closingTimers,
  type ExportManifest,
  exportPeriod,
  ledgerErrors,
  routesOf,
  type VerifyReport,
  verifyLedger,
  writeLedger,
} from '../../src/ledger/index.ts'
import { addTenant } from './postgres.ts'
import { openPotsDatabase, type PotsDatabase } from './pots-database.ts'

type Shown = Record<string, unknown>
export type Answer = { readonly status: number; readonly body: Shown; readonly text: string }

export type ClosingBooks = {
  readonly id: TenantId
  /** The day so many days from today, in the tenant's zone. */
  readonly day: (offset: number) => string
  readonly post: (path: string, body: object, headers?: Readonly<Record<string, string>>) => Promise<Answer>
  readonly get: (path: string) => Promise<Answer>
  readonly rows: (sql: string) => Promise<Shown[]>
}

/** The ledger behind the real door, over a database of the test file's own, in two processes. */
export type ClosingWorld = {
  readonly base: PotsDatabase
  readonly commit: Commit
  readonly read: Read
  readonly tenant: (timeZone?: string) => Promise<ClosingBooks>
  /** The same books through the other process. */
  readonly elsewhere: (books: ClosingBooks) => ClosingBooks
  readonly seal: (books: ClosingBooks, id: string) => Promise<void>
  readonly verify: () => Promise<VerifyReport>
  readonly exportTo: (
    books: ClosingBooks,
    folder: string,
    period: { from: string | null; to: string },
  ) => Promise<ExportManifest>
  readonly close: () => Promise<void>
}

const nobody = () => undefined
const quiet = { info: nobody, warn: nobody, error: nobody, child: () => quiet }
const clock = { now: () => Date.now() }
const KEY = /^sk_test_(\d+)$/
const MICROS_PER_MS = 1_000n
const MILLIS_PER_DAY = 86_400_000

const principalOf = (key: string) => ({
  tenant: Number(KEY.exec(key)?.[1]) as TenantId,
  mode: 'test' as const,
  keyId: 'key_1',
  kind: 'secret' as const,
  permissions: 'all' as const,
  person: null,
})

const dayNumber = (text: string): number => Date.parse(`${text}T00:00:00Z`) / MILLIS_PER_DAY

export const openClosing = async (options: Partial<CommitOptions> = {}): Promise<ClosingWorld> => {
  const base = await openPotsDatabase()
  const writers = [writeLedger, ...writeAudit]
  const read = createRead(base.connections)
  const open = (more: Partial<CommitOptions> = {}) =>
    createCommit({ connections: base.connections, writers, clock, classify: () => 'transient', ...more })
  const [commit, other] = [open(options), open()]
  const serve = (by: Commit) =>
    buildServer({
      routes: routesOf({ commit: by, read, clock }),
      authenticate: principalOf,
      wall: clock,
      log: quiet,
      registry: createRegistry(),
      metricsKey: null,
      ready: () => ({ ready: true, checks: {} }),
      info: { title: 'Closing', version: '1.0.0', description: 'Closed periods, for their tests.' },
      errors: ledgerErrors,
      checkAnswers: true,
    })
  const apps = [serve(commit), serve(other)]
  const booksOf = (app: (typeof apps)[number], id: TenantId, timeZone: string): ClosingBooks => {
    const headers = { authorization: `Bearer sk_test_${id}` }
    return {
      id,
      day: (offset) => showDay(dayOf(BigInt(Date.now()) * MICROS_PER_MS, timeZone) + offset),
      post: async (url, body, more = {}) => {
        const answer = await app.inject({
          method: 'POST',
          url,
          headers: { ...headers, ...more },
          payload: body,
        })
        return { status: answer.statusCode, body: answer.json() as Shown, text: answer.body }
      },
      get: async (url) => {
        const answer = await app.inject({ method: 'GET', url, headers })
        return { status: answer.statusCode, body: answer.json() as Shown, text: answer.body }
      },
      rows: async (sql) => (await base.pools.reader.query(sql, [id])).rows,
    }
  }
  let tenants = 0
  const [first, second] = apps
  if (first === undefined || second === undefined) throw new Error('there are two processes')
  const zones = new Map<TenantId, string>()
  const asReader = async <Value>(work: (client: PoolClient) => Promise<Value>): Promise<Value> => {
    const client: PoolClient = await base.pools.reader.connect()
    try {
      return await work(client)
    } finally {
      client.release()
    }
  }
  return {
    base,
    commit,
    read,
    tenant: async (timeZone = 'UTC') => {
      tenants++
      const id = await addTenant(base.database, tenants, timeZone)
      zones.set(id, timeZone)
      return booksOf(first, id, timeZone)
    },
    elsewhere: ({ id }) => booksOf(second, id, zones.get(id) ?? 'UTC'),
    seal: async ({ id }, closing) => {
      const handler = closingTimers({ commit, read, clock })['ledger.closing']
      if (handler === undefined) throw new Error('closings have a timer')
      const hex = closing.slice(-32)
      const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
      await handler(id, [uuid as Parameters<typeof handler>[1][number]])
    },
    verify: () => asReader((client) => verifyLedger(client, { durability: 'noted' })),
    exportTo: ({ id }, folder, { from, to }) =>
      asReader((client) =>
        exportPeriod(client, {
          tenant: { id, name: `test ${id}`, kind: 'sandbox', timeZone: zones.get(id) ?? 'UTC' },
          from: from === null ? null : dayNumber(from),
          to: dayNumber(to),
          folder,
          release: 'test',
          madeMs: Date.now(),
        }),
      ),
    close: async () => {
      await Promise.all(apps.map((app) => app.close()))
      await Promise.all([commit.drain(), other.drain()])
      await base.close()
    },
  }
}
