import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEFAULT_FEES, divideHalfUp, type FeeSchedule, feeOf } from './fees.ts'

const NONE: FeeSchedule = { bps: 0, fixed: 0 }

/** Amount and fee in minor units, by exponent. 2.9 % and 0.30 unless said. */
const TABLE: readonly (readonly [
  what: string,
  amount: bigint,
  exponent: number,
  fee: bigint,
  schedule?: FeeSchedule,
])[] = [
  ['20.00', 2_000n, 2, 88n],
  ['exactly half a cent goes up', 500n, 2, 15n, { bps: 290, fixed: 0 }],
  ['just below half goes down', 499n, 2, 14n, { bps: 290, fixed: 0 }],
  ['just above half goes up', 501n, 2, 15n, { bps: 290, fixed: 0 }],
  ['no decimals: 0.30 of a unit is nothing', 500n, 0, 15n],
  ['no decimals: half a unit goes up', 100n, 0, 1n, { bps: 0, fixed: 50 }],
  ['three decimals: 0.300', 10_000n, 3, 590n],
  ['four decimals', 10_000n, 4, 3_290n],
  ['never more than the payment', 20n, 2, 20n],
  ['one bps of a large amount', 99_999_999n, 2, 10_000n, { bps: 1, fixed: 0 }],
  ['all of it', 1_000n, 2, 1_000n, { bps: 10_000, fixed: 0 }],
  ['free', 1_000n, 2, 0n, NONE],
]

for (const [what, amount, exponent, fee, schedule = DEFAULT_FEES] of TABLE) {
  test(`the fee of ${amount} with ${exponent} decimals is ${fee}: ${what}`, () => {
    assert.equal(feeOf(schedule, amount, exponent), fee)
  })
}

test('half up is what it says, to the last unit', () => {
  for (let dividend = 0n; dividend < 40n; dividend++) {
    for (let divisor = 1n; divisor < 12n; divisor++) {
      const rounded = divideHalfUp(dividend, divisor)
      const twice = 2n * (rounded * divisor - dividend)
      assert.ok(twice > -divisor && twice <= divisor, `${dividend} / ${divisor} is ${rounded}`)
    }
  }
})
