import type { TSchema } from 'typebox'
import { assert } from '../kit/index.ts'
import { ARRAY_LIMIT, STRING_LIMIT } from './limits.ts'

/** A JSON schema as data. TypeBox makes them; the door and the OpenAPI document only look at these keywords. */
export type Schema = {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly propertyNames?: Schema
  readonly maxProperties?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  /** The pattern for people, such as: a date like 2026-11-22. */
  readonly 'x-form'?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly title?: string
  readonly description?: string
  /** Groups of parameters of which one may be sent. */
  readonly 'x-exclusive'?: readonly (readonly string[])[]
}

/** Looks at what TypeBox made as the data that it is. */
export const schemaOf = (made: TSchema): Schema => made as Schema

const closeChildren = (schema: Schema): Schema => {
  const closed: { -readonly [K in keyof Schema]: Schema[K] } = { ...schema }
  if (schema.anyOf !== undefined) closed.anyOf = schema.anyOf.map(closeInput)
  if (schema.items !== undefined) closed.items = closeInput(schema.items)
  if (schema.properties !== undefined) {
    closed.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, child]) => [name, closeInput(child)]),
    )
  }
  if (schema.patternProperties !== undefined) {
    closed.patternProperties = Object.fromEntries(
      Object.entries(schema.patternProperties).map(([pattern, child]) => [pattern, closeInput(child)]),
    )
  }
  return closed
}

/**
 * The schema of an input as the door applies it: nothing may be open. Objects take no unknown keys, strings and arrays
 * get a limit where the author named none, integers stay within 2^53 − 1, and a string may be empty only where that is said.
 */
export const closeInput = (schema: Schema): Schema => {
  const closed = closeChildren(schema)
  if (schema.const !== undefined || schema.enum !== undefined) return closed
  switch (schema.type) {
    case 'object':
      if (schema.patternProperties !== undefined) return closed
      assert(schema.additionalProperties !== true, 'an input schema must not be open to unknown keys')
      return { ...closed, properties: closed.properties ?? {}, additionalProperties: false }
    case 'string':
      return { ...closed, minLength: schema.minLength ?? 1, maxLength: schema.maxLength ?? STRING_LIMIT }
    case 'array':
      return { ...closed, maxItems: schema.maxItems ?? ARRAY_LIMIT }
    case 'integer':
      return {
        ...closed,
        minimum: schema.minimum ?? Number.MIN_SAFE_INTEGER,
        maximum: schema.maximum ?? Number.MAX_SAFE_INTEGER,
      }
    default:
      return closed
  }
}

/** The schema of an answer, so that a field nobody documented is found. Only used where answers are checked. */
export const closeOutput = (schema: Schema): Schema => {
  const closed: { -readonly [K in keyof Schema]: Schema[K] } = { ...schema }
  if (schema.anyOf !== undefined) closed.anyOf = schema.anyOf.map(closeOutput)
  if (schema.items !== undefined) closed.items = closeOutput(schema.items)
  if (schema.properties === undefined) return closed
  closed.properties = Object.fromEntries(
    Object.entries(schema.properties).map(([name, child]) => [name, closeOutput(child)]),
  )
  closed.additionalProperties = false
  return closed
}
