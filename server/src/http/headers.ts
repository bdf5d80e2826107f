import type { IncomingHttpHeaders } from 'node:http'
import { BODY_LIMIT_BYTES, IDEMPOTENCY_KEY_LIMIT } from './limits.ts'
import { Problem } from './problem.ts'

/** How the parameters of a body are written. */
export type BodyFormat = 'json' | 'form'

/**
 * Headers that must not come twice: Node keeps the first of some and joins others with a comma, so two readers of one
 * request could take it for two different ones.
 */
const SINGLE = [
  'host',
  'content-type',
  'authorization',
  'stripe-version',
  'content-length',
  'idempotency-key',
  'content-encoding',
  'transfer-encoding',
] as const

/** Headers that would change what a request means, and that we do not support: ignoring them would be a lie. */
const UNSUPPORTED = ['stripe-account', 'stripe-context', 'x-http-method-override'] as const

const WATCHED: readonly string[] = [...SINGLE, ...UNSUPPORTED]
const WATCHED_LENGTHS: ReadonlySet<number> = new Set(WATCHED.map((name) => name.length))

/** Looks at every header once. Most are passed by their length alone. */
const badHeaders = (raw: readonly string[]): Problem | null => {
  let seen = 0
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? ''
    if (!WATCHED_LENGTHS.has(name.length)) continue
    const index = WATCHED.indexOf(name.toLowerCase())
    if (index === -1) continue
    if (index >= SINGLE.length) {
      return new Problem('header_unsupported', `The header ${name} is not supported. Leave it out.`)
    }
    const bit = 1 << index
    if ((seen & bit) !== 0) {
      return new Problem('header_duplicate', `The header ${name} is sent more than once. Send it once.`)
    }
    seen |= bit
  }
  return null
}

const VERSION = /^\d{4}-\d{2}-\d{2}(\.[a-z]{1,30})?$/

const badVersion = (version: string | string[] | undefined): Problem | null => {
  if (version === undefined || (typeof version === 'string' && VERSION.test(version))) return null
  return new Problem(
    'stripe_version_invalid',
    'Invalid Stripe-Version: it is a date, as in 2026-10-28, or a date and a name, as in 2026-10-28.endive.',
  )
}

const isPrintable = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code > 0x7e) return false
  }
  return true
}

const badIdempotencyKey = (key: string | string[] | undefined): Problem | null => {
  if (key === undefined) return null
  if (typeof key === 'string' && key.length > 0 && key.length <= IDEMPOTENCY_KEY_LIMIT && isPrintable(key))
    return null
  return new Problem(
    'idempotency_key_invalid',
    `Invalid Idempotency-Key: it is 1 to ${IDEMPOTENCY_KEY_LIMIT} printable characters.`,
  )
}

/** The headers of every request, whatever its method. */
export const checkHeaders = (headers: IncomingHttpHeaders, raw: readonly string[]): Problem | null =>
  badHeaders(raw) ?? badVersion(headers['stripe-version']) ?? badIdempotencyKey(headers['idempotency-key'])

/** Whether the request announces a body. */
export const hasBody = (headers: IncomingHttpHeaders): boolean =>
  headers['transfer-encoding'] !== undefined ||
  (headers['content-length'] !== undefined && headers['content-length'] !== '0')

/** Whether a refusal should close the connection instead of waiting for the rest of the body. */
export const hasLargeBody = (headers: IncomingHttpHeaders): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > BODY_LIMIT_BYTES

const badTransfer = (headers: IncomingHttpHeaders): Problem | null => {
  const transfer = headers['transfer-encoding']
  if (transfer !== undefined && transfer.toLowerCase() !== 'chunked') {
    return new Problem(
      'content_encoding_unsupported',
      'Invalid Transfer-Encoding: only chunked is supported.',
    )
  }
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return new Problem(
      'content_encoding_unsupported',
      'Compressed bodies are not supported. Send the body as it is, without Content-Encoding.',
    )
  }
  return null
}

const MEDIA_TYPES: ReadonlyMap<string, BodyFormat> = new Map([
  ['application/json', 'json'],
  ['application/x-www-form-urlencoded', 'form'],
])

const CHARSET = /^charset="?utf-8"?$/

const mediaTypeOf = (header: string): BodyFormat | undefined => {
  const plain = MEDIA_TYPES.get(header)
  if (plain !== undefined) return plain
  const lower = header.toLowerCase()
  const semicolon = lower.indexOf(';')
  if (semicolon === -1) return MEDIA_TYPES.get(lower)
  return CHARSET.test(lower.slice(semicolon + 1).trim())
    ? MEDIA_TYPES.get(lower.slice(0, semicolon).trim())
    : undefined
}

/**
 * How the body is written. Decided here, once, before a byte of it is read, and used by the parser and the reader alike;
 * what is not exactly one of the two types is refused.
 */
export const bodyFormat = (headers: IncomingHttpHeaders): BodyFormat | Problem => {
  const problem = badTransfer(headers)
  if (problem !== null) return problem
  const header = headers['content-type']
  if (header === undefined) {
    return new Problem(
      'content_type_missing',
      'The body has no Content-Type. Send application/x-www-form-urlencoded or application/json.',
    )
  }
  return (
    mediaTypeOf(header) ??
    new Problem(
      'content_type_unsupported',
      'Unsupported Content-Type. Send application/x-www-form-urlencoded or application/json, in UTF-8.',
    )
  )
}
