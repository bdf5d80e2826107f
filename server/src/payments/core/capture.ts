import { currencyOf, isMoney } from '../../kit/index.ts'
import { readAmount } from './amounts.ts'
import { refuseCommand } from './machine.ts'
import type { Intent } from './model.ts'
import type { Refused } from './refused.ts'

/** How much of what is held is to be taken, or why it may not be. */
export const captureAmount = (intent: Intent, sent: number | null): { readonly amount: bigint } | Refused => {
  const message = refuseCommand('capture', intent.status)
  if (message !== null) return { kind: 'precondition', code: 'payment_intent_unexpected_state', message }
  if (sent === null) return { amount: intent.amountCapturable }
  const currency = currencyOf(intent.currency)
  if (currency === null || !isMoney(currency)) return { amount: intent.amountCapturable }
  const amount = readAmount(currency, sent, 'amount_to_capture')
  if ('code' in amount) return { kind: 'invalid', ...amount, param: 'amount_to_capture' }
  if (amount.minor > intent.amountCapturable) {
    return {
      kind: 'invalid',
      code: 'amount_too_large',
      message:
        'The amount to capture must be no more than what can be captured of the PaymentIntent (amount_capturable).',
      param: 'amount_to_capture',
    }
  }
  return { amount: amount.minor }
}

export const canceled = (intent: Intent, reason: string | null, nowMicros: bigint): Intent => ({
  ...intent,
  status: 'canceled',
  amountCapturable: 0n,
  nextAction: null,
  cancellationReason: reason,
  canceledAtMicros: Number(nowMicros),
})
