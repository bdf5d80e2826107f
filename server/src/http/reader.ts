import { assert } from '../kit/index.ts'
import {
  type Reader,
  readArray,
  readBoolean,
  readChoice,
  readInteger,
  readNull,
  readString,
} from './reader-values.ts'
import type { Schema } from './schema.ts'
import { Trouble, troubles } from './trouble.ts'

type Field = { readonly read: Reader; readonly required: boolean }

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const wrongShape = (value: unknown, trouble: (value: unknown) => Trouble): Trouble =>
  value === '' ? troubles.empty() : trouble(value)

const firstMissing = (
  fields: ReadonlyMap<string, Field>,
  value: Readonly<Record<string, unknown>>,
): Trouble => {
  for (const [name, field] of fields)
    if (field.required && !Object.hasOwn(value, name)) return troubles.missing(name)
  assert(false, 'a required field is missing')
}

const brokenGroup = (
  groups: readonly (readonly string[])[],
  value: Readonly<Record<string, unknown>>,
): Trouble | null => {
  for (const group of groups) {
    const sent = group.filter((name) => Object.hasOwn(value, name))
    if (sent.length > 1) return troubles.exclusive(sent)
  }
  return null
}

const compileObject = (schema: Schema): Reader => {
  const requiredNames = new Set(schema.required ?? [])
  const fields = new Map<string, Field>()
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    fields.set(name, { read: compileReader(child), required: requiredNames.has(name) })
  }
  const groups = schema['x-exclusive'] ?? []
  return (value, text) => {
    if (!isFields(value)) return wrongShape(value, troubles.object)
    const target: Record<string, unknown> = text ? {} : value
    let required = 0
    for (const name in value) {
      const field = fields.get(name)
      if (field === undefined) return troubles.unknown(name, fields.keys())
      const item = field.read(value[name], text)
      if (item instanceof Trouble) return item.under(name)
      if (text) target[name] = item
      if (field.required) required++
    }
    if (required !== requiredNames.size) return firstMissing(fields, value)
    return groups.length === 0 ? target : (brokenGroup(groups, value) ?? target)
  }
}

const compileRecord = (schema: Schema): Reader => {
  const [child] = Object.values(schema.patternProperties ?? {})
  assert(child !== undefined, 'a record has a schema for its values')
  const read = compileReader(child)
  const keyLimit = schema.propertyNames?.maxLength ?? Number.POSITIVE_INFINITY
  const limit = schema.maxProperties ?? Number.POSITIVE_INFINITY
  return (value, text) => {
    if (!isFields(value)) return wrongShape(value, troubles.object)
    const target: Record<string, unknown> = text ? {} : value
    let count = 0
    for (const name in value) {
      if (++count > limit) return troubles.keys(limit)
      if (name.length === 0 || name.length > keyLimit || name.includes('[') || name.includes(']'))
        return troubles.key(name, keyLimit)
      const item = read(value[name], text)
      if (item instanceof Trouble) return item.under(name)
      if (text) target[name] = item
    }
    return target
  }
}

const shapeOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'object' && value !== null ? 'object' : 'scalar'

const compileUnion = (alternatives: readonly Schema[]): Reader => {
  if (alternatives.every((one) => one.const !== undefined))
    return readChoice(alternatives.map((one) => one.const))
  const compiled = alternatives.map((schema) => ({
    read: compileReader(schema),
    shape: schema.type === 'object' || schema.type === 'array' ? schema.type : 'scalar',
    exact: schema.const !== undefined || schema.type === 'null',
  }))
  return (value, text) => {
    const shape = shapeOf(value)
    let best: Trouble | null = null
    let bestRank = -1
    for (const alternative of compiled) {
      const read = alternative.read(value, text)
      if (!(read instanceof Trouble)) return read
      // The answer is about the alternative that was probably meant: one of the value's own shape, and no mere constant.
      const rank = alternative.exact ? 0 : alternative.shape === shape ? 2 : 1
      if (rank > bestRank) {
        best = read
        bestRank = rank
      }
    }
    return best
  }
}

/** Compiles a closed input schema. Done once, when the server is built. */
export const compileReader = (schema: Schema): Reader => {
  if (schema.anyOf !== undefined) return compileUnion(schema.anyOf)
  if (schema.enum !== undefined) return readChoice(schema.enum)
  if (schema.const !== undefined) return readChoice([schema.const])
  switch (schema.type) {
    case 'object':
      return schema.patternProperties === undefined ? compileObject(schema) : compileRecord(schema)
    case 'array':
      assert(schema.items !== undefined, 'an array has a schema for its items')
      return readArray(compileReader(schema.items), schema.minItems ?? 0, schema.maxItems ?? 0)
    case 'string':
      return readString(schema)
    case 'integer':
      return readInteger(schema.minimum ?? Number.MIN_SAFE_INTEGER, schema.maximum ?? Number.MAX_SAFE_INTEGER)
    case 'boolean':
      return readBoolean
    case 'null':
      return readNull
    default:
      assert(false, `the door does not read schemas such as ${JSON.stringify(schema)}`)
  }
}
