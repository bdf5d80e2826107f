import { EXPAND_LIMIT } from './limits.ts'
import type { Components } from './openapi-schema.ts'
import { isListRoute } from './prepared.ts'
import type { Route } from './route.ts'
import { closeInput, type Schema, schemaOf } from './schema.ts'

export type Json = { readonly [key: string]: unknown }

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
  const schema = made === null ? { type: 'object', properties: {} } : schemaOf(made)
  if (route.foreign !== null && part === 'body') return schema
  const closed = closeInput(schema)
  const takesExpand = route.expandable.length > 0 && (part === 'body') === (route.method === 'POST')
  return takesExpand
    ? { ...closed, properties: { ...closed.properties, expand: expandSchema(route) } }
    : closed
}

/** Parameters of path, query and header. */
export const parametersOf = (route: Route, components: Components): Json[] => {
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

/** The body, in both its types. */
export const bodyOf = (route: Route, components: Components): Json => {
  const schema = partSchema(route, 'body')
  const fields = Object.entries(schema.properties ?? {})
  if (route.method !== 'POST' || fields.length === 0) return {}
  const title = `${route.operation.slice(0, 1).toUpperCase()}${route.operation.slice(1)}Request`
  const placed = components.place({ ...schema, title })
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
