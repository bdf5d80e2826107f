import type { Schema } from './schema.ts'
import { Trouble, troubles } from './trouble.ts'

/**
 * Reads one value by its schema: gives back the value, or the trouble with it. `text` says that the value comes from a
 * form or a query string, where everything is a string: only then are numbers and booleans made of strings.
 * A JSON value is checked in place and given back as it is.
 *
 * This is the door's only judge of shape, for all content types alike. It knows a small vocabulary of JSON Schema and
 * refuses to compile anything beyond it; a test holds it against TypeBox's own validator.
 */
export type Reader = (value: unknown, text: boolean) => unknown

const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39
const DIGITS_LIMIT = 16

/** '12' → 12; null for anything that is not an integer in its one plain notation. */
export const wholeNumber = (text: string): number | null => {
  const first = text.charCodeAt(0) === MINUS ? 1 : 0
  const digits = text.length - first
  if (digits === 0 || digits > DIGITS_LIMIT) return null
  if (text.charCodeAt(first) === ZERO && (digits > 1 || first === 1)) return null
  for (let i = first; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < ZERO || code > NINE) return null
  }
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : null
}

export const readInteger = (least: number, most: number): Reader => {
  return (value, text) => {
    const number = text && typeof value === 'string' ? wholeNumber(value) : value
    if (typeof number !== 'number' || !Number.isSafeInteger(number)) {
      return value === '' ? troubles.empty() : troubles.integer(value)
    }
    if (number < least) return troubles.below(least)
    return number > most ? troubles.above(most) : number
  }
}

export const readBoolean: Reader = (value, text) => {
  if (typeof value === 'boolean') return value
  if (text && value === 'true') return true
  if (text && value === 'false') return false
  return value === '' ? troubles.empty() : troubles.boolean(value)
}

export const readNull: Reader = (value) => (value === null ? null : troubles.choice(value, [null]))

/** Characters as people and PostgreSQL count them; a string of fewer units than the limit need not be counted. */
const isLonger = (text: string, most: number): boolean =>
  text.length > most && (text.length > most * 2 || [...text].length > most)

export const readString = (schema: Schema): Reader => {
  const least = schema.minLength ?? 0
  const most = schema.maxLength ?? Number.POSITIVE_INFINITY
  const pattern = schema.pattern === undefined ? null : new RegExp(schema.pattern, 'u')
  const expected = schema['x-form'] ?? `of the form ${schema.pattern}`
  return (value) => {
    if (typeof value !== 'string') return troubles.string(value)
    if (value.length < least) return value === '' ? troubles.empty() : troubles.short(least)
    if (isLonger(value, most)) return troubles.long(most)
    return pattern === null || pattern.test(value) ? value : troubles.pattern(value, expected)
  }
}

export const readChoice = (choices: readonly unknown[]): Reader => {
  const known = new Set(choices)
  const texts = new Map(choices.map((choice) => [String(choice), choice]))
  const takesEmpty = known.has('')
  return (value, text) => {
    if (known.has(value)) return value
    if (text && typeof value === 'string' && texts.has(value)) return texts.get(value)
    return value === '' && !takesEmpty ? troubles.empty() : troubles.choice(value, choices)
  }
}

/** a[0]=x&a[1]=y comes as an object with these keys, a[]=x&a[]=y as a list. */
const listOf = (value: unknown, text: boolean): readonly unknown[] | Trouble => {
  if (Array.isArray(value)) return value as readonly unknown[]
  if (!text || typeof value !== 'object' || value === null)
    return value === '' ? troubles.empty() : troubles.array(value)
  const keys = Object.keys(value)
  return keys.every((key, index) => key === String(index)) ? Object.values(value) : troubles.indexes()
}

export const readArray = (read: Reader, least: number, most: number): Reader => {
  return (value, text) => {
    const list = listOf(value, text)
    if (list instanceof Trouble) return list
    if (list.length > most) return troubles.many(most)
    if (list.length < least) return troubles.few(least)
    const target: unknown[] | null = text ? [] : null
    let index = 0
    for (const entry of list) {
      const item = read(entry, text)
      if (item instanceof Trouble) return item.under(String(index))
      target?.push(item)
      index++
    }
    return target ?? list
  }
}
