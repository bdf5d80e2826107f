import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { disputeMade, refundMade } from '../../../test/support/payment-rows.ts'
import type { Uuid } from '../../kit/index.ts'
import { differenceOf, expectedOfChargebacks, expectedOfRefund, expectedOfReversals } from './settlement.ts'

const id = '00000000-0000-7000-8000-000000000001' as Uuid

describe('what a settlement is expected to pay', () => {
  test('of refunds, is those that succeeded', () => {
    const expected = (['pending', 'succeeded', 'failed', 'canceled'] as const).map((status) =>
      expectedOfRefund(refundMade({ status })),
    )
    assert.deepEqual(expected, [0n, -1_000n, 0n, 0n])
  })

  test('of disputes, is every withdrawal, and what was given again', () => {
    const inquiry = disputeMade({ status: 'warning_needs_response', amount: 100n })
    const open = disputeMade({ amount: 500n, balanceTransactions: [id] })
    const won = disputeMade({ amount: 300n, status: 'won', balanceTransactions: [id, id] })
    assert.equal(expectedOfChargebacks([inquiry, open, won]), -800n)
    assert.equal(expectedOfReversals([inquiry, open, won]), 300n)
  })

  test('differs by what came in and was kept, other than expected', () => {
    assert.equal(differenceOf({ net: 980n, cost: 20n, expected: 1_000n }), 0n)
    assert.equal(differenceOf({ net: 979n, cost: 20n, expected: 1_000n }), -1n)
    assert.equal(differenceOf({ net: 100n, cost: 0n, expected: 0n }), 100n)
  })
})
