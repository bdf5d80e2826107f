import type { Reasons } from '../kit/index.ts'

/** Why a customer, a card or a token is refused, in order of precedence. */
export const CUSTOMER_REASONS = {
  parameter_invalid_id: { kind: 'invalid', message: 'An id has a prefix and 32 hexadecimal digits.' },
  email_invalid: { kind: 'invalid', param: 'email', message: 'Not an email address.' },
  metadata_too_many_keys: {
    kind: 'invalid',
    param: 'metadata',
    message: 'An object has at most 50 keys of metadata, those that it had before included.',
  },
  search_query_invalid: {
    kind: 'invalid',
    param: 'query',
    message: 'The query is not of the search language; the message says where.',
  },
} as const satisfies Reasons

export const PAYMENT_METHOD_REASONS = {
  payment_method_unsupported_type: {
    kind: 'invalid',
    param: 'type',
    message: 'Cards are the only type of payment method that is taken.',
  },
  live_rail_missing: {
    kind: 'precondition',
    message: 'The live books have no rail that takes cards: nothing is pretended there. Use a sandbox.',
  },
  token_already_used: { kind: 'precondition', message: 'A token is used once. Make another.' },
  payment_method_unexpected_state: {
    kind: 'precondition',
    message:
      'The card is attached to a customer already, or was detached or used without one and may not be used again.',
  },
  payment_method_customer_missing: {
    kind: 'precondition',
    message: 'The card belongs to a customer, who must be named with it.',
  },
  incorrect_number: { kind: 'declined', param: 'number', message: 'The number is no card’s.' },
  invalid_number: {
    kind: 'declined',
    param: 'number',
    message: 'The number is not in the form of a card’s.',
  },
  invalid_expiry_month: { kind: 'declined', param: 'exp_month', message: 'No month, or one that is over.' },
  invalid_expiry_year: { kind: 'declined', param: 'exp_year', message: 'A year that is over, or none.' },
  invalid_cvc: {
    kind: 'declined',
    param: 'cvc',
    message: 'The security code is not of three or four digits.',
  },
  card_declined: {
    kind: 'declined',
    message: 'Whoever issued the card says no; decline_code says more where it is known.',
  },
  expired_card: { kind: 'declined', message: 'The card has expired.' },
  incorrect_cvc: { kind: 'declined', message: 'The security code is wrong.' },
  processing_error: { kind: 'declined', message: 'The card could not be checked. Try again later.' },
  rail_unanswered: {
    kind: 'unavailable',
    message: 'The rail did not say whether the card is good. Retry with the same key.',
  },
} as const satisfies Reasons

/** Why a SetupIntent does not do what it was asked. */
export const SETUP_REASONS = {
  client_secret_invalid: {
    kind: 'invalid',
    param: 'client_secret',
    message: 'A publishable key needs the object’s client_secret, and it must be the right one.',
  },
  setup_intent_invalid_parameter: {
    kind: 'invalid',
    message: 'Parameters that contradict each other, or that an intent in this state does not take.',
  },
  setup_intent_unexpected_state: {
    kind: 'precondition',
    message: 'The SetupIntent’s state does not allow this; the error shows the SetupIntent.',
  },
  setup_intent_authentication_failure: {
    kind: 'declined',
    message: 'The customer could not be authenticated. Confirm again with a card.',
  },
} as const satisfies Reasons

export const customersErrors = {
  Customers: CUSTOMER_REASONS,
  'Payment methods and tokens': PAYMENT_METHOD_REASONS,
  'Setup intents': SETUP_REASONS,
} as const
