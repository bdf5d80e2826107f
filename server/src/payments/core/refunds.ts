import { formatMinor } from '../../kit/index.ts'
import { refundableOf } from './charges.ts'
import { isRefundableIn } from './disputes.ts'
import type { Charge, Dispute, Refund } from './model.ts'

/*
 * What becomes of a refund.
 *
 * | status, progress | it is told | becomes | and the money |
 * |---|---|---|---|
 * | – | created | pending, sent | leaves the available balance, waits in refunds_pending |
 * | pending, sent or unknown | unknown | pending, unknown | |
 * | pending, sent or unknown | pending | pending, taken | |
 * | pending, any | succeeded | succeeded, done | from refunds_pending to the rail |
 * | pending, any | failed | failed, done | from refunds_pending back to the available balance |
 * | succeeded | failed | failed, done | from the rail back to the available balance |
 * | requires_action | canceled | canceled, done | from refunds_pending back to the available balance |
 * | requires_action | expired | failed, done | from refunds_pending back to the available balance |
 *
 * Everything else changes nothing: late and repeated answers are safe.
 */

export type RefundTold =
  | { readonly kind: 'succeeded'; readonly railReference: string }
  | { readonly kind: 'pending'; readonly railReference: string }
  | { readonly kind: 'unknown' }
  /** Stripe's failure_reason: expired_or_canceled_card, lost_or_stolen_card, declined, unknown … */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'canceled' }
  | { readonly kind: 'expired' }

/** What the move posts; null where no money moves. */
export type RefundPosting = 'settle' | 'give_back' | 'take_back_from_rail' | null

export type RefundMove = { readonly refund: Refund; readonly posting: RefundPosting }

/** An expired refund was never collected by the customer. */
const EXPIRED_REASON = 'expired_or_canceled_card'

const final = (
  refund: Refund,
  posting: RefundPosting,
  change: Partial<Pick<Refund, 'status' | 'failureReason' | 'railReference'>>,
): RefundMove => ({ refund: { ...refund, progress: 'done', ...change }, posting })

const moveWaiting = (refund: Refund, told: RefundTold): RefundMove | null => {
  if (told.kind === 'canceled') return final(refund, 'give_back', { status: 'canceled' })
  if (told.kind !== 'expired') return null
  return final(refund, 'give_back', { status: 'failed', failureReason: EXPIRED_REASON })
}

const movePending = (refund: Refund, told: RefundTold): RefundMove | null => {
  switch (told.kind) {
    case 'succeeded':
      return final(refund, 'settle', { status: 'succeeded', railReference: told.railReference })
    case 'failed':
      return final(refund, 'give_back', { status: 'failed', failureReason: told.reason })
    case 'pending':
      return refund.progress === 'taken'
        ? null
        : { refund: { ...refund, progress: 'taken', railReference: told.railReference }, posting: null }
    case 'unknown':
      return refund.progress === 'taken'
        ? null
        : {
            refund: { ...refund, progress: 'unknown', enquiries: refund.enquiries + 1 },
            posting: null,
          }
    case 'canceled':
    case 'expired':
      return null
  }
}

/** What the refund becomes by what it is told; null where that changes nothing. */
export const moveRefund = (refund: Refund, told: RefundTold): RefundMove | null => {
  switch (refund.status) {
    case 'pending':
      return movePending(refund, told)
    case 'requires_action':
      return moveWaiting(refund, told)
    case 'succeeded':
      return told.kind === 'failed'
        ? final(refund, 'take_back_from_rail', { status: 'failed', failureReason: told.reason })
        : null
    case 'failed':
    case 'canceled':
      return null
  }
}

export type RefundRefusal = {
  readonly code: 'charge_not_refundable' | 'charge_disputed' | 'charge_already_refunded' | 'amount_too_large'
  readonly param: string | null
  readonly message: string
}

export type RefundDecision =
  | { readonly kind: 'refused'; readonly refusal: RefundRefusal }
  | { readonly kind: 'accepted'; readonly amount: bigint }

const SYMBOLS: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£', JPY: '¥' }

/** $20.00, or 20.00 CZK where we know no sign. */
export const showMoney = (amount: bigint, currency: string, exponent: number): string => {
  const digits = formatMinor(amount, exponent)
  const symbol = SYMBOLS[currency]
  return symbol === undefined ? `${digits} ${currency}` : `${symbol}${digits}`
}

export type RefundWanted = {
  /** Null for all that is left. */
  readonly amount: bigint | null
  /** As the API shows them, for the messages. */
  readonly shown: { readonly charge: string; readonly intent: string }
  readonly exponent: number
}

const refused = (
  code: RefundRefusal['code'],
  message: string,
  param: string | null = null,
): RefundDecision => ({
  kind: 'refused',
  refusal: { code, param, message },
})

/** In Stripe's words: nothing was taken, so nothing can be given back. */
export const nothingToRefund = (intent: string): RefundRefusal => ({
  code: 'charge_not_refundable',
  param: null,
  message: `This PaymentIntent (${intent}) does not have a successful charge to refund.`,
})

/** Whether a refund may be made of a charge, and of how much; in Stripe's order and words. */
export const decideRefund = (
  { amount, shown, exponent }: RefundWanted,
  charge: Charge,
  disputes: readonly Dispute[],
): RefundDecision => {
  if (charge.status !== 'succeeded') return { kind: 'refused', refusal: nothingToRefund(shown.intent) }
  if (!charge.captured)
    return refused(
      'charge_not_refundable',
      `This uncaptured Charge was created by a PaymentIntent (${shown.intent}). You must cancel the PaymentIntent to reverse the authorization instead of refunding the Charge directly.`,
    )
  if (disputes.some(({ status }) => !isRefundableIn(status)))
    return refused('charge_disputed', `Charge ${shown.charge} has been charged back; cannot issue a refund.`)
  const left = refundableOf(charge)
  if (left <= 0n)
    return refused('charge_already_refunded', `Charge ${shown.charge} has already been refunded.`)
  const wanted = amount ?? left
  if (wanted > left) {
    const show = (money: bigint): string => showMoney(money, charge.currency, exponent)
    return refused(
      'amount_too_large',
      `Refund amount (${show(wanted)}) is greater than unrefunded amount on charge (${show(left)})`,
      'amount',
    )
  }
  return { kind: 'accepted', amount: wanted }
}
