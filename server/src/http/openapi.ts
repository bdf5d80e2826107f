import type { Reasons } from '../kit/index.ts'
import { statusOfReason } from './errors-markdown.ts'
import { IDEMPOTENCY_KEY_LIMIT } from './limits.ts'
import { bodyOf, type Json, parametersOf } from './openapi-input.ts'
import { Components, type SchemaText } from './openapi-schema.ts'
import { doorReasons } from './reasons.ts'
import type { Route } from './route.ts'
import { schemaOf } from './schema.ts'

export type ApiInfo = {
  readonly title: string
  readonly version: string
  readonly description: string
  /** How a route that changes state can fail through no fault of the request, as the commit's own reasons. */
  readonly faults?: Reasons
}

const ERROR: SchemaText = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['type', 'code', 'message', 'doc_url'],
      properties: {
        type: {
          type: 'string',
          enum: ['invalid_request_error', 'idempotency_error', 'api_error', 'card_error'],
        },
        code: { type: 'string', description: 'What programs decide by.' },
        message: { type: 'string', description: 'For people.' },
        param: { type: 'string', description: 'The parameter it is about, in brackets: items[0][amount].' },
        doc_url: { type: 'string' },
      },
    },
  },
}

const IDEMPOTENCY_TEXT = {
  stored:
    'With an Idempotency-Key the outcome is stored: the same key and parameters get the same answer again.',
  natural: 'Repeating the request is harmless by its meaning; an Idempotency-Key has nothing to do.',
  none: 'The request changes nothing that lasts.',
} as const

const HEADER_PARAMETERS = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'Makes the request safe to repeat.',
    schema: { type: 'string', minLength: 1, maxLength: IDEMPOTENCY_KEY_LIMIT },
  },
  StripeVersion: {
    name: 'Stripe-Version',
    in: 'header',
    description: 'Accepted and echoed.',
    schema: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}(\\.[a-z]{1,30})?$' },
  },
} as const

/** What the door can answer on a route, beside what its capability says. Connection errors come before any route. */
const DOOR_STATUSES_OF_READS: ReadonlySet<number> = new Set([400, 401, 403, 500, 503])
const DOOR_STATUSES_OF_WRITES: ReadonlySet<number> = new Set([...DOOR_STATUSES_OF_READS, 413, 415])

const FAULTS: Reasons = {
  idempotency_key_in_use: {
    kind: 'conflict',
    message: 'A request with the same Idempotency-Key is still running.',
  },
  queue_full: { kind: 'exhausted', message: 'Too much at once; nothing was done.' },
}

const errorResponse = (codes: readonly string[]): Json => ({
  description: codes.join(', '),
  headers: { 'Request-Id': { $ref: '#/components/headers/RequestId' } },
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
})

const errorsOf = (route: Route, faultReasons: Reasons): Json => {
  const allowed = route.method === 'POST' ? DOOR_STATUSES_OF_WRITES : DOOR_STATUSES_OF_READS
  const codes = new Map<number, Set<string>>()
  const add = (code: string, status: number): void => {
    codes.set(status, (codes.get(status) ?? new Set()).add(code))
  }
  for (const [code, reason] of Object.entries(doorReasons)) {
    const status = statusOfReason(reason)
    if (allowed.has(status)) add(code, status)
  }
  const faults = route.idempotency === null ? {} : faultReasons
  for (const [code, reason] of [...Object.entries(route.errors), ...Object.entries(faults)]) {
    if (reason.kind !== 'exists') add(code, statusOfReason(reason))
  }
  return Object.fromEntries(
    [...codes].sort(([a], [b]) => a - b).map(([status, list]) => [status, errorResponse([...list])]),
  )
}

/** What a handler of another protocol refuses: these statuses have its shape and not ours. */
const FOREIGN_STATUSES = [400, 404] as const

const foreignErrorsOf = ({ foreign }: Route, components: Components): Json => {
  if (foreign === null) return {}
  const schema = components.place(schemaOf(foreign.failure))
  const response = {
    description: 'In the shape of that protocol.',
    content: { 'application/json': { schema } },
  }
  return Object.fromEntries(FOREIGN_STATUSES.map((status) => [status, response]))
}

const operationOf = (route: Route, components: Components, faults: Reasons): Json => ({
  operationId: route.operation,
  summary: route.summary,
  description: [route.description, route.idempotency === null ? '' : IDEMPOTENCY_TEXT[route.idempotency]]
    .join(' ')
    .trim(),
  tags: [route.permission.slice(0, route.permission.lastIndexOf('.'))],
  'x-permission': route.permission,
  ...(route.idempotency === null ? {} : { 'x-idempotency': route.idempotency }),
  parameters: parametersOf(route, components),
  ...bodyOf(route, components),
  responses: {
    200: {
      description: 'OK',
      headers: {
        'Request-Id': { $ref: '#/components/headers/RequestId' },
        ...(route.idempotency === null
          ? {}
          : { 'Idempotent-Replayed': { $ref: '#/components/headers/IdempotentReplayed' } }),
      },
      content: {
        'application/json': {
          schema: components.place(schemaOf(route.answer)),
          ...(route.examples.answer === undefined ? {} : { example: route.examples.answer }),
        },
      },
    },
    ...errorsOf(route, faults),
    ...foreignErrorsOf(route, components),
  },
})

/** The OpenAPI 3.1 document of the routes: what the door enforces, from the same schemas. */
export const openApiDocument = (routes: readonly Route[], { faults = FAULTS, ...info }: ApiInfo): Json => {
  const components = new Components()
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, components, faults) }
  }
  return {
    openapi: '3.1.1',
    info: { ...info, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { basic: [] }],
    paths,
    components: {
      schemas: { Error: ERROR, ...components.schemas() },
      parameters: HEADER_PARAMETERS,
      headers: {
        RequestId: { description: 'The number to ask by.', schema: { type: 'string' } },
        IdempotentReplayed: {
          description: 'Present, and true, where the answer was given before.',
          schema: { type: 'string', const: 'true' },
        },
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A secret or restricted API key.' },
        basic: {
          type: 'http',
          scheme: 'basic',
          description: 'The API key as user name, with an empty password.',
        },
      },
    },
  }
}
