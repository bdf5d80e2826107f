import type { Uuid } from '../../../kit/index.ts'

/*
 * What the controller needs of an event, and nothing more. Amounts are minor units of their currency (ISO 4217, small
 * letters, as content.currency is); times are the tenant's.
 */

export type StampFact = {
  readonly launch: Uuid
  readonly stage: number
  readonly exposed: boolean
  readonly reason: string
}

type Happened = {
  readonly amount: number
  readonly currency: string
  readonly stamps: readonly StampFact[]
  /** When it happened; never goes back from one event to the next. */
  readonly atSeconds: number
  /** Customer, or the card's fingerprint without one. */
  readonly account: string
}

/** A charge that ended: the first attempt of a payment, whatever a fallback made of it. */
export type AttemptFact = Happened & {
  readonly kind: 'attempt'
  readonly madeSeconds: number
  readonly outcome: 'succeeded' | 'declined' | 'failed'
  /** By the wall clock; null where it is not known. */
  readonly latencyMs: number | null
}

/** What was given back or taken back; negative where a refund failed after all. */
export type ReturnFact = Happened & {
  readonly kind: 'refund' | 'dispute'
  /** When the charge was made; null where nobody knows any more. */
  readonly madeSeconds: number | null
  /** It counts as a payment that came back, and not only as money. */
  readonly isFirst: boolean
}

export type Fact = AttemptFact | ReturnFact
