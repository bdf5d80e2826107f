import { inspect } from 'node:util'
import type { FastifyInstance } from 'fastify'
import {
  type CustomersDoor,
  customersErrors,
  customersExpanders,
  onAuthentication,
  routesOf,
  writeCustomers,
} from '../../src/customers/index.ts'
import { connectionsOf, createCommit, createRead } from '../../src/database/index.ts'
import { buildServer, createRegistry } from '../../src/http/index.ts'
import type { TenantId } from '../../src/kit/index.ts'
import type { Rail } from '../../src/rails/index.ts'
import { type AcquirerWorld, openAcquirer } from './acquirer.ts'

const FORM = 'application/x-www-form-urlencoded'

export const SECRET = 'sk_test_7_customers'
export const PUBLISHABLE = 'pk_test_7_customers'
export const LIVE = 'sk_live_7_customers'

export type Answered = {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly replayed: boolean
}

export type CustomersWorld = Omit<AcquirerWorld, 'ask'> & {
  readonly door: CustomersDoor
  readonly app: FastifyInstance
  /** A POST of a form, or a GET or DELETE with it as query. */
  readonly ask: (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    form?: string,
    more?: Sent,
  ) => Promise<Answered>
  /** Hands on what the acquirer has told meanwhile. */
  readonly hearAuthentications: () => Promise<number>
  /** What the customer does on the card issuer's page. */
  readonly authenticate: (url: string, result: 'succeeded' | 'failed') => Promise<void>
  readonly askRows: AcquirerWorld['ask']
  readonly events: () => Promise<{ type: string; data: Record<string, unknown> }[]>
}

export type Sent = {
  readonly key?: string
  readonly idempotencyKey?: string
  readonly changes?: Partial<Rail>
}

const principalOf = (tenant: TenantId, key: string) => {
  const kind = key === PUBLISHABLE ? ('publishable' as const) : ('secret' as const)
  const mode = key === LIVE ? ('live' as const) : ('test' as const)
  const permissions = kind === 'publishable' ? new Set<string>() : ('all' as const)
  return { tenant, mode, keyId: 'key_1', kind, permissions, person: null }
}

const quiet = {
  info: () => undefined,
  warn: () => undefined,
  error: (fields: object, message: string) => process.stderr.write(`${message} ${inspect(fields)}\n`),
  child: () => quiet,
}

const serverOf = (world: AcquirerWorld, door: CustomersDoor): FastifyInstance =>
  buildServer({
    routes: routesOf(door),
    pages: world.acquirer.pages,
    authenticate: (key) =>
      [SECRET, PUBLISHABLE, LIVE].includes(key) ? principalOf(world.tenant, key) : null,
    wall: door.clock,
    log: quiet,
    registry: createRegistry(),
    metricsKey: null,
    ready: () => ({ ready: true, checks: {} }),
    info: { title: 'Customers', version: '1.0.0', description: 'Customers, for tests.' },
    errors: customersErrors,
    checkAnswers: true,
  })

const doorOf = (world: AcquirerWorld, rail: Rail): CustomersDoor => {
  const connections = connectionsOf(world.pools.hot)
  const clock = { now: () => Date.now() }
  return {
    commit: createCommit({ connections, writers: [...writeCustomers], clock, classify: () => 'other' }),
    read: createRead(connections),
    clock,
    railOf: (mode) => (mode === 'test' ? rail : null),
    hasTestClock: async (_tenant, id) => id === 'clock_1',
    expanders: customersExpanders,
    publicUrl: () => 'http://127.0.0.1:8484',
  }
}

const asking =
  (app: FastifyInstance): CustomersWorld['ask'] =>
  async (method, path, form = '', { key = SECRET, idempotencyKey } = {}) => {
    const isPost = method === 'POST'
    const response = await app.inject({
      method,
      url: isPost || form === '' ? path : `${path}?${form}`,
      headers: {
        authorization: `Bearer ${key}`,
        ...(isPost ? { 'content-type': FORM } : {}),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(isPost ? { payload: form } : {}),
    })
    return {
      status: response.statusCode,
      body: response.json(),
      replayed: response.headers['idempotent-replayed'] === 'true',
    }
  }

const authenticating =
  (app: FastifyInstance): CustomersWorld['authenticate'] =>
  async (url, result) => {
    const answered = await app.inject({
      method: 'POST',
      url: new URL(url).pathname,
      headers: { 'content-type': FORM },
      payload: `result=${result === 'succeeded' ? 'complete' : 'fail'}`,
    })
    if (answered.statusCode >= 400) throw new Error(`${answered.statusCode} ${answered.body}`)
  }

/** The customers' routes behind the real door, over a database and the sandbox's acquirer. */
export const openCustomers = async (
  change: (rail: Rail) => Rail = (rail) => rail,
): Promise<CustomersWorld> => {
  const world = await openAcquirer()
  const rail = change(world.acquirer.rail)
  const door = doorOf(world, rail)
  const app = serverOf(world, door)
  return {
    ...world,
    door,
    app,
    ask: asking(app),
    authenticate: authenticating(app),
    hearAuthentications: async () => {
      // The acquirer's own worker may have told some of it already.
      await world.listen()
      let taken = 0
      for (const message of world.heard.splice(0)) {
        for (const notification of rail.receive(message) ?? []) {
          if (notification.type !== 'authentication') continue
          if (await onAuthentication(door, rail, notification)) taken++
        }
      }
      return taken
    },
    askRows: world.ask,
    events: async () => {
      const rows = await world.ask('select type, data from database.events order by sequence')
      return rows as { type: string; data: Record<string, unknown> }[]
    },
    close: async () => {
      await app.close()
      await door.commit.drain()
      await world.close()
    },
  }
}
