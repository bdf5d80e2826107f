/** What the reference knows of one payment: what was asked for, and what must have become of it. */
export type Payment = {
  readonly id: string
  readonly amount: number
  readonly currency: string
  readonly card: CardName
  readonly isManual: boolean
  status: 'requires_action' | 'requires_capture' | 'succeeded' | 'requires_payment_method' | 'canceled'
  /** By the sandbox's clock, in seconds: since when the rail holds the amount. */
  heldAt: number
  received: number
  refunded: number
  dispute: 'none' | 'open' | 'won' | 'lost'
}

/** What each card of the simulation comes to, however often its answer is lost on the way. */
export const CARDS = {
  pm_card_visa: 'good',
  pm_card_mastercard: 'good',
  pm_card_answerLost: 'good',
  pm_card_orderLost: 'good',
  pm_card_toldTwice: 'good',
  pm_card_bypassPending: 'good',
  pm_card_visa_chargeDeclined: 'declined',
  pm_card_chargeDeclinedExpiredCard: 'declined',
  pm_card_threeDSecure2Required: 'authenticated',
  pm_card_createDispute: 'disputed',
} as const

export type CardName = keyof typeof CARDS

const HOLD_S = 7 * 86_400

/** Holds end by the clock. */
export const expire = (payments: readonly Payment[], now: number): void => {
  for (const payment of payments) {
    if (payment.status === 'requires_capture' && now >= payment.heldAt + HOLD_S) payment.status = 'canceled'
  }
}

/** What is still refundable; nothing of a payment in dispute. */
export const refundable = ({ received, refunded, dispute }: Payment): number =>
  dispute === 'none' ? received - refunded : 0

/** The sum that the merchant is owed, before fees, in one currency. */
export const owed = (payments: readonly Payment[], currency: string): number =>
  payments
    .filter((payment) => payment.currency === currency)
    .reduce((sum, { received, refunded, dispute }) => {
      const withdrawn = dispute === 'open' || dispute === 'lost' ? received : 0
      return sum + received - refunded - withdrawn
    }, 0)
