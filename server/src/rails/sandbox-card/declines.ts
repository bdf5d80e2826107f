import type { Declined } from '../port/index.ts'

type Decline = Pick<Declined, 'code' | 'declineCode' | 'message' | 'networkDeclineCode' | 'adviceCode'>

const DECLINED = 'Your card was declined.'

/** Why issuers say no, in Stripe's codes and words; network codes are those of ISO 8583. */
export const DECLINES = {
  generic_decline: {
    code: 'card_declined',
    declineCode: 'generic_decline',
    message: DECLINED,
    networkDeclineCode: '05',
    adviceCode: 'try_again_later',
  },
  do_not_honor: {
    code: 'card_declined',
    declineCode: 'do_not_honor',
    message: DECLINED,
    networkDeclineCode: '05',
    adviceCode: 'try_again_later',
  },
  insufficient_funds: {
    code: 'card_declined',
    declineCode: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
    networkDeclineCode: '51',
    adviceCode: 'try_again_later',
  },
  lost_card: {
    code: 'card_declined',
    declineCode: 'lost_card',
    message: DECLINED,
    networkDeclineCode: '41',
    adviceCode: 'do_not_try_again',
  },
  stolen_card: {
    code: 'card_declined',
    declineCode: 'stolen_card',
    message: DECLINED,
    networkDeclineCode: '43',
    adviceCode: 'do_not_try_again',
  },
  expired_card: {
    code: 'expired_card',
    declineCode: 'expired_card',
    message: 'Your card has expired.',
    networkDeclineCode: '54',
    adviceCode: 'do_not_try_again',
  },
  incorrect_cvc: {
    code: 'incorrect_cvc',
    declineCode: 'incorrect_cvc',
    message: "Your card's security code is incorrect.",
    networkDeclineCode: '82',
    adviceCode: 'confirm_card_data',
  },
  processing_error: {
    code: 'processing_error',
    declineCode: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
    networkDeclineCode: '96',
    adviceCode: 'try_again_later',
  },
  refused_before_issuer: {
    code: 'processing_error',
    declineCode: 'processing_error',
    message:
      'The rail refused the payment before it was sent to the card’s issuer. Nothing was charged, and another rail may take it.',
    networkDeclineCode: null,
    adviceCode: 'try_again_later',
  },
  card_velocity_exceeded: {
    code: 'card_declined',
    declineCode: 'card_velocity_exceeded',
    message:
      'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
    networkDeclineCode: '65',
    adviceCode: 'try_again_later',
  },
  fraudulent: {
    code: 'card_declined',
    declineCode: 'fraudulent',
    message: DECLINED,
    networkDeclineCode: null,
    adviceCode: 'do_not_try_again',
  },
  authentication_required: {
    code: 'authentication_required',
    declineCode: 'authentication_required',
    message: 'Your card was declined. This transaction requires authentication.',
    networkDeclineCode: '1A',
    adviceCode: null,
  },
  authentication_not_handled: {
    code: 'card_declined',
    declineCode: 'authentication_not_handled',
    message: DECLINED,
    networkDeclineCode: null,
    adviceCode: 'try_again_later',
  },
  authentication_failure: {
    code: 'payment_intent_authentication_failure',
    declineCode: null,
    message:
      'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.',
    networkDeclineCode: null,
    adviceCode: null,
  },
  unknown_token: {
    code: 'card_declined',
    declineCode: 'invalid_account',
    message: 'The card, or the account that it is connected to, is invalid.',
    networkDeclineCode: '14',
    adviceCode: 'confirm_card_data',
  },
} as const satisfies Readonly<Record<string, Decline>>

export type DeclineName = keyof typeof DECLINES

/** What a later order is refused with: it asks for more than there is, or comes too late. */
const REFUSALS = {
  authorisation_missing: 'There is no authorisation with that reference.',
  currency_mismatch: 'The currency is not that of the authorisation.',
  capture_too_large: 'More would be captured than was authorised.',
  authorisation_voided: 'The authorisation was voided.',
  authorisation_captured: 'The authorisation was captured already.',
  not_captured: 'Nothing of the authorisation was captured.',
  refund_too_large: 'More would be refunded than was captured.',
  invalid_destination: 'The destination does not take payouts.',
} as const

export type RefusalName = keyof typeof REFUSALS

export const declinedAs = (name: DeclineName): Declined => ({
  kind: 'declined',
  ...DECLINES[name],
  isBlocked: false,
  checks: null,
})

export const refusedAs = (name: RefusalName): Declined => ({
  kind: 'declined',
  code: name,
  declineCode: null,
  message: REFUSALS[name],
  isBlocked: false,
  checks: null,
  networkDeclineCode: null,
  adviceCode: null,
})
