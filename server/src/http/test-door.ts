import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { Type } from 'typebox'
import { assert, Bug, Fault, type Reasons, type TenantId } from '../kit/index.ts'
import type { Principal } from './authentication.ts'
import { missingReply, refusalReply } from './envelope.ts'
import { listObject, listOf, listQuery, metadataParameter, rangeFilter, readPage } from './lists.ts'
import type { Log } from './log.ts'
import { createRegistry } from './metrics.ts'
import type { ServerOptions } from './options.ts'
import { defineRoute, type Route } from './route.ts'
import { buildServer } from './server.ts'

/** A small API behind the real door, for the door's own tests. */

export const SECRET_KEY = 'sk_test_1_0123456789abcdefghijkl'
export const LIVE_KEY = 'sk_live_2_0123456789abcdefghijkl'
export const READER_KEY = 'rk_test_1_0123456789abcdefreader'
export const PUBLISHABLE_KEY = 'pk_test_1_0123456789abcdefpublic'

const principal = (
  tenant: number,
  kind: Principal['kind'],
  permissions: Principal['permissions'],
): Principal => ({
  tenant: tenant as TenantId,
  mode: tenant === 1 ? 'test' : 'live',
  keyId: `key_${tenant}`,
  kind,
  permissions,
  person: null,
})

const PRINCIPALS: ReadonlyMap<string, Principal> = new Map([
  [SECRET_KEY, principal(1, 'secret', 'all')],
  [LIVE_KEY, principal(2, 'secret', 'all')],
  [READER_KEY, principal(1, 'restricted', new Set(['things.read']))],
  [PUBLISHABLE_KEY, principal(1, 'publishable', new Set())],
])

const reasons: Reasons = {
  thing_is_sold: { kind: 'precondition', message: 'The thing is sold.', param: 'name' },
}

const thing = Type.Object({
  id: Type.String(),
  object: Type.Literal('thing'),
  amount: Type.Integer(),
  metadata: Type.Record(Type.String(), Type.String()),
})

const showThing = (id: string, amount: number, metadata: Readonly<Record<string, string>> = {}) => ({
  id,
  object: 'thing' as const,
  amount,
  metadata: { ...metadata },
})

const shared = { summary: 'A summary', description: 'A description.', errors: reasons }

/** What the handler of a created thing was given, so that a test can look at it. */
export type Seen = {
  claim: string | null
  tenant: number
  mode: string
  expand: string[]
  body: unknown
  bodyBytes: number
}
export const seen: Seen[] = []

const createThing = defineRoute({
  ...shared,
  method: 'POST',
  path: '/v1/things',
  operation: 'createThing',
  permission: 'things.write',
  idempotency: 'stored',
  body: Type.Object({
    amount: Type.Integer({ minimum: 1 }),
    name: Type.Optional(Type.String({ maxLength: 20 })),
    live: Type.Optional(Type.Boolean()),
    items: Type.Optional(Type.Array(Type.Object({ x: Type.Integer() }))),
    metadata: Type.Optional(metadataParameter()),
  }),
  expandable: ['owner', 'owner.address'],
  answer: thing,
  examples: { body: { amount: 5 } },
  handle: async (context, { body }) => {
    const { claim, tenant, mode, expand, bodyBytes } = context
    seen.push({
      claim: claim === null ? null : claim.digest.toString('hex'),
      tenant,
      mode,
      expand: [...expand],
      body,
      bodyBytes,
    })
    switch (body.name) {
      case 'sold':
        return refusalReply({
          kind: 'precondition',
          code: 'thing_is_sold',
          message: 'The thing is sold.',
          param: 'name',
        })
      case 'again': {
        const shown = JSON.stringify(showThing('th_1', body.amount))
        return { status: 200, body: shown, objectId: 'th_1', code: null, replayed: true as const }
      }
      case 'away':
        throw new Fault('The database is away.', {
          kind: 'unavailable',
          code: 'database_unavailable',
          retryAfterS: 2,
        })
      case 'full':
        throw new Fault('Too much at once.', { kind: 'exhausted', code: 'queue_full', retryAfterS: 1 })
      case 'busy':
        throw new Fault('The key is in use.', {
          kind: 'conflict',
          code: 'idempotency_key_in_use',
          retryAfterS: 1,
        })
      case 'bug':
        throw new Bug('the secret of the bug')
      case 'odd':
        return { ...showThing('th_1', body.amount), surprise: 1 }
      case 'slow':
        await pause(300)
        break
      default:
    }
    return showThing('th_1', body.amount, body.metadata)
  },
})

