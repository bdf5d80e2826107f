import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MICROS_PER_DAY } from '../kit/index.ts'
import { availableOn, processingFee } from './balance.ts'
import type { PaymentSettings } from './settings.ts'

const SETTINGS: PaymentSettings = {
  fees: { bps: 290, fixed: 30 },
  disputeFee: 1_500,
  settlementDelayDays: 2,
}

test('money becomes available at the beginning of a day, so many days after it came', () => {
  const noon = 100n * MICROS_PER_DAY + MICROS_PER_DAY / 2n
  assert.equal(availableOn(noon, 2), 102n * MICROS_PER_DAY)
  assert.equal(availableOn(100n * MICROS_PER_DAY, 2), 102n * MICROS_PER_DAY)
  assert.equal(availableOn(101n * MICROS_PER_DAY - 1n, 1), 101n * MICROS_PER_DAY)
  assert.equal(availableOn(noon, 0), noon)
})

test('a fee is one that the currency can be written in, and is shown as Stripe shows amounts', () => {
  const shown = (currency: string, amount: bigint) => {
    const { fee, feeDetails } = processingFee(SETTINGS, amount, currency)
    return [fee, feeDetails.map((detail) => detail.amount)]
  }
  assert.deepEqual(shown('EUR', 2_000n), [88n, [88]])
  assert.deepEqual(shown('JPY', 2_000n), [58n, [58]])
  // 5,000 UGX of ours are written as 500,000, and a fee of 145 as 14,500.
  assert.deepEqual(shown('UGX', 5_000n), [145n, [14_500]])
  assert.deepEqual(shown('ISK', 5_000n), [145n, [14_500]])
  // 599 thousandths are rounded to what ends in 0.
  assert.deepEqual(shown('KWD', 10_300n), [600n, [600]])
  assert.deepEqual(shown('MGA', 200_000n), [5_800n, [58]])
  const free = processingFee({ ...SETTINGS, fees: { bps: 0, fixed: 0 } }, 2_000n, 'EUR')
  assert.deepEqual(free, { fee: 0n, feeDetails: [] })
})
