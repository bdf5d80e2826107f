/** JSON as it stands in a file, with whole numbers kept exactly: those that a double cannot hold come as bigint. */
export type Data =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Data[]
  | { readonly [key: string]: Data }

/** Says where in the file something is wrong, and what it must be. */
export class FormatError extends Error {
  override readonly name = 'FormatError'

  constructor(where: string, problem: string) {
    super(`${where} ${problem}`)
  }
}

type ReviverContext = { readonly source?: string }

export const parseData = (text: string): Data =>
  JSON.parse(text, (_key: string, value: Data, ...more: readonly ReviverContext[]): Data => {
    const source = more[0]?.source
    const inexact = typeof value === 'number' && source !== undefined && !Number.isSafeInteger(value)
    return inexact && /^\d+$/.test(source) ? BigInt(source) : value
  })

export const readList = (data: Data, where: string): readonly Data[] => {
  if (!Array.isArray(data)) throw new FormatError(where, 'must be a list')
  return data
}

/** With `known`, another key is an error: a field that is read past would make the replay prove nothing. */
export const readRecord = (
  data: Data,
  where: string,
  known?: readonly string[],
): ReadonlyMap<string, Data> => {
  if (data === null || typeof data !== 'object' || Array.isArray(data))
    throw new FormatError(where, 'must be an object')
  const entries = Object.entries(data)
  for (const [key] of entries) {
    if (known !== undefined && !known.includes(key)) {
      throw new FormatError(`${where}.${key}`, `is no known field: ${known.join(', ')}`)
    }
  }
  return new Map(entries)
}

export const readNumber = (data: Data, where: string, largest = Number.MAX_SAFE_INTEGER): number => {
  if (typeof data !== 'number' || !Number.isSafeInteger(data) || data < 0 || data > largest) {
    throw new FormatError(where, `must be a whole number from 0 to ${largest}`)
  }
  return data
}

export const readBigint = (data: Data, where: string): bigint => {
  if (typeof data === 'bigint') return data
  return BigInt(readNumber(data, where))
}
