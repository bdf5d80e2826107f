import type { Reasons } from '../kit/index.ts'

/** Why a refund is refused, in order of precedence. */
export const REFUND_REASONS = {
  parameter_missing: {
    kind: 'invalid',
    message: 'One of the following params should be provided for this request: payment_intent or charge.',
  },
  metadata_too_many_keys: {
    kind: 'invalid',
    param: 'metadata',
    message: 'An object has at most 50 keys of metadata, those that it had before included.',
  },
  charge_not_refundable: {
    kind: 'precondition',
    message:
      'Nothing was taken that could be given back: the payment failed, or is not captured. Cancel it instead.',
  },
  charge_disputed: {
    kind: 'precondition',
    message: 'The charge has been charged back: the rail took the money already.',
  },
  charge_already_refunded: { kind: 'precondition', message: 'All of the charge has been refunded already.' },
  amount_too_large: {
    kind: 'precondition',
    param: 'amount',
    message: 'Refunds are together never more than what was captured; the message says how much is left.',
  },
  refund_unexpected_state: {
    kind: 'precondition',
    message: 'Only a refund that waits for the customer (requires_action) can be canceled or expired.',
  },
} as const satisfies Reasons
