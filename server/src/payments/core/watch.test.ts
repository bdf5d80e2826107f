import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Uuid } from '../../kit/index.ts'
import { brokenOf, settledWrong, summed, type WatchedCharge } from './watch.ts'

const id = (number: number): Uuid => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}` as Uuid

const taken: WatchedCharge = {
  id: id(1),
  amount: 1_000n,
  captured: 700n,
  hold: null,
  transaction: id(2),
  isCanceled: false,
  others: 0,
  takings: 1,
  taken: 700n,
  posted: 700n,
}
const held: WatchedCharge = {
  ...taken,
  captured: 0n,
  hold: id(3),
  transaction: null,
  takings: 0,
  taken: 0n,
  posted: 1_000n,
}
const released: WatchedCharge = { ...held, hold: null, posted: null, isCanceled: true }

describe('an exposed charge', () => {
  for (const [what, charge, metrics] of [
    ['that was taken, with its transfer', taken, []],
    ['that is held, with its hold', held, []],
    ['whose hold was released', released, []],
    ['of a payment with another one', { ...taken, others: 1 }, ['duplicate_debit']],
    ['that was taken twice', { ...taken, takings: 2, taken: 1_400n }, ['duplicate_debit']],
    ['without its transfer', { ...taken, posted: null }, ['posting_missing']],
    ['without its hold', { ...held, posted: null }, ['posting_missing']],
    ['with a transfer of another amount', { ...taken, posted: 701n }, ['posting_missing']],
    ['with a hold of another amount', { ...held, posted: 999n }, ['posting_missing']],
    ['with neither, though nobody canceled', { ...released, isCanceled: false }, ['posting_missing']],
    ['without its balance transaction', { ...taken, takings: 0, taken: 0n }, ['books_balance']],
    ['with a balance transaction of another amount', { ...taken, taken: 699n }, ['books_balance']],
  ] as const) {
    test(`${what}: ${metrics.join(', ') || 'sound'}`, () => {
      assert.deepEqual(
        brokenOf(charge).map(({ metric }) => metric),
        metrics,
      )
    })
  }
})

describe('a capture that its rail settled', () => {
  const wrong = (lines: number, paid: bigint): string[] =>
    settledWrong({ charge: id(1), lines, paid, captured: 700n }).map(({ metric }) => metric)

  test('is a duplicate in two lines, and does not balance with another amount', () => {
    assert.deepEqual(
      [wrong(1, 700n), wrong(2, 1_400n), wrong(1, 699n)],
      [[], ['duplicate_debit'], ['books_balance']],
    )
  })
})

test('what is broken is told once for each invariant, with how often and the first example', () => {
  const broken = [
    ...brokenOf({ ...taken, others: 1 }),
    ...brokenOf({ ...taken, id: id(9), others: 2, posted: null }),
  ]
  assert.deepEqual(
    summed(broken).map(({ metric, count, charge }) => [metric, count, charge]),
    [
      ['duplicate_debit', 2, id(1)],
      ['posting_missing', 1, id(9)],
    ],
  )
  assert.deepEqual(summed([]), [])
})
