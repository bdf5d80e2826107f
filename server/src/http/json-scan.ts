import { JSON_DEPTH_LIMIT, JSON_DIGITS_LIMIT } from './limits.ts'

/*
 * One pass over the bytes of a JSON body before JSON.parse may see them. It refuses what JSON.parse would change
 * without a word (numbers beyond 2^53 − 1, fractions that end in 0, a repeated key, lone surrogates), what would hurt
 * it (nesting without end) and what would hurt us later (keys that name a prototype, the character U+0000, which
 * PostgreSQL does not store). Grammar is left to JSON.parse: the pass only has to know strings from what is between.
 */

const OTHER = 0
const PASS = 1
const QUOTE_MARK = 2
const OPENING = 3
const CLOSING = 4
const COLON_MARK = 5
const NUMBER = 6

const QUOTE = 0x22
const BACKSLASH = 0x5c
const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39
const POINT = 0x2e
const LOWER_E = 0x65
const UPPER_E = 0x45
const LOWER_U = 0x75
const LOWER_C = 0x63
const LOWER_P = 0x70
const UNDERSCORE = 0x5f

const classes = new Uint8Array(256).fill(OTHER)
const classify = (characters: string, name: number): void => {
  for (const character of characters) classes[character.charCodeAt(0)] = name
}
classify(' \t\r\n,truefalsn', PASS)
classify('"', QUOTE_MARK)
classify('{[', OPENING)
classify('}]', CLOSING)
classify(':', COLON_MARK)
classify('-0123456789', NUMBER)

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Names that would reach an object's prototype if they were ever copied from one object to another. */
export const isForbiddenKey = (key: string): boolean => FORBIDDEN_KEYS.has(key)

/** The text of a string token without its quotation marks; null when its escapes are broken. */
export const decodeToken = (bytes: Buffer, start: number, end: number): string | null => {
  try {
    const text: unknown = JSON.parse(`"${bytes.toString('utf8', start, end)}"`)
    return typeof text === 'string' ? text : null
  } catch {
    return null
  }
}

const hexUnit = (bytes: Buffer, at: number): number => {
  let unit = 0
  for (let i = at; i < at + 4; i++) {
    const byte = bytes[i] ?? 0
    const lower = byte | 0x20
    if (byte >= ZERO && byte <= NINE) unit = unit * 16 + byte - ZERO
    else if (lower >= 0x61 && lower <= 0x66) unit = unit * 16 + lower - 0x57
    else return -1
  }
  return unit
}

/** Where a \u escape that starts at `at` ends, with its second half if it has one; −1 for U+0000 and lone surrogates. */
export const endOfUnicodeEscape = (bytes: Buffer, at: number): number => {
  const unit = hexUnit(bytes, at + 2)
  if (unit <= 0 || (unit >= 0xdc00 && unit <= 0xdfff)) return -1
  if (unit < 0xd800 || unit > 0xdbff) return at + 6
  if (bytes[at + 6] !== BACKSLASH || bytes[at + 7] !== LOWER_U) return -1
  const low = hexUnit(bytes, at + 8)
  return low >= 0xdc00 && low <= 0xdfff ? at + 12 : -1
}

/** Where the number that starts at `at` ends; −1 when it is no integer of at most 2^53 − 1 in its plain notation. */
export const endOfInteger = (bytes: Buffer, at: number): number => {
  const negative = bytes[at] === MINUS
  const first = negative ? at + 1 : at
  let i = first
  for (;;) {
    const byte = bytes[i]
    if (byte === undefined || byte < ZERO || byte > NINE) break
    i++
  }
  const digits = i - first
  if (digits === 0 || digits > JSON_DIGITS_LIMIT) return -1
  if (bytes[first] === ZERO && (digits > 1 || negative)) return -1
  const next = bytes[i]
  if (next === POINT || next === LOWER_E || next === UPPER_E) return -1
  if (digits === JSON_DIGITS_LIMIT && !Number.isSafeInteger(Number(bytes.toString('latin1', at, i))))
    return -1
  return i
}

/** Where the string that starts after the quotation mark before `start` ends, at its closing mark; −1 when it is bad. */
export const endOfString = (bytes: Buffer, start: number): number => {
  let i = start
  for (;;) {
    const byte = bytes[i]
    if (byte === QUOTE) return i
    if (byte === undefined) return -1
    if (byte !== BACKSLASH) i++
    else if (bytes[i + 1] !== LOWER_U) i += 2
    else {
      i = endOfUnicodeEscape(bytes, i)
      if (i === -1) return -1
    }
  }
}

/** Whether a key has to be looked at: it has an escape, or the length and the first letter of a forbidden name. */
const isSuspect = (bytes: Buffer, start: number, end: number): boolean => {
  const length = end - start
  const first = bytes[start]
  if ((length === 9 || length === 11) && (first === UNDERSCORE || first === LOWER_C || first === LOWER_P))
    return true
  for (let i = start; i < end; i++) if (bytes[i] === BACKSLASH) return true
  return false
}

const isBadKey = (bytes: Buffer, start: number, end: number): boolean => {
  if (!isSuspect(bytes, start, end)) return false
  const key = decodeToken(bytes, start, end)
  return key === null || isForbiddenKey(key)
}

/**
 * How many keys the body writes, or −1 when there is something in it to be refused. The count shows repeated keys:
 * JSON.parse keeps one of them, so the parsed body then holds fewer keys than were written.
 */
export const scanJson = (bytes: Buffer): number => {
  const length = bytes.length
  let depth = 0
  let keys = 0
  let stringStart = 0
  let stringEnd = 0
  let i = 0
  while (i < length) {
    switch (classes[bytes[i] ?? 0]) {
      case PASS:
        i++
        break
      case QUOTE_MARK:
        stringStart = i + 1
        stringEnd = endOfString(bytes, stringStart)
        if (stringEnd === -1) return -1
        i = stringEnd + 1
        break
      case NUMBER:
        i = endOfInteger(bytes, i)
        if (i === -1) return -1
        break
      case COLON_MARK:
        keys++
        if (isBadKey(bytes, stringStart, stringEnd)) return -1
        i++
        break
      case OPENING:
        if (++depth > JSON_DEPTH_LIMIT) return -1
        i++
        break
      case CLOSING:
        depth--
        i++
        break
      default:
        return -1
    }
  }
  return keys
}

/** Keys of a parsed body, at all levels. */
export const countKeys = (value: object): number => {
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[])
      if (typeof item === 'object' && item !== null) count += countKeys(item)
    return count
  }
  const fields = value as Readonly<Record<string, unknown>>
  for (const key in fields) {
    count++
    const item = fields[key]
    if (typeof item === 'object' && item !== null) count += countKeys(item)
  }
  return count
}
