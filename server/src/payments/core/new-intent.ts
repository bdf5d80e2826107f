import type { Uuid } from '../../kit/index.ts'
import type { Intent } from './model.ts'

export type NewIntent = {
  readonly id: Uuid
  readonly createdMicros: bigint
  readonly confirmationMethod: Intent['confirmationMethod']
  readonly automaticPaymentMethods: Intent['automaticPaymentMethods']
}

/** An intent before anything is set on it. */
export const newIntent = (made: NewIntent): Intent => ({
  ...made,
  amount: 0n,
  currency: '',
  status: 'requires_payment_method',
  captureMethod: 'automatic_async',
  amountCapturable: 0n,
  amountReceived: 0n,
  customer: null,
  paymentMethod: null,
  paymentMethodTypes: ['card'],
  paymentMethodOptions: null,
  setupFutureUsage: null,
  description: null,
  metadata: {},
  receiptEmail: null,
  returnUrl: null,
  shipping: null,
  statementDescriptor: null,
  statementDescriptorSuffix: null,
  transferGroup: null,
  nextAction: null,
  lastError: null,
  lastErrorMethod: null,
  latestCharge: null,
  latestAttempt: null,
  cancellationReason: null,
  canceledAtMicros: null,
})
