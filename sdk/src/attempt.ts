import { type ErrorType, EvenkeelError } from './evenkeel-error.ts'
import { ECHO_CHARS } from './limits.ts'
import type { Prepared } from './request.ts'
import { type Failure, readRetryAfter } from './retry.ts'

/** What came back. */
export type Answer<Data = unknown> = {
  readonly status: number
  /** The body, read as JSON where it is JSON; otherwise the text. */
  readonly data: Data
  readonly requestId: string | null
  /** The answer was stored under the idempotency key, by an earlier attempt or an earlier call. */
  readonly replayed: boolean
  readonly idempotencyKey: string | null
}

export type Tried =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly failure: Failure; readonly error: EvenkeelError }

export type Sending = {
  readonly fetch: typeof globalThis.fetch
  readonly timeoutMs: number
  readonly signal: AbortSignal | null
  readonly idempotencyKey: string | null
}

const TYPES: ReadonlySet<string> = new Set<ErrorType>([
  'invalid_request_error',
  'idempotency_error',
  'card_error',
  'api_error',
])
const isErrorType = (text: unknown): text is ErrorType => typeof text === 'string' && TYPES.has(text)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const readBody = (response: Response, text: string): unknown => {
  const type = response.headers.get('content-type') ?? ''
  if (!type.includes('json')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const withoutEnvelope = (status: number, body: unknown): string => {
  const said = typeof body === 'string' ? body.trim().slice(0, ECHO_CHARS) : ''
  if (status >= 300 && status < 400)
    return `The server answered with a redirect (${status}): correct the base URL.`
  return `The server answered with status ${status}${said === '' ? '.' : `: ${said}`}`
}

const refused = (response: Response, body: unknown, { idempotencyKey }: Sending, nowMs: number): Tried => {
  const envelope = isObject(body) && isObject(body['error']) ? body['error'] : {}
  const { headers, status } = response
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), nowMs)
  const error = new EvenkeelError(textOf(envelope['message']) ?? withoutEnvelope(status, body), {
    type: isErrorType(envelope['type']) ? envelope['type'] : 'api_error',
    code: textOf(envelope['code']),
    param: textOf(envelope['param']),
    status,
    requestId: headers.get('request-id'),
    docUrl: textOf(envelope['doc_url']),
    idempotencyKey,
    retryAfterS: retryAfterMs === null ? null : Math.ceil(retryAfterMs / 1_000),
    body,
  })
  const shouldRetry = headers.get('stripe-should-retry')
  return { ok: false, failure: { kind: 'answered', status, shouldRetry, retryAfterMs }, error }
}

const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return String(cause)
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : null
  if (code === 'ECONNREFUSED') return 'nothing listens there'
  return cause.message === '' ? (code ?? 'no reason given') : cause.message
}

const lost = (request: Prepared, { idempotencyKey, timeoutMs }: Sending, cause: unknown): Tried => {
  const isLate = cause instanceof Error && cause.name === 'TimeoutError'
  const { origin } = new URL(request.url)
  const what = isLate
    ? `${origin} did not answer within ${timeoutMs / 1_000} s.`
    : `${origin} cannot be reached: ${reasonOf(cause)}.`
  const again =
    idempotencyKey === null ? '' : ' It is safe to send the request again with the same idempotency key.'
  const error = new EvenkeelError(what + again, {
    type: 'connection_error',
    code: isLate ? 'timed_out' : 'connection_failed',
    param: null,
    status: null,
    requestId: null,
    docUrl: null,
    idempotencyKey,
    retryAfterS: null,
    body: null,
    cause,
  })
  return { ok: false, failure: { kind: 'lost' }, error }
}

/** Sends a request once. Throws only what the caller asked for, by his signal. */
export const attempt = async (request: Prepared, sending: Sending): Promise<Tried> => {
  const late = AbortSignal.timeout(sending.timeoutMs)
  try {
    const response = await sending.fetch(request.url, {
      method: request.method,
      headers: request.headers,
      body: request.body,
      // A redirect would take the key elsewhere, or turn a POST into a GET.
      redirect: 'manual',
      signal: sending.signal === null ? late : AbortSignal.any([late, sending.signal]),
    })
    const body = readBody(response, await response.text())
    if (!response.ok) return refused(response, body, sending, Date.now())
    const { headers, status } = response
    const answer: Answer = {
      status,
      data: body,
      requestId: headers.get('request-id'),
      replayed: headers.get('idempotent-replayed') === 'true',
      idempotencyKey: sending.idempotencyKey,
    }
    return { ok: true, answer }
  } catch (error) {
    if (sending.signal?.aborted === true) throw sending.signal.reason
    return lost(request, sending, error)
  }
}
