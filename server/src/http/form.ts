import { isForbiddenKey } from './json-scan.ts'
import { FORM_DEPTH_LIMIT, FORM_PAIRS_LIMIT } from './limits.ts'
import { Problem } from './problem.ts'

/** What a form or a query string says before a schema has given it types: texts, lists of a[], and levels of a[b]. */
export type FormTree = string | FormTree[] | FormObject
export type FormObject = { [key: string]: FormTree }

const syntax = (what: string, param: string | null = null): Problem =>
  new Problem('form_invalid', what, param)

const duplicate = (key: string): Problem =>
  new Problem(
    'parameter_duplicate',
    `The parameter ${key} is sent more than once, or with two shapes. Send it once.`,
    key,
  )

const decode = (text: string): string | null => {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return null
  }
}

/** metadata[a][b] → [metadata, a, b]; null when the brackets do not pair. */
const split = (key: string): string[] | null => {
  const first = key.indexOf('[')
  if (first === -1) return [key]
  if (first === 0) return null
  const steps = [key.slice(0, first)]
  let at = first
  while (at < key.length) {
    const close = key.indexOf(']', at)
    if (key.charCodeAt(at) !== 0x5b || close === -1 || steps.length > FORM_DEPTH_LIMIT) return null
    steps.push(key.slice(at + 1, close))
    at = close + 1
  }
  return steps
}

const child = (node: FormObject, step: string): FormTree | undefined =>
  Object.hasOwn(node, step) ? node[step] : undefined

/** Puts a value at the end of its path; null when something else is there already. */
const place = (root: FormObject, steps: readonly string[], value: string): FormObject | null => {
  const list = steps.length > 1 && steps.at(-1) === ''
  const last = list ? steps.length - 2 : steps.length - 1
  let node = root
  for (let i = 0; i < last; i++) {
    const step = steps[i] ?? ''
    const next = child(node, step)
    if (next === undefined) {
      const made: FormObject = {}
      node[step] = made
      node = made
    } else if (typeof next === 'string' || Array.isArray(next)) return null
    else node = next
  }
  const step = steps[last] ?? ''
  const found = child(node, step)
  if (!list) {
    if (found !== undefined) return null
    node[step] = value
  } else if (found === undefined) node[step] = [value]
  else if (Array.isArray(found)) found.push(value)
  else return null
  return root
}

const readPair = (root: FormObject, rawKey: string, rawValue: string): Problem | null => {
  const key = decode(rawKey)
  const value = decode(rawValue)
  if (key === null || value === null)
    return syntax(`Invalid percent-encoding in the parameter ${rawKey.slice(0, 100)}.`)
  if (key.includes('\0') || value.includes('\0'))
    return syntax('Parameters cannot hold the character U+0000.')
  const steps = split(key)
  if (steps === null) {
    return syntax(
      `Invalid parameter name: ${key.slice(0, 100)}. Write levels in brackets, as in metadata[order]=7 or items[0][amount]=5.`,
      key,
    )
  }
  if (steps.some(isForbiddenKey))
    return new Problem('parameter_unknown', `Received unknown parameter: ${key}`, key)
  const inner = steps.indexOf('', 1)
  if (inner !== -1 && inner !== steps.length - 1) {
    return syntax(
      `Invalid parameter name: ${key}. Number the items of a list of objects, as in items[0][amount]=5.`,
      key,
    )
  }
  return place(root, steps, value) === null ? duplicate(key) : null
}

/** Reads a form body or a query string, brackets and all. Nothing is guessed: what is sent twice is refused. */
export const parseForm = (text: string): FormObject | Problem => {
  const root: FormObject = {}
  let pairs = 0
  let equals = -1
  let start = 0
  while (start < text.length) {
    const ampersand = text.indexOf('&', start)
    const end = ampersand === -1 ? text.length : ampersand
    // The position is kept from pair to pair: to look for it anew in each would be quadratic where few have one.
    if (equals < start && equals !== text.length) {
      const found = text.indexOf('=', start)
      equals = found === -1 ? text.length : found
    }
    if (end > start) {
      if (++pairs > FORM_PAIRS_LIMIT)
        return syntax(`A form or query string holds at most ${FORM_PAIRS_LIMIT} parameters.`)
      const middle = Math.min(equals, end)
      const problem = readPair(root, text.slice(start, middle), text.slice(middle + 1, end))
      if (problem !== null) return problem
    }
    start = end + 1
  }
  return root
}
