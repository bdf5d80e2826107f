import type { Reasons } from '../kit/index.ts'
import { statusOfReason } from './errors-markdown.ts'
import { EXPAND_LIMIT, IDEMPOTENCY_KEY_LIMIT } from './limits.ts'
import { Components, type SchemaText } from './openapi-schema.ts'
import { isListRoute } from './prepared.ts'
import { doorReasons } from './reasons.ts'
import type { Route } from './route.ts'
import { closeInput, type Schema, schemaOf } from './schema.ts'

export type ApiInfo = { readonly title: string; readonly version: string; readonly description: string }

type Json = { readonly [key: string]: unknown }

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

const withoutDescription = (schema: Schema): Schema => {
  const { description: _description, ...rest } = schema
  return rest
}

const queryParameter = (name: string, schema: Schema, required: boolean, components: Components): Json => {
  const isList = schema.type === 'array'
  const isDeep = schema.type === 'object' || schema.anyOf?.some((one) => one.type === 'object') === true
  return {
    name: isList ? `${name}[]` : name,
    in: 'query',
    ...(required ? { required } : {}),
    ...(schema.description === undefined ? {} : { description: schema.description }),
    ...(isDeep ? { style: 'deepObject', explode: true } : {}),
    schema: components.place(withoutDescription(schema)),
  }
}

const expandSchema = (route: Route): Schema => {
  const prefix = isListRoute(route) ? 'data.' : ''
  const names = route.expandable.map((path) => prefix + path)
  return {
    type: 'array',
    maxItems: EXPAND_LIMIT,
    description: 'Shows the objects themselves where otherwise their ids stand.',
    items: { type: 'string', enum: names },
  }
}

/** The schema of a part of the request as the door applies it, with expand where the route can expand something. */
const partSchema = (route: Route, part: 'query' | 'body'): Schema => {
  const made = route[part]
  const closed = closeInput(made === null ? { type: 'object', properties: {} } : schemaOf(made))
  const takesExpand = route.expandable.length > 0 && (part === 'body') === (route.method === 'POST')
  return takesExpand
    ? { ...closed, properties: { ...closed.properties, expand: expandSchema(route) } }
    : closed
}

const parametersOf = (route: Route, components: Components): Json[] => {
  const params = route.params === null ? {} : (closeInput(schemaOf(route.params)).properties ?? {})
  const query = partSchema(route, 'query')
  const required = new Set(query.required ?? [])
  return [
    ...Object.entries(params).map(([name, schema]) => ({
      name,
      in: 'path',
      required: true,
      ...(schema.description === undefined ? {} : { description: schema.description }),
      schema: components.place(withoutDescription(schema)),
    })),
    ...Object.entries(query.properties ?? {}).map(([name, schema]) =>
      queryParameter(name, schema, required.has(name), components),
    ),
    ...(route.idempotency === 'stored' ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    { $ref: '#/components/parameters/StripeVersion' },
  ]
}

const bodyOf = (route: Route, components: Components): Json => {
  const schema = partSchema(route, 'body')
  const fields = Object.entries(schema.properties ?? {})
  if (route.method !== 'POST' || fields.length === 0) return {}
  const placed = components.place(schema)
  const example = route.examples.body === undefined ? {} : { example: route.examples.body }
  const deep = fields.filter(([, field]) => field.type === 'object' || field.type === 'array')
  const encoding = Object.fromEntries(deep.map(([name]) => [name, { style: 'deepObject', explode: true }]))
  const form = { schema: placed, ...(deep.length === 0 ? {} : { encoding }) }
  return {
    requestBody: {
      ...((schema.required ?? []).length > 0 ? { required: true } : {}),
      content: {
        'application/json': { schema: placed, ...example },
        ...(route.jsonOnly ? {} : { 'application/x-www-form-urlencoded': form }),
      },
    },
  }
}

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

const errorsOf = (route: Route): Json => {
  const allowed = route.method === 'POST' ? DOOR_STATUSES_OF_WRITES : DOOR_STATUSES_OF_READS
  const codes = new Map<number, Set<string>>()
  const add = (code: string, status: number): void => {
    codes.set(status, (codes.get(status) ?? new Set()).add(code))
  }
  for (const [code, reason] of Object.entries(doorReasons)) {
    const status = statusOfReason(reason)
    if (allowed.has(status)) add(code, status)
  }
  const faults = route.idempotency === null ? {} : FAULTS
  for (const [code, reason] of [...Object.entries(route.errors), ...Object.entries(faults)]) {
    if (reason.kind !== 'exists') add(code, statusOfReason(reason))
  }
  return Object.fromEntries(
    [...codes].sort(([a], [b]) => a - b).map(([status, list]) => [status, errorResponse([...list])]),
  )
}

const operationOf = (route: Route, components: Components): Json => ({
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
    ...errorsOf(route),
  },
})

/** The OpenAPI 3.1 document of the routes: what the door enforces, from the same schemas. */
export const openApiDocument = (routes: readonly Route[], info: ApiInfo): Json => {
  const components = new Components()
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, components) }
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
