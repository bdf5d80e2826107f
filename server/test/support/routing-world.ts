import { writeAudit } from '../../src/audit/index.ts'
import { createCommit, createRead, type Unit } from '../../src/database/index.ts'
import { buildServer, createRegistry } from '../../src/http/index.ts'
import type { TenantId } from '../../src/kit/index.ts'
import {
  declareRouting,
  type RoutingFacts,
  routeFor,
  routesOf,
  routingErrors,
  writeRouting,
} from '../../src/routing/index.ts'
import { openPotsDatabase } from './pots-database.ts'

type Shown = Record<string, unknown>

export type Books = {
  readonly id: TenantId
  /** A text goes as a form, an object as JSON. */
  readonly ask: (
    method: 'GET' | 'POST',
    path: string,
    body?: string | object,
  ) => Promise<{ readonly status: number; readonly body: Shown }>
  /** As a payment's first unit asks, in the process that serves the routes, and in another one. */
  readonly route: (facts: Partial<RoutingFacts>) => Promise<readonly string[] | null>
  readonly routeElsewhere: Books['route']
  readonly rows: (sql: string) => Promise<Shown[]>
}

/** Routing behind the real door, over a database of the test file's own. */
export type RoutingWorld = {
  readonly tenant: () => Promise<Books>
  readonly close: () => Promise<void>
}

const WAIT_MS = 20_000
const nobody = () => undefined
const quiet = { info: nobody, warn: nobody, error: nobody, child: () => quiet }
const clock = { now: () => Date.now() }
const KEY = /^sk_test_(\d+)$/

const principalOf = (key: string) => ({
  tenant: Number(KEY.exec(key)?.[1]) as TenantId,
  mode: 'test' as const,
  keyId: 'key_1',
  kind: 'secret' as const,
  permissions: 'all' as const,
  person: null,
})

const asked = (tenant: TenantId, facts: Partial<RoutingFacts>): Unit<readonly string[] | null> => ({
  tenant,
  name: 'test.route',
  items: 1,
  bytes: 0,
  deadlineMs: Date.now() + WAIT_MS,
  claim: null,
  reads: [declareRouting],
  decide: (draft) => {
    // As every attempt does, it writes: a unit that only reads proves nothing about the memory that it reads.
    draft.nextTime()
    const all = { currency: 'EUR', country: 'FR', brand: 'visa', amount: 100n, merchant: null, ...facts }
    return { kind: 'answer', answer: routeFor(draft, all), reply: null }
  },
})

export const openRouting = async (): Promise<RoutingWorld> => {
  const base = await openPotsDatabase()
  const writers = [...writeAudit, writeRouting]
  const open = () =>
    createCommit({ connections: base.connections, writers, clock, classify: () => 'transient' })
  const [commit, other] = [open(), open()]
  const app = buildServer({
    routes: routesOf({
      commit,
      read: createRead(base.connections),
      clock,
      railNames: (mode) => (mode === 'live' ? [] : ['sandbox-card', 'sandbox-express']),
    }),
    authenticate: principalOf,
    wall: clock,
    log: quiet,
    registry: createRegistry(),
    metricsKey: null,
    ready: () => ({ ready: true, checks: {} }),
    info: { title: 'Routing', version: '1.0.0', description: 'Routing, for its tests.' },
    errors: routingErrors,
    checkAnswers: true,
  })
  const routeBy =
    (by: typeof commit, id: TenantId): Books['route'] =>
    async (facts) => {
      const outcome = await by.submit(asked(id, facts))
      if (outcome.kind !== 'decided') throw new Error(outcome.kind)
      return outcome.answer
    }
  const ask =
    (id: TenantId): Books['ask'] =>
    async (method, url, body) => {
      const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json'
      const response = await app.inject({
        method,
        url,
        headers: {
          authorization: `Bearer sk_test_${id}`,
          ...(body === undefined ? {} : { 'content-type': type }),
        },
        ...(body === undefined ? {} : { payload: body }),
      })
      return { status: response.statusCode, body: response.json() as Shown }
    }
  return {
    tenant: async () => {
      const id = await base.addTenant()
      return {
        id,
        ask: ask(id),
        route: routeBy(commit, id),
        routeElsewhere: routeBy(other, id),
        rows: async (sql) => (await base.pools.reader.query(sql, [id])).rows,
      }
    },
    close: async () => {
      await app.close()
      await Promise.all([commit.drain(), other.drain()])
      await base.close()
    },
  }
}
