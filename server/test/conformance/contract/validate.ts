import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withOwnFields } from './own-fields.ts'
import { type Contract, REFERENCE, type Schema } from './schema.ts'

/** What the official package declares, as the generator beside this file extracted it. */
export const contract: Contract = JSON.parse(readFileSync(join(import.meta.dirname, 'extract.json'), 'utf8'))

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 80) ?? 'undefined'

const definitions = new Map<string, Schema>()

/** What Stripe says of an object, and the few fields that are our own. */
const definitionOf = (name: string): Schema => {
  const known = definitions.get(name)
  if (known !== undefined) return known
  const definition = contract.definitions[name]
  if (definition === undefined) throw new Error(`the contract has no ${name}`)
  const whole = withOwnFields(name, definition)
  definitions.set(name, whole)
  return whole
}

const LIST: Schema = {
  type: 'object',
  properties: {
    object: { const: 'list' },
    data: { type: 'array', items: {} },
    has_more: { type: 'boolean' },
    url: { type: 'string' },
  },
  required: ['object', 'data', 'has_more', 'url'],
}

const SEARCH_RESULT: Schema = {
  ...LIST,
  properties: {
    ...LIST.properties,
    object: { const: 'search_result' },
    next_page: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    total_count: { type: 'number' },
  },
  required: ['object', 'data', 'has_more', 'url', 'next_page'],
}

const withItems = (list: Schema, items: Schema): Schema => ({
  ...list,
  properties: { ...list.properties, data: { type: 'array', items } },
})

const objectProblems = (schema: Schema, value: Fields, where: string): string[] => {
  const { properties = {}, required = [], additionalProperties, note } = schema
  if (note !== undefined) return []
  const missing = required
    .filter((name) => value[name] === undefined)
    .map((name) => `${where}.${name} is missing`)
  const wrong = Object.entries(value).flatMap(([name, child]) => {
    if (child === undefined) return []
    const inside = `${where}.${name}`
    const expected = Object.hasOwn(properties, name) ? properties[name] : additionalProperties
    return expected === undefined
      ? [`${inside} is no field of Stripe's`]
      : problemsOf(expected, child, inside)
  })
  return [...missing, ...wrong]
}

/** In place of an id stands the object itself, one of those named. */
const expandedProblems = (names: readonly string[], value: Fields, where: string): string[] =>
  nearest(
    names.map((name) => ({ $ref: `${REFERENCE}${name}` })),
    value,
    where,
  )

/** Of several alternatives the one that fits, else what is wrong with the one that comes closest. */
const nearest = (alternatives: readonly Schema[], value: unknown, where: string): string[] => {
  const found = alternatives.map((one) => problemsOf(one, value, where))
  return found.reduce((best, one) => (one.length < best.length ? one : best))
}

/** An alternative of another kind of value is not what was meant. */
const isOfType = (schema: Schema, value: unknown): boolean => {
  if (schema.$ref !== undefined) return isOfType(definitionOf(schema.$ref.slice(REFERENCE.length)), value)
  if (schema.list !== undefined) return isFields(value)
  if (schema.expandable !== undefined) return typeof value === 'string' || isFields(value)
  if (schema.type === undefined) return true
  return schema.type === typeOf(value)
}

const choiceProblems = (alternatives: readonly Schema[], value: unknown, where: string): string[] => {
  const meant = alternatives.filter((one) => isOfType(one, value))
  return meant.length === 0 ? [`${where} is ${shown(value)}`] : nearest(meant, value, where)
}

const problemsOf = (schema: Schema, value: unknown, where: string): string[] => {
  const { $ref, anyOf, list, expandable, known } = schema
  if ($ref !== undefined) return problemsOf(definitionOf($ref.slice(REFERENCE.length)), value, where)
  if (anyOf !== undefined) return choiceProblems(anyOf, value, where)
  if (list !== undefined) return problemsOf(withItems(LIST, list), value, where)
  if (schema.const !== undefined)
    return schema.const === value ? [] : [`${where} is ${shown(value)}, not ${shown(schema.const)}`]
  if (expandable !== undefined && isFields(value)) return expandedProblems(expandable, value, where)
  const values = schema.enum ?? known
  if (values !== undefined)
    return typeof value === 'string' && values.includes(value)
      ? []
      : [`${where} is ${shown(value)}, which is not in Stripe's list`]
  if (schema.type === undefined) return []
  if (schema.type !== typeOf(value)) return [`${where} is ${shown(value)}, not of type ${schema.type}`]
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => problemsOf(schema.items ?? {}, item, `${where}[${index}]`))
  }
  return isFields(value) ? objectProblems(schema, value, where) : []
}

/** Whether a value is what the contract calls by this name, such as PaymentIntent; says all that is wrong. */
export const validate = (objectName: string, value: unknown): string[] =>
  problemsOf(definitionOf(objectName), value, objectName)

const isDeletion = (schema: Schema): boolean => schema.properties?.['deleted']?.const === true

/** The contract's name of an object that is shown as such: payment_intent is PaymentIntent. */
const nameOfObject = (value: Fields): string | null => {
  const isDeleted = value['deleted'] === true
  const found = Object.entries(contract.definitions).find(
    ([name, schema]) =>
      !name.includes('.') &&
      schema.properties?.['object']?.const === value['object'] &&
      isDeletion(schema) === isDeleted,
  )
  return found?.[0] ?? null
}

const eventProblems = (event: Fields): string[] => {
  const type = String(event['type'])
  const carried = contract.events[type]
  if (carried === undefined) return [`Event.type is ${type}, which is none of Stripe's`]
  const data = isFields(event['data']) ? event['data'] : {}
  const previous = isFields(data['previous_attributes']) ? data['previous_attributes'] : {}
  const properties = definitionOf(carried).properties ?? {}
  return [
    ...validate('EventBase', { ...event, data: {} }).filter(
      (problem) => problem !== 'EventBase.data.object is missing',
    ),
    ...validate(carried, data['object']).map((problem) => `in ${type}: ${problem}`),
    ...Object.keys(data)
      .filter((name) => name !== 'object' && name !== 'previous_attributes')
      .map((name) => `Event.data.${name} is no field of Stripe's`),
    ...Object.keys(previous)
      .filter((name) => !Object.hasOwn(properties, name))
      .map((name) => `in ${type}: previous_attributes.${name} is no field of ${carried}`),
    ...(previous !== undefined && type.endsWith('.updated') && Object.keys(previous).length === 0
      ? [`in ${type}: there are no previous_attributes`]
      : []),
  ]
}

/** Any object of an answer, by its own word for what it is. */
export const validateShown = (value: unknown): string[] => {
  if (!isFields(value)) return [`${shown(value)} is no object`]
  if (value['object'] === 'event') return eventProblems(value)
  if (value['object'] === 'list' || value['object'] === 'search_result') {
    const items = Array.isArray(value['data']) ? value['data'] : []
    const list = value['object'] === 'list' ? LIST : SEARCH_RESULT
    return [...problemsOf(list, value, String(value['object'])), ...items.flatMap(validateShown)]
  }
  const name = nameOfObject(value)
  return name === null
    ? [`object is ${shown(value['object'])}, which the contract does not know`]
    : validate(name, value)
}
