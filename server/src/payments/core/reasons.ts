import type { Reasons } from '../../kit/index.ts'

/** Why a payment is not made, changed, confirmed, captured or canceled, in order of precedence. */
export const PAYMENT_REASONS = {
  parameter_invalid_id: { kind: 'invalid', message: 'An id has a prefix and 32 hexadecimal digits.' },
  parameter_needs_confirm: {
    kind: 'invalid',
    message: 'What is said about the confirmation goes with confirm=true, or with the request that confirms.',
  },
  currency_unknown: {
    kind: 'invalid',
    param: 'currency',
    message: 'A currency is one of ISO 4217, three letters.',
  },
  amount_too_small: {
    kind: 'invalid',
    param: 'amount',
    message: 'Less than can be charged in the currency. The message says how much that is.',
  },
  amount_too_large: {
    kind: 'invalid',
    param: 'amount',
    message: 'More than can be charged in the currency. The message says how much that is.',
  },
  email_invalid: { kind: 'invalid', param: 'receipt_email', message: 'Not an email address.' },
  url_invalid: {
    kind: 'invalid',
    param: 'return_url',
    message: 'Not an absolute address. An app’s own scheme is fine, a script is not.',
  },
  statement_descriptor_invalid: {
    kind: 'invalid',
    message: 'Up to 22 characters with at least one letter, and none of < > \\ \' " *.',
  },
  metadata_too_many_keys: {
    kind: 'invalid',
    param: 'metadata',
    message: 'An object has at most 50 keys of metadata, those that it had before included.',
  },
  client_secret_invalid: {
    kind: 'invalid',
    param: 'client_secret',
    message: 'A publishable key needs the payment’s client_secret, and it must be the right one.',
  },
  live_rail_missing: {
    kind: 'precondition',
    message: 'The live books have no rail that takes cards: nothing is pretended there. Use a sandbox.',
  },
  payment_intent_invalid_parameter: {
    kind: 'precondition',
    message: 'Parameters that contradict each other, or that this payment does not take.',
  },
  payment_intent_unexpected_state: {
    kind: 'precondition',
    message: 'The payment’s state does not allow this; the error shows the payment.',
  },
  charge_invalid_parameter: { kind: 'precondition', message: 'What cannot be set on this charge.' },
  lock_timeout: {
    kind: 'exhausted',
    message: 'Another request works on this payment at this moment. Retry with the same key.',
  },
} as const satisfies Reasons

/** What a card says no with. */
export const DECLINE_REASONS = {
  card_declined: {
    kind: 'declined',
    message: 'Whoever issued the card says no; decline_code says more where it is known.',
  },
  authentication_required: {
    kind: 'declined',
    message:
      'The card wants its holder authenticated, and nobody was there. Confirm again with the customer.',
  },
  payment_intent_authentication_failure: {
    kind: 'precondition',
    message: 'The customer could not be authenticated. Confirm again with a payment method.',
  },
  expired_card: { kind: 'declined', message: 'The card has expired.' },
  incorrect_cvc: { kind: 'declined', message: 'The security code is wrong.' },
  incorrect_number: { kind: 'declined', message: 'The number is no card’s.' },
  processing_error: { kind: 'declined', message: 'The card could not be processed. Try again.' },
} as const satisfies Reasons
