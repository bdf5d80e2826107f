import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, attempt, type Sending } from './attempt.ts'
import type { Caller, RequestOptions, Send } from './caller.ts'
import type { Payload } from './encoding.ts'
import { type LaunchMethods, launchMethods } from './launches.ts'
import { type LedgerMethods, ledgerMethods } from './ledger.ts'
import { RETRIES_DEFAULT, RETRIES_MOST, TIMEOUT_DEFAULT_MS } from './limits.ts'
import { type List, type PageParams, pagesOver } from './pages.ts'
import { type Method, type Prepared, prepare, readBaseUrl } from './request.ts'
import { pauseAfter } from './retry.ts'

export type ClientOptions = {
  /** Such as http://127.0.0.1:8484. */
  readonly baseUrl: string
  /** sk_test_… or sk_live_…; null for what needs none, such as /healthz. */
  readonly apiKey: string | null
  /** How often a request is sent again. A POST keeps its idempotency key, so nothing is done twice. */
  readonly maxRetries?: number
  /** For one attempt. */
  readonly timeoutMs?: number
  readonly fetch?: typeof globalThis.fetch
}

export type Client = {
  /** The body of the answer. Throws an EvenkeelError unless the answer is a success. */
  readonly request: (
    method: Method,
    path: string,
    payload?: Payload,
    options?: RequestOptions,
  ) => Promise<unknown>
  /** The same with status, request id, and whether the answer was a stored one. */
  readonly send: Send
  /** Any list of the API, page by page. */
  readonly list: Caller['list']
  readonly ledger: LedgerMethods
  readonly launches: LaunchMethods
}

const checkRetries = (retries: number): number => {
  if (!Number.isInteger(retries) || retries < 0 || retries > RETRIES_MOST)
    throw new RangeError(`maxRetries is a whole number from 0 to ${RETRIES_MOST}.`)
  return retries
}

const checkTimeout = (timeoutMs: number): number => {
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1)
    throw new RangeError('timeoutMs is a whole number of 1 or more.')
  return timeoutMs
}

const rest = async (pauseMs: number, signal: AbortSignal | null): Promise<void> => {
  try {
    await sleep(pauseMs, undefined, signal === null ? {} : { signal })
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error
  }
}

/** Sends until it is answered, refused for good, or out of attempts. */
const insist = async (request: Prepared, sending: Sending, retries: number): Promise<Answer> => {
  for (let failed = 1; ; failed += 1) {
    const tried = await attempt(request, sending)
    if (tried.ok) return tried.answer
    const pauseMs = pauseAfter(tried.failure, { failed, retries, random: Math.random() })
    if (pauseMs === null) throw tried.error
    await rest(pauseMs, sending.signal)
  }
}

/** A client of one server with one API key. It holds no connection of its own and need not be closed. */
export const createClient = (options: ClientOptions): Client => {
  const baseUrl = readBaseUrl(options.baseUrl)
  const apiKey = options.apiKey
  const retriesUsually = checkRetries(options.maxRetries ?? RETRIES_DEFAULT)
  const timeoutUsuallyMs = checkTimeout(options.timeoutMs ?? TIMEOUT_DEFAULT_MS)
  const fetch = options.fetch ?? globalThis.fetch

  const send: Send = async (method, path, payload = {}, own = {}) => {
    const idempotencyKey = own.idempotencyKey ?? (method === 'GET' ? null : randomUUID())
    const request = prepare({ method, baseUrl, path, payload, apiKey, idempotencyKey })
    const timeoutMs = checkTimeout(own.timeoutMs ?? timeoutUsuallyMs)
    const sending: Sending = { fetch, timeoutMs, signal: own.signal ?? null, idempotencyKey }
    return insist(request, sending, checkRetries(own.maxRetries ?? retriesUsually))
  }

  // What the server answers with is what its contract says; types are the caller's promise about it.
  const bodyOf = async <Data>(answer: Promise<Answer>): Promise<Data> => (await answer).data as Data
  const caller: Caller = {
    get: (path, payload, own) => bodyOf(send('GET', path, payload, own)),
    post: (path, payload, own) => bodyOf(send('POST', path, payload, own)),
    list: <Item extends { readonly id: string }>(
      path: string,
      params: PageParams = {},
      own?: RequestOptions,
    ) => pagesOver<Item, PageParams>(params, (page) => caller.get<List<Item>>(path, page, own)),
  }
  return {
    request: (method, path, payload, own) => bodyOf(send(method, path, payload, own)),
    send,
    list: caller.list,
    ledger: ledgerMethods(caller),
    launches: launchMethods(caller),
  }
}
