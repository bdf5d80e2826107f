import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addCounts, nextStop, totalOf, wholeSecond } from './model.ts'

test('a clock stops at the whole second of what is due first, and never past its target', () => {
  const target = 10_000_000n
  const cases: readonly (readonly [(bigint | null)[], bigint])[] = [
    [[], target],
    [[null, null], target],
    [[3_000_000n], 3_000_000n],
    [[3_000_001n, 2_500_000n], 3_000_000n],
    [[9_999_999n], target],
    [[10_000_001n], target],
  ]
  for (const [dues, stop] of cases) assert.equal(nextStop(dues, target), stop, String(dues))
  assert.equal(wholeSecond(0n), 0n)
})

test('counts add up by kind, and what did not happen is not counted', () => {
  const sum = addCounts({ a: 1, b: 2 }, { b: 3, c: 0 })
  assert.deepEqual(sum, { a: 1, b: 5 })
  assert.equal(totalOf(sum), 6)
})
