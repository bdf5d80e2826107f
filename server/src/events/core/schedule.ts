import { MICROS_PER_SECOND, type Micros } from '../../kit/index.ts'
import { RETRY_AFTER_MOST_S, RETRY_DELAYS_S, RETRY_JITTER } from '../limits.ts'

export type FailedAttempt = {
  /** How many attempts there have been, this one included. */
  readonly attempts: number
  readonly nowMicros: Micros
  /** What the endpoint asked for; null where it asked for nothing. */
  readonly retryAfterS: number | null
  /** From 0 to 1. */
  readonly chance: number
}

/** When a delivery that failed is tried again, by the tenant's clock; null when it was the last attempt. */
export const nextAttempt = ({ attempts, nowMicros, retryAfterS, chance }: FailedAttempt): Micros | null => {
  const delayS = RETRY_DELAYS_S[attempts]
  if (delayS === undefined) return null
  const askedS = retryAfterS === null || retryAfterS < 0 ? 0 : retryAfterS
  const waitS =
    (delayS > askedS ? delayS : Math.min(askedS, RETRY_AFTER_MOST_S)) * (1 + RETRY_JITTER * chance)
  return nowMicros + BigInt(Math.ceil(waitS * Number(MICROS_PER_SECOND)))
}
