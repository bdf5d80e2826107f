import { isUtf8 } from 'node:buffer'
import { explainJson, invalidJson } from './json-explain.ts'
import { countKeys, scanJson } from './json-scan.ts'
import type { Problem } from './problem.ts'

export type JsonObject = { readonly [key: string]: unknown }

const POSITION = /position (\d+)/

const syntaxProblem = (error: unknown): Problem => {
  const position = error instanceof Error ? POSITION.exec(error.message)?.[1] : undefined
  return invalidJson(position === undefined ? 'it ends too early' : `it is not JSON at character ${position}`)
}

/** Reads a JSON body: what comes out is what was written, or a problem that names the field. */
export const parseJson = (bytes: Buffer): JsonObject | Problem => {
  if (!isUtf8(bytes)) return invalidJson('it is not UTF-8')
  const written = scanJson(bytes)
  if (written === -1)
    return explainJson(bytes) ?? invalidJson('it holds a character that JSON does not allow there')
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    return syntaxProblem(error)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return invalidJson('it must be an object')
  if (countKeys(value) !== written)
    return explainJson(bytes) ?? invalidJson('a parameter is sent more than once')
  return value as JsonObject
}
