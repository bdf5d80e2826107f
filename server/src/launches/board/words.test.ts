import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amount, estimate, estimateRange, exposure, isZone, momentOf, nearDateOf } from './words.ts'

test('estimates have three digits, and the scale of the larger', () => {
  assert.equal(estimate(12_345_678, 'eur'), 'EUR 123,000')
  assert.equal(estimate(128_400_000_00, 'eur'), 'EUR 128 million')
  assert.equal(estimate(1_284_000_00, 'eur'), 'EUR 1.28 million')
  assert.equal(estimate(4_100_000_000_00, 'eur'), 'EUR 4.1 billion')
  assert.equal(estimate(957, 'eur'), 'EUR 9.57')
  assert.equal(estimate(0, 'eur'), 'EUR 0')
  assert.equal(estimate(123_456, 'jpy'), 'JPY 123,000')
  assert.equal(estimateRange(900_000_00, 1_600_000_00, 'eur'), 'EUR 0.9 to 1.6 million')
  assert.equal(estimateRange(2_465_75, 4_383_56, 'eur'), 'EUR 2,470 to 4,380')
  assert.equal(estimateRange(0, 11_000_00, 'eur'), 'EUR 0 to 11,000')
  assert.equal(estimateRange(5_000, 5_000, 'eur'), 'EUR 50')
})

test('what moved is written to the cent', () => {
  assert.equal(amount(88_729_14, 'eur'), '88,729.14')
  assert.equal(amount(88_729_14, 'jpy'), '8,872,914')
})

test('shares and moments', () => {
  assert.equal(exposure(5), '0.05 %')
  assert.equal(exposure(10_000), '100 %')
  assert.equal(momentOf(1_795_341_600, 'Europe/Prague'), '22 Nov 2026 11:00')
  assert.equal(nearDateOf(1_795_341_600, 1_795_000_000, 'UTC'), '22 Nov')
  assert.equal(nearDateOf(1_895_341_600, 1_795_000_000, 'UTC'), 'Jan 2030')
  assert.deepEqual([isZone('Europe/Prague'), isZone('Nowhere/At_all')], [true, false])
})
