import type { Uuid } from '../../kit/index.ts'
import type { PaymentError } from './model.ts'

/** What a rail says when it does not do what it was told; the rail port's Declined has these and more. */
export type DeclinedBy = {
  readonly code: string
  readonly declineCode: string | null
  readonly message: string
  readonly networkDeclineCode: string | null
  readonly adviceCode: string | null
}

export const declineError = (
  declined: DeclinedBy,
  of: { readonly charge: Uuid | null; readonly paymentMethod: Uuid },
): PaymentError => ({
  type: 'card_error',
  code: declined.code,
  declineCode: declined.declineCode,
  message: declined.message,
  charge: of.charge,
  paymentMethod: of.paymentMethod,
  adviceCode: declined.adviceCode,
  networkDeclineCode: declined.networkDeclineCode,
})

/** The customer is needed and is not there, or the caller will not wait for him. */
export const AUTHENTICATION_REQUIRED: DeclinedBy = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
  networkDeclineCode: null,
  adviceCode: null,
}

export const authenticationFailed = (paymentMethod: Uuid): PaymentError => ({
  type: 'invalid_request_error',
  code: 'payment_intent_authentication_failure',
  declineCode: null,
  message:
    'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.',
  charge: null,
  paymentMethod,
  adviceCode: null,
  networkDeclineCode: null,
})

/** Which of the card's parameters a decline is about. */
export const PARAM_OF_DECLINE: Readonly<Record<string, string>> = {
  incorrect_number: 'number',
  invalid_number: 'number',
  expired_card: 'exp_month',
  invalid_expiry_month: 'exp_month',
  invalid_expiry_year: 'exp_year',
  incorrect_cvc: 'cvc',
  invalid_cvc: 'cvc',
}
