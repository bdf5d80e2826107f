import { DECLINE_REASONS, PAYMENT_REASONS } from './core/reasons.ts'
import { DISPUTE_REASONS } from './dispute-reasons.ts'
import { REFUND_REASONS } from './refund-reasons.ts'

/** For docs/ERRORS.md. */
export const paymentsErrors = {
  'Payments: asking': PAYMENT_REASONS,
  'Payments: cards that say no': DECLINE_REASONS,
  Refunds: REFUND_REASONS,
  Disputes: DISPUTE_REASONS,
} as const
