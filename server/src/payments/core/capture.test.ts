import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chargeMade } from '../../../test/support/payment-rows.ts'
import type { Uuid } from '../../kit/index.ts'
import { canceled, captureAmount } from './capture.ts'
import { captured } from './charges.ts'
import type { Intent } from './model.ts'
import { newIntent } from './new-intent.ts'
import { afterDecline, afterSuccess } from './settle.ts'

const id = (number: number): Uuid => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}` as Uuid

const intentMade = (change: Partial<Intent>): Intent => ({
  ...newIntent({
    id: id(2),
    createdMicros: 1n,
    confirmationMethod: 'automatic',
    automaticPaymentMethods: null,
  }),
  amount: 1_000n,
  currency: 'EUR',
  ...change,
})

const held = intentMade({ status: 'requires_capture', captureMethod: 'manual', amountCapturable: 1_000n })

const wanted = (intent: Intent, sent: number | null): bigint | string => {
  const decided = captureAmount(intent, sent)
  return 'amount' in decided ? decided.amount : decided.code
}

describe('a capture', () => {
  test('is of what is held at most, and of all of it where nothing is said', () => {
    assert.deepEqual(
      [1_000, 999, null].map((sent) => wanted(held, sent)),
      [1_000n, 999n, 1_000n],
    )
    assert.deepEqual(
      [1_001, 49, 0].map((sent) => wanted(held, sent)),
      ['amount_too_large', 'amount_too_small', 'parameter_invalid_integer'],
    )
  })

  test('needs a payment whose money is held', () => {
    for (const status of ['succeeded', 'canceled', 'processing', 'requires_confirmation'] as const)
      assert.equal(wanted({ ...held, status }, null), 'payment_intent_unexpected_state', status)
  })

  test('makes the charge one that was taken: the hold is gone', () => {
    const transaction = { id: id(9) } as Parameters<typeof captured>[2]
    const charge = captured(
      chargeMade({ captured: false, amountCaptured: 0n, hold: id(3) }),
      700n,
      transaction,
    )
    assert.deepEqual(
      [charge.captured, charge.amountCaptured, charge.hold, charge.balanceTransaction],
      [true, 700n, null, id(9)],
    )
  })

  test('is nothing any more once the payment is canceled', () => {
    const ended = canceled(held, 'duplicate', 5n)
    assert.deepEqual([ended.status, ended.amountCapturable, ended.canceledAtMicros], ['canceled', 0n, 5])
    assert.equal(wanted(ended, null), 'payment_intent_unexpected_state')
  })
})

describe('a payment', () => {
  test('that is authorised is held or taken, as it was made', () => {
    const charge = chargeMade({})
    const [manual, automatic] = [afterSuccess(held, charge), afterSuccess(intentMade({}), charge)]
    assert.deepEqual(
      [manual.status, manual.amountCapturable, manual.amountReceived],
      ['requires_capture', 1_000n, 0n],
    )
    assert.deepEqual(
      [automatic.status, automatic.amountCapturable, automatic.amountReceived],
      ['succeeded', 0n, 1_000n],
    )
    const byCard = intentMade({ paymentMethodOptions: { card: { capture_method: 'manual' } } })
    assert.equal(afterSuccess(byCard, charge).status, 'requires_capture')
  })

  test('that is declined lets go of its card, and waits for another', () => {
    const error = { charge: id(1) } as Parameters<typeof afterDecline>[1]
    const after = afterDecline(intentMade({ paymentMethod: id(4), status: 'processing' }), error, null)
    assert.deepEqual(
      [after.status, after.paymentMethod, after.latestCharge],
      ['requires_payment_method', null, id(1)],
    )
  })
})
