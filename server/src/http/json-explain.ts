import { decodeToken, endOfInteger, endOfString, isForbiddenKey } from './json-scan.ts'
import { ECHO_LIMIT, JSON_DEPTH_LIMIT } from './limits.ts'
import { bracketed, Problem } from './problem.ts'

/*
 * The slow second look at a JSON body that is refused: it keeps the path, so that the answer can name the field.
 * It runs only for what is refused anyway, is linear in the body and nests no deeper than the limit.
 */

type Level = { readonly list: boolean; readonly keys: Set<string>; step: string; index: number }

const pathOf = (levels: readonly Level[]): string =>
  bracketed(levels.map((level) => (level.list ? String(level.index) : level.step)))

const named = (levels: readonly Level[]): string => {
  const path = pathOf(levels)
  return path === '' ? '' : ` (${path})`
}

const paramOf = (levels: readonly Level[]): string | null => pathOf(levels) || null

export const invalidJson = (what: string): Problem =>
  new Problem('json_invalid', `Invalid JSON body: ${what}.`)

const tooDeep = (): Problem =>
  new Problem('json_invalid', `Invalid JSON body: it is nested deeper than ${JSON_DEPTH_LIMIT} levels.`)

const badNumber = (bytes: Buffer, at: number, levels: readonly Level[]): Problem => {
  const written = /^[-+.\w]*/.exec(bytes.toString('latin1', at, at + ECHO_LIMIT))?.[0] ?? ''
  return new Problem(
    'parameter_invalid_integer',
    `Invalid integer: ${written}${named(levels)}. Numbers are written as plain integers between -9007199254740991 and 9007199254740991, without a point or an exponent.`,
    paramOf(levels),
  )
}

const badString = (bytes: Buffer, start: number, levels: readonly Level[]): Problem => {
  const unterminated = !bytes.subarray(start).includes(0x22)
  const what = unterminated ? 'a string has no end' : 'a string holds U+0000 or half of a surrogate pair'
  return new Problem('json_invalid', `Invalid JSON body: ${what}${named(levels)}.`, paramOf(levels))
}

const badKey = (key: string | null, level: Level, levels: readonly Level[]): Problem | null => {
  if (key === null) return invalidJson('a key has a broken escape')
  level.step = key
  const param = paramOf(levels)
  if (isForbiddenKey(key))
    return new Problem('parameter_unknown', `Received unknown parameter: ${param ?? key}`, param)
  if (level.keys.has(key)) {
    return new Problem(
      'parameter_duplicate',
      `The parameter ${param ?? key} is sent more than once. Send it once.`,
      param,
    )
  }
  level.keys.add(key)
  return null
}

/** The first thing in a body that scanJson or the count of keys refuses, or null when there is nothing. */
export const explainJson = (bytes: Buffer): Problem | null => {
  const levels: Level[] = []
  let stringStart = 0
  let stringEnd = 0
  let i = 0
  while (i < bytes.length) {
    const character = bytes.toString('latin1', i, i + 1)
    const level = levels.at(-1)
    if (character === '"') {
      stringStart = i + 1
      stringEnd = endOfString(bytes, stringStart)
      if (stringEnd === -1) return badString(bytes, stringStart, levels)
      i = stringEnd
    } else if (character === '{' || character === '[') {
      if (levels.length === JSON_DEPTH_LIMIT) return tooDeep()
      levels.push({ list: character === '[', keys: new Set(), step: '', index: 0 })
    } else if (character === '}' || character === ']') {
      levels.pop()
    } else if (character === ',' && level?.list === true) {
      level.index++
    } else if (character === ':' && level?.list === false) {
      const problem = badKey(decodeToken(bytes, stringStart, stringEnd), level, levels)
      if (problem !== null) return problem
    } else if (/[-+.0-9NI]/.test(character)) {
      const end = endOfInteger(bytes, i)
      if (end === -1) return badNumber(bytes, i, levels)
      i = end - 1
    }
    i++
  }
  return null
}