const listThings = defineRoute({
  ...shared,
  method: 'GET',
  path: '/v1/things',
  operation: 'listThings',
  permission: 'things.read',
  query: listQuery({
    created: Type.Optional(rangeFilter('When it was made')),
    live: Type.Optional(Type.Boolean()),
  }),
  expandable: ['owner', 'owner.address'],
  answer: listOf(thing),
  handle: (_context, { query }) => {
    const page = readPage(query)
    const rows = Array.from({ length: page.limit + 1 }, (_, index) => index)
    return listObject('/v1/things', page, rows, (row) => showThing(`th_${row}`, row))
  },
})

const getThing = defineRoute({
  ...shared,
  method: 'GET',
  path: '/v1/things/:id',
  operation: 'getThing',
  permission: 'things.read',
  params: Type.Object({ id: Type.String({ maxLength: 40 }) }),
  answer: thing,
  handle: (_context, { params }) =>
    params.id === 'th_1' ? showThing('th_1', 1) : missingReply('thing', params.id),
})

const deleteThing = defineRoute({
  ...shared,
  method: 'DELETE',
  path: '/v1/things/:id',
  operation: 'deleteThing',
  permission: 'things.write',
  idempotency: 'natural',
  params: Type.Object({ id: Type.String() }),
  query: Type.Object({ reason: Type.Optional(Type.String()) }),
  answer: thing,
  handle: (_context, { params }) => showThing(params.id, 0),
})

const createMany = defineRoute({
  ...shared,
  method: 'POST',
  path: '/v1/batches',
  operation: 'createManyThings',
  permission: 'things.write',
  idempotency: 'stored',
  jsonOnly: true,
  bodyLimitBytes: 1024 * 1024,
  body: Type.Object({ items: Type.Array(Type.Object({ x: Type.Integer() }), { maxItems: 8_000 }) }),
  answer: Type.Object({ count: Type.Integer() }),
  handle: (_context, { body }) => ({ count: body.items.length }),
})

export const things: readonly Route[] = [createThing, listThings, getThing, deleteThing, createMany]

export type Line = {
  readonly level: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

const createLog = (lines: Line[]): Log => {
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ level, fields: { ...fields }, message })
  }
  const log: Log = { info: at('info'), warn: at('warn'), error: at('error'), child: () => log }
  return log
}

export type TestDoor = { readonly app: FastifyInstance; readonly lines: Line[] }

/** The door over the things above. */
export const openDoor = (changed: Partial<ServerOptions> = {}): TestDoor => {
  const lines: Line[] = []
  const app = buildServer({
    routes: things,
    authenticate: (key) => PRINCIPALS.get(key) ?? null,
    wall: { now: () => Date.now() },
    log: createLog(lines),
    registry: createRegistry(),
    metricsKey: 'metrics-key',
    ready: () => ({ ready: true, checks: { database: 'ok' } }),
    info: { title: 'Things', version: '1.0.0', description: 'Things, for tests.' },
    errors: { Things: reasons },
    checkAnswers: true,
    ...changed,
  })
  return { app, lines }
}

export const JSON_TYPE = 'application/json'
export const FORM_TYPE = 'application/x-www-form-urlencoded'

/** A request with the secret key, unless its headers say otherwise. */
export const ask = (app: FastifyInstance, options: InjectOptions): Promise<LightMyRequestResponse> =>
  app.inject({ ...options, headers: { authorization: `Bearer ${SECRET_KEY}`, ...options.headers } })

export const post = (
  app: FastifyInstance,
  payload: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<LightMyRequestResponse> => {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const type = typeof payload === 'string' ? FORM_TYPE : JSON_TYPE
  return ask(app, {
    method: 'POST',
    url: '/v1/things',
    payload: text,
    headers: { 'content-type': type, ...headers },
  })
}

export type ErrorBody = {
  readonly type: string
  readonly code: string
  readonly message: string
  readonly param?: string
  readonly doc_url: string
}

/** The error of an answer, which is the whole of its body. */
export const errorOf = (response: LightMyRequestResponse): ErrorBody => {
  const body: { error: ErrorBody } = response.json()
  assert(Object.keys(body).join() === 'error', `an error answer, not ${response.body}`)
  return body.error
}
