import assert from 'node:assert/strict'
import { test } from 'node:test'
import { median, medianInterval, medianRatio, percentile } from './statistics.ts'

test('The median of an odd number of values is the one in the middle, of an even number the mean of two.', () => {
  assert.equal(median([9, 1, 5]), 5)
  assert.equal(median([4, 1, 3, 2]), 2.5)
  assert.equal(median([7]), 7)
  assert.ok(Number.isNaN(median([])))
})

test('A percentile is a value that was measured, and never beyond the largest.', () => {
  const hundred = Float64Array.from({ length: 100 }, (_, at) => at + 1)
  assert.equal(percentile(hundred, 0.5), 50)
  assert.equal(percentile(hundred, 0.99), 99)
  assert.equal(percentile(hundred, 1), 100)
  assert.equal(percentile(Float64Array.of(3), 0.99), 3)
  assert.equal(percentile(Float64Array.of(3), 0), 3)
})

test('A ratio is the median of the ratios of each round, so that one disturbed round does not count.', () => {
  assert.equal(medianRatio([50, 5, 60], [100, 100, 100]), 0.5)
  // The machine was slow in the second round, for both alike.
  assert.equal(medianRatio([50, 5, 50], [100, 10, 100]), 0.5)
})

test('Of twenty values the median lies between the sixth and the fifteenth, of few ones between all of them.', () => {
  const twenty = Array.from({ length: 20 }, (_, at) => at + 1)
  assert.deepEqual(medianInterval(twenty), [6, 15])
  assert.deepEqual(medianInterval(twenty.toReversed()), [6, 15])
  assert.deepEqual(medianInterval([3, 1, 2]), [1, 3])
})
