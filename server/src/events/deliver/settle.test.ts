import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Uuid } from '../../kit/index.ts'
import type { Attempted } from './lane.ts'
import { resultOf } from './settle.ts'

const NOW = 1_000_000_000_000_000n
const id = '0199a1b2-c3d4-7e5f-8091-a2b3c4d5e6f7' as Uuid

const attempted = (posted: Partial<Attempted['posted']>, attempts = 0): Attempted => ({
  ready: {
    id,
    createdMicros: 1n,
    endpoint: id,
    eventSequence: 1n,
    objectId: null,
    attempts,
    eventId: 'evt_1',
    body: '{}',
  },
  posted: { status: null, error: null, response: '', retryAfterS: null, durationMs: 3, ...posted },
  sentMs: 5,
  requestHeaders: {},
})

const stateAfter = (posted: Partial<Attempted['posted']>, attempts = 0): readonly unknown[] => {
  const { state, dueMicros } = resultOf(attempted(posted, attempts), NOW, 0)
  return [state, dueMicros === null ? null : (dueMicros - NOW) / 1_000_000n]
}

test('a delivery has arrived when the endpoint says 2xx, and only then', () => {
  for (const status of [200, 204, 299]) assert.deepEqual(stateAfter({ status }), ['succeeded', null])
  for (const status of [100, 199, 301, 302, 307, 400, 429, 500])
    assert.deepEqual(stateAfter({ status }), ['pending', 5n], String(status))
  for (const error of ['timeout', 'connection_refused', 'address_not_allowed'])
    assert.deepEqual(stateAfter({ error }), ['pending', 5n], error)
})

test('each failure is followed by a longer pause, and the tenth is the last', () => {
  const pauses = Array.from({ length: 10 }, (_, attempts) => stateAfter({ status: 500 }, attempts)[1])
  assert.deepEqual(pauses, [5n, 300n, 1_800n, 7_200n, 18_000n, 36_000n, 50_400n, 72_000n, 86_400n, null])
  assert.equal(stateAfter({ status: 500 }, 9)[0], 'failed')
})

test('an endpoint that is gone is not tried again, and one that asks for patience is given it', () => {
  assert.deepEqual(stateAfter({ status: 410 }), ['failed', null])
  assert.deepEqual(stateAfter({ status: 503, retryAfterS: 60 }), ['pending', 60n])
})

test('the attempt is counted, with the answer that there was', () => {
  const { number, status, due } = resultOf(attempted({ status: 500 }, 3), NOW, 0)
  assert.deepEqual([number, status, due.id], [4, 500, id])
})
