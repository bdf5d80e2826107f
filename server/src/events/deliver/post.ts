import { lookup as resolveName } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { WallClock } from '../../kit/index.ts'
import { IN_FLIGHT_MOST, RESPONSE_KEPT_BYTES, RESPONSE_READ_BYTES } from '../limits.ts'
import { mayReach, type Reachable } from './addresses.ts'

/** What came of one attempt. */
export type Posted = {
  /** Null where there was no answer; then `error` says why. */
  readonly status: number | null
  readonly error: string | null
  readonly response: string
  readonly retryAfterS: number | null
  readonly durationMs: number
}

export type ToPost = {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
  /** Time is up before the time. */
  readonly signal?: AbortSignal
}

/** Connections to one endpoint, kept alive between deliveries. */
export type Poster = {
  readonly post: (toPost: ToPost) => Promise<Posted>
  readonly close: () => void
}

export type PosterOptions = {
  readonly reachable: Reachable
  readonly livemode: boolean
  readonly clock: WallClock
  readonly resolve?: typeof resolveName
}

const REFUSED = 'address_not_allowed'

class AddressRefused extends Error {
  readonly code = REFUSED
}

/**
 * Resolves a name and checks all its addresses. The connection goes to precisely what was checked: whatever the name
 * says a moment later, nobody asks again.
 */
const checkedLookup =
  ({ reachable, livemode, resolve = resolveName }: PosterOptions): LookupFunction =>
  (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, [])
      const bad = addresses.find(({ address }) => !mayReach(address, reachable, livemode))
      const [first] = addresses
      if (bad !== undefined || first === undefined)
        return callback(new AddressRefused(`${host} leads into a private network`), [])
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family)
    })
  }

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** Seconds, or a date of HTTP; null where it is neither. */
export const readRetryAfter = (text: string | undefined, nowMs: number): number | null => {
  if (text === undefined) return null
  if (/^\d{1,9}$/.test(text)) return Number(text)
  const date = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - nowMs) / 1_000))
}

/** The log's column holds text: what is no UTF-8 is replaced, and so is the one character that PostgreSQL cannot hold. */
const textOf = (chunks: readonly Buffer[]): string =>
  Buffer.concat(chunks).subarray(0, RESPONSE_KEPT_BYTES).toString('utf8').replaceAll('\0', '\uFFFD')

const KNOWN_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection_refused',
  ECONNRESET: 'connection_lost',
  EPIPE: 'connection_lost',
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
  ETIMEDOUT: 'timeout',
  [REFUSED]: REFUSED,
}

const errorOf = (error: NodeJS.ErrnoException): string => {
  const code = error.code ?? ''
  if (KNOWN_ERRORS[code] !== undefined) return KNOWN_ERRORS[code]
  return /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code) ? 'tls_failed' : 'connection_failed'
}

type Sending = ToPost & { readonly agent: http.Agent; readonly clock: WallClock }

/** Sends once and reads what comes back, up to a limit. A redirect is an answer like any other, and is not followed. */
const send = ({ url, headers, body, timeoutMs, signal, agent, clock }: Sending): Promise<Posted> =>
  new Promise((resolve) => {
    const fromMs = clock.now()
    const chunks: Buffer[] = []
    let bytes = 0
    let status: number | null = null
    let retryAfterS: number | null = null
    const end = (error: string | null): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', giveUp)
      const durationMs = Math.round(clock.now() - fromMs)
      resolve({ status, error, response: textOf(chunks), retryAfterS, durationMs })
    }
    const { request } = url.protocol === 'https:' ? https : http
    const sent = request(url, { method: 'POST', headers, agent }, (answer) => {
      status = answer.statusCode ?? null
      retryAfterS = readRetryAfter(answer.headers['retry-after'], clock.now())
      answer.on('data', (chunk: Buffer) => {
        if (bytes < RESPONSE_KEPT_BYTES) chunks.push(chunk)
        bytes += chunk.length
        if (bytes > RESPONSE_READ_BYTES) {
          end(null)
          sent.destroy()
        }
      })
      answer.on('end', () => end(null))
      // The status was said; what is missing of the rest is nothing that a delivery waits for.
      answer.on('error', () => end(null))
    })
    const giveUp = (): void => {
      status = null
      end('timeout')
      sent.destroy()
    }
    const timer = setTimeout(giveUp, timeoutMs)
    signal?.addEventListener('abort', giveUp)
    sent.on('error', (error) => end(errorOf(error)))
    sent.end(body)
  })

export const createPoster = (options: PosterOptions): Poster => {
  const settings = {
    keepAlive: true,
    maxSockets: IN_FLIGHT_MOST,
    maxFreeSockets: IN_FLIGHT_MOST,
    timeout: 20_000,
  }
  const lookup = checkedLookup(options)
  const agents = {
    'http:': new http.Agent({ ...settings, lookup }),
    'https:': new https.Agent({ ...settings, lookup }),
  }
  const refused: Posted = { status: null, error: REFUSED, response: '', retryAfterS: null, durationMs: 0 }
  return {
    post: (toPost) => {
      // An address needs no lookup, so none would check it.
      const host = toPost.url.hostname.replace(/^\[|\]$/g, '')
      if (isIP(host) !== 0 && !mayReach(host, options.reachable, options.livemode))
        return Promise.resolve(refused)
      const agent = toPost.url.protocol === 'https:' ? agents['https:'] : agents['http:']
      return send({ ...toPost, agent, clock: options.clock })
    },
    close: () => {
      agents['http:'].destroy()
      agents['https:'].destroy()
    },
  }
}
