import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BACKOFF_FIRST_MS, BACKOFF_MOST_MS } from './limits.ts'
import { type Failure, mayPass, pauseAfter, readRetryAfter } from './retry.ts'

const answered = (status: number, headers: { should?: string; afterMs?: number } = {}): Failure => ({
  kind: 'answered',
  status,
  shouldRetry: headers.should ?? null,
  retryAfterMs: headers.afterMs ?? null,
})
const lost: Failure = { kind: 'lost' }

describe('a request is sent again', () => {
  test('when there was no answer, or one that passes', () => {
    assert.ok(mayPass(lost))
    for (const status of [409, 429, 502, 503, 504]) assert.ok(mayPass(answered(status)), String(status))
    for (const status of [400, 401, 403, 404, 413, 500]) assert.ok(!mayPass(answered(status)), String(status))
  })

  test('when the server says so, whatever the status, and not when it says no', () => {
    assert.ok(mayPass(answered(500, { should: 'true' })))
    assert.ok(!mayPass(answered(503, { should: 'false' })))
  })

  test('as often as was asked for, and no more', () => {
    assert.notEqual(pauseAfter(lost, { failed: 3, retries: 3, random: 0 }), null)
    assert.equal(pauseAfter(lost, { failed: 4, retries: 3, random: 0 }), null)
    assert.equal(pauseAfter(lost, { failed: 1, retries: 0, random: 0 }), null)
  })
})

describe('the pause before it', () => {
  test('is drawn from a range that doubles up to a bound', () => {
    const longest = (failed: number) => pauseAfter(lost, { failed, retries: 10, random: 0.999_999 }) ?? 0
    assert.equal(pauseAfter(lost, { failed: 3, retries: 10, random: 0 }), 0)
    assert.equal(longest(1), BACKOFF_FIRST_MS - 1)
    assert.equal(longest(2), 2 * BACKOFF_FIRST_MS - 1)
    assert.equal(longest(10), BACKOFF_MOST_MS - 1)
  })

  test('is never shorter than what the server asks for', () => {
    const asked = answered(503, { afterMs: 2_000 })
    assert.equal(pauseAfter(asked, { failed: 1, retries: 3, random: 0 }), 2_000)
    assert.equal(pauseAfter(asked, { failed: 1, retries: 3, random: 0.5 }), 2_000 + BACKOFF_FIRST_MS / 2)
  })

  test('is not waited for when the server asks for very long', () => {
    assert.equal(pauseAfter(answered(503, { afterMs: 61_000 }), { failed: 1, retries: 3, random: 0 }), null)
  })

  test('is read from seconds and from dates', () => {
    const nowMs = Date.parse('2026-11-22T10:00:00Z')
    assert.equal(readRetryAfter('7', nowMs), 7_000)
    assert.equal(readRetryAfter('Sun, 22 Nov 2026 10:00:09 GMT', nowMs), 9_000)
    assert.equal(readRetryAfter('Sun, 22 Nov 2026 09:00:00 GMT', nowMs), 0)
    assert.equal(readRetryAfter('soon', nowMs), null)
    assert.equal(readRetryAfter(null, nowMs), null)
  })
})
