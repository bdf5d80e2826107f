import type { ProfileProblem } from './profile.ts'

/** An object of a profile under check, with the path that leads to it and the list that problems go to. */
export type Keys = {
  readonly path: string
  readonly value: Readonly<Record<string, unknown>>
  readonly problems: ProfileProblem[]
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`)

export const report = (keys: Keys, key: string, message: string): void => {
  keys.problems.push({ key: join(keys.path, key), message })
}

/** An object whose keys are all known; the unknown ones are refused with the list of those there are. */
export const asObject = (
  value: unknown,
  path: string,
  known: readonly string[],
  problems: ProfileProblem[],
): Keys => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push({ key: path, message: `must be an object with ${known.join(', ')}` })
    return { path, value: {}, problems: [] }
  }
  const keys: Keys = { path, value: { ...value }, problems }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) report(keys, key, `is not known here; the keys are ${known.join(', ')}`)
  }
  return keys
}

export const inside = (keys: Keys, key: string, known: readonly string[]): Keys =>
  asObject(keys.value[key], join(keys.path, key), known, keys.problems)

export type TextRule = { readonly fallback?: string; readonly max?: number; readonly empty?: boolean }

export const textAt = (keys: Keys, key: string, what: string, rule: TextRule = {}): string => {
  const value = keys.value[key]
  if (value === undefined && rule.fallback !== undefined) return rule.fallback
  if (typeof value !== 'string') {
    report(keys, key, value === undefined ? `is missing; give ${what}` : `must be a text: ${what}`)
    return ''
  }
  if (value === '' && rule.empty !== true) report(keys, key, `is empty; give ${what}`)
  if (rule.max !== undefined && value.length > rule.max) {
    report(keys, key, `is longer than ${rule.max} characters`)
  }
  return value
}

/** A key that may be left out; null then. */
export const optionalText = (keys: Keys, key: string, what: string): string | null =>
  keys.value[key] === undefined ? null : textAt(keys, key, what)

export const oneOf = <Value extends string>(
  keys: Keys,
  key: string,
  values: readonly Value[],
  fallback: Value,
): Value => {
  const value = keys.value[key]
  if (value === undefined) return fallback
  const found = values.find((one) => one === value)
  if (found !== undefined) return found
  report(keys, key, `must be one of ${values.map((one) => `"${one}"`).join(', ')}`)
  return fallback
}

export const numberAt = (keys: Keys, key: string, what: string, max: number): number => {
  const value = keys.value[key]
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value
  report(
    keys,
    key,
    `${value === undefined ? 'is missing; give' : 'must be'} ${what}, an integer from 1 to ${max}`,
  )
  return 1
}

/** A list; '' or an absent key is an empty one. */
export const listAt = (keys: Keys, key: string, what: string, max: number): readonly unknown[] => {
  const value = keys.value[key]
  if (value === undefined) return []
  if (!Array.isArray(value)) {
    report(keys, key, `must be a list of ${what}`)
    return []
  }
  if (value.length > max) report(keys, key, `has more than ${max} entries`)
  return value.slice(0, max)
}

/** One text or a list of texts, as a list. */
export const textsOf = (keys: Keys, key: string, what: string): readonly string[] => {
  const value = keys.value[key]
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const texts = list.filter((one): one is string => typeof one === 'string')
  if (texts.length === 0 || texts.length !== list.length) {
    report(keys, key, `must be ${what}: a text or a list of texts`)
  }
  return texts
}
