import type { PoolClient } from 'pg'
import { writeAudit } from '../../src/audit/index.ts'
import { type Commit, createCommit, createRead, type Read } from '../../src/database/index.ts'
import { buildServer, createRegistry } from '../../src/http/index.ts'
import { dayOf, parseId, showDay, type TenantId, type Uuid } from '../../src/kit/index.ts'
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

type Served = ReturnType<typeof buildServer>

/** One process: its own commit, with a memory of its own, behind its own door. */
const serve = (commit: Commit, read: Read): Served =>
  buildServer({
    routes: routesOf({ commit, read, clock }),
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

type Place = { readonly base: PotsDatabase; readonly id: TenantId; readonly timeZone: string }

const booksOf = (app: Served, { base, id, timeZone }: Place): ClosingBooks => {
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

const uuidOf = (shown: string): Uuid => {
  const id = parseId('lc', shown)
  if (id === null) throw new Error(`${shown} is no closing`)
  return id
}

const asReader = async <Value>(
  { pools }: PotsDatabase,
  work: (client: PoolClient) => Promise<Value>,
): Promise<Value> => {
  const client: PoolClient = await pools.reader.connect()
  try {
    return await work(client)
  } finally {
    client.release()
  }
}

type Span = { readonly from: string | null; readonly to: string }

const wantedOf = ({ id, timeZone }: Omit<Place, 'base'>, folder: string, { from, to }: Span) => ({
  tenant: { id, name: `test ${id}`, kind: 'sandbox', timeZone },
  from: from === null ? null : dayNumber(from),
  to: dayNumber(to),
  folder,
  release: 'test',
  madeMs: Date.now(),
})

export const openClosing = async (): Promise<ClosingWorld> => {
  const base = await openPotsDatabase()
  const read = createRead(base.connections)
  const writers = [writeLedger, ...writeAudit]
  const open = (): Commit =>
    createCommit({ connections: base.connections, writers, clock, classify: () => 'transient' })
  const [commit, other] = [open(), open()]
  const [app, otherApp] = [serve(commit, read), serve(other, read)]
  const zones = new Map<TenantId, string>()
  const zoneOf = (id: TenantId): string => zones.get(id) ?? 'UTC'
  return {
    base,
    tenant: async (timeZone = 'UTC') => {
      const id = await addTenant(base.database, zones.size + 1, timeZone)
      zones.set(id, timeZone)
      return booksOf(app, { base, id, timeZone })
    },
    elsewhere: ({ id }) => booksOf(otherApp, { base, id, timeZone: zoneOf(id) }),
    seal: async ({ id }, closing) => {
      const work: Promise<void>[] = []
      const timers = closingTimers({ commit, read, clock }, (each) => work.push(each))
      await timers['ledger.closing']?.(id, [uuidOf(closing)])
      await Promise.all(work)
    },
    verify: () => asReader(base, (client) => verifyLedger(client, { durability: 'noted' })),
    exportTo: ({ id }, folder, span) =>
      asReader(base, (client) => exportPeriod(client, wantedOf({ id, timeZone: zoneOf(id) }, folder, span))),
    close: async () => {
      await Promise.all([app.close(), otherApp.close()])
      await Promise.all([commit.drain(), other.drain()])
      await base.close()
    },
  }
}
