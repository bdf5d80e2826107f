import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addCounts, nextStop, totalOf, wholeSecond } from './model.ts'

const S = 1_000_000n

test('a clock stops at what is due first, at a whole second, and never past its target', () => {
  assert.equal(nextStop([], 10n * S), 10n * S)
  assert.equal(nextStop([null, 7n * S, 5n * S], 10n * S), 5n * S)
  assert.equal(nextStop([11n * S], 10n * S), 10n * S)
  assert.equal(nextStop([5n * S + 1n], 10n * S), 6n * S)
  assert.deepEqual([0n, 1n, S - 1n, S, S + 1n].map(wholeSecond), [0n, S, S, S, 2n * S])
})

test('what was done is counted by kind', () => {
  const counts = addCounts({ timers: 1 }, { timers: 2, deliveries: 3, nothing: 0 })
  assert.deepEqual(counts, { timers: 3, deliveries: 3 })
  assert.equal(totalOf(counts), 6)
})
