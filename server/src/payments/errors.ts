import { DECLINE_REASONS, PAYMENT_REASONS } from './core/reasons.ts'

/** For docs/ERRORS.md. */
export const paymentsErrors = {
  'Payments: asking': PAYMENT_REASONS,
  'Payments: cards that say no': DECLINE_REASONS,
} as const
