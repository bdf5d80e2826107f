import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { currencyOf, isMoney, type MoneyCurrency, type Uuid } from '../../kit/index.ts'
import { changeIntent, type IntentInput, isManual, isToBeSaved, threeDSecureWanted } from './change-intent.ts'
import type { Intent, IntentStatus } from './model.ts'
import { newIntent } from './new-intent.ts'

const money = (code: string): MoneyCurrency => {
  const currency = currencyOf(code)
  assert.ok(currency !== null && isMoney(currency), code)
  return currency
}

const made: Intent = {
  ...newIntent({
    id: '00000000-0000-7000-8000-000000000001' as Uuid,
    createdMicros: 1n,
    confirmationMethod: 'automatic',
    automaticPaymentMethods: null,
  }),
  amount: 2_000n,
  currency: 'EUR',
}

const change = (input: IntentInput, status: IntentStatus = 'requires_confirmation'): Intent | string => {
  const changed = changeIntent({ ...made, status }, input, input.currency ?? money('EUR'))
  return 'intent' in changed ? changed.intent : changed.code
}

const field = <Name extends keyof Intent>(changed: Intent | string, name: Name): Intent[Name] | string =>
  typeof changed === 'string' ? changed : changed[name]

describe('a change of a payment', () => {
  test('sets what was sent, takes back what is empty, and leaves the rest', () => {
    const set = change({ description: 'Tea', receipt_email: 'a@b.cz' })
    assert.deepEqual([field(set, 'description'), field(set, 'amount')], ['Tea', 2_000n])
    assert.equal(field(change({ description: '' }), 'description'), null)
  })

  test('with a new currency keeps the number that was sent, in the minor units of that currency', () => {
    assert.deepEqual(
      ['JPY', 'MGA', 'ISK', 'KWD'].map((code) => field(change({ currency: money(code) }), 'amount')),
      [2_000n, 200_000n, 20n, 2_000n],
    )
    assert.equal(change({ currency: money('HUF') }), 'amount_too_small')
  })

  test('of what is fixed is refused once money is held or moved, and of words never', () => {
    for (const status of ['processing', 'requires_capture', 'succeeded', 'canceled'] as const) {
      assert.equal(change({ amount: 3_000 }, status), 'payment_intent_unexpected_state', status)
      assert.equal(field(change({ description: 'Tea' }, status), 'description'), 'Tea', status)
    }
  })

  test('to the card’s own options rules over that of the payment, and goes with an empty text', () => {
    const options = { capture_method: 'manual', setup_future_usage: 'none' } as const
    const set = change({ payment_method_options: { card: options }, setup_future_usage: 'off_session' })
    assert.ok(typeof set !== 'string')
    assert.deepEqual([isManual(set), isToBeSaved(set), threeDSecureWanted(set)], [true, false, 'automatic'])
    const card = { capture_method: '', setup_future_usage: '', request_three_d_secure: 'any' } as const
    const back = changeIntent(set, { payment_method_options: { card } }, money('EUR'))
    assert.ok('intent' in back)
    assert.deepEqual(
      [isManual(back.intent), isToBeSaved(back.intent), threeDSecureWanted(back.intent)],
      [false, true, 'any'],
    )
  })
})
