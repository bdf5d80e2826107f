import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RETRY_DELAYS_S } from '../limits.ts'
import { nextAttempt } from './schedule.ts'

const NOW = 1_000_000_000_000_000n
const seconds = (micros: bigint | null): number | null =>
  micros === null ? null : Number((micros - NOW) / 1_000_000n)

const after = (attempts: number, retryAfterS: number | null = null, chance = 0): number | null =>
  seconds(nextAttempt({ attempts, nowMicros: NOW, retryAfterS, chance }))

test('ten attempts over three days and some hours', () => {
  const delays = Array.from({ length: 10 }, (_, index) => after(index + 1))
  assert.deepEqual(delays, [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, null])
  const hours = RETRY_DELAYS_S.reduce((sum: number, delay) => sum + delay, 0) / 3_600
  assert.ok(hours > 72 && hours < 80, `${hours}`)
})

test('chance puts a retry off by up to a tenth, and never brings it forward', () => {
  assert.deepEqual([after(2, null, 0), after(2, null, 0.5), after(2, null, 1)], [300, 315, 330])
})

test('an endpoint may ask for more patience, up to a day, but not for less', () => {
  assert.deepEqual([after(1, 60), after(2, 60), after(1, 999_999), after(1, -5)], [60, 300, 86_400, 5])
  assert.equal(after(10, 60), null)
})
