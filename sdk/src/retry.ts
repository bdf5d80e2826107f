import { BACKOFF_FIRST_MS, BACKOFF_MOST_MS, RETRY_AFTER_MOST_MS } from './limits.ts'

/** How an attempt ended that did not succeed. */
export type Failure =
  /** No answer: refused, cut, or out of time. Whether the server did anything is not known. */
  | { readonly kind: 'lost' }
  | {
      readonly kind: 'answered'
      readonly status: number
      /** The headers Stripe-Should-Retry and Retry-After, where they were sent. */
      readonly shouldRetry: string | null
      readonly retryAfterMs: number | null
    }

/**
 * Statuses after which the same request may succeed: the key is in use (409), too many requests (429), away (503),
 * and a proxy that did not reach the server (502, 504).
 */
const PASSING = new Set([409, 429, 502, 503, 504])

export const mayPass = (failure: Failure): boolean => {
  if (failure.kind === 'lost') return true
  if (failure.shouldRetry !== null) return failure.shouldRetry === 'true'
  return PASSING.has(failure.status)
}

/** Retry-After: whole seconds, or a date. */
export const readRetryAfter = (header: string | null, nowMs: number): number | null => {
  if (header === null) return null
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000
  const dateMs = Date.parse(header)
  return Number.isNaN(dateMs) ? null : Math.max(0, dateMs - nowMs)
}

export type Attempts = {
  /** How many attempts have failed, this one included. */
  readonly failed: number
  readonly retries: number
  /** From 0 to below 1. */
  readonly random: number
}

/**
 * How long to wait before the next attempt, or null to give up. The pause is drawn from the whole of a growing range
 * ("full jitter"), so that clients that failed together do not come back together; what the server asks for comes on top.
 */
export const pauseAfter = (failure: Failure, { failed, retries, random }: Attempts): number | null => {
  if (failed > retries || !mayPass(failure)) return null
  const asked = failure.kind === 'answered' ? (failure.retryAfterMs ?? 0) : 0
  if (asked > RETRY_AFTER_MOST_MS) return null
  return asked + Math.floor(random * Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** (failed - 1)))
}
