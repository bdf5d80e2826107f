import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Uuid } from '../../kit/index.ts'
import {
  changeEndpoint,
  type Endpoint,
  isEnabled,
  liveSecrets,
  rollSecret,
  typesWanted,
  wants,
} from './endpoint.ts'
import { isEventType, STRIPE_EVENT_TYPES } from './event-types.ts'

const ENDPOINT: Endpoint = {
  id: '0199a1b2-c3d4-7e5f-8091-a2b3c4d5e6f7' as Uuid,
  createdMicros: 0n,
  url: 'https://example.com/',
  enabledEvents: ['charge.succeeded'],
  description: null,
  metadata: { a: '1', b: '2' },
  apiVersion: null,
  livemode: false,
  disabledReason: null,
  disabledMicros: null,
  fromSequence: 0n,
  secrets: [{ sealed: 'first', expiresMs: null }],
  deleted: false,
}
const ALL: Endpoint = { ...ENDPOINT, enabledEvents: ['*'] }

test('an endpoint wants the types that it names, or all', () => {
  assert.deepEqual(
    [wants(ENDPOINT, 'charge.succeeded'), wants(ENDPOINT, 'charge.failed'), wants(ALL, 'charge.failed')],
    [true, false, true],
  )
  assert.deepEqual([typesWanted([ENDPOINT]), typesWanted([ENDPOINT, ALL])], [['charge.succeeded'], null])
})

test('Stripe’s list of types is whole', () => {
  assert.equal(STRIPE_EVENT_TYPES.length, 275)
  assert.deepEqual(['payment_intent.succeeded', 'payment_intent.done', '*'].map(isEventType), [
    true,
    false,
    false,
  ])
})

test('a rolled secret signs beside the new one until its time, and not longer than it had', () => {
  const once = rollSecret(ENDPOINT, { sealed: 'second', nowMs: 1_000, overlapMs: 500 })
  assert.deepEqual(once.secrets, [
    { sealed: 'second', expiresMs: null },
    { sealed: 'first', expiresMs: 1_500 },
  ])
  const names = (endpoint: Endpoint, nowMs: number) =>
    liveSecrets(endpoint, nowMs).map(({ sealed }) => sealed)
  assert.deepEqual([names(once, 1_499), names(once, 1_500)], [['second', 'first'], ['second']])
  const twice = rollSecret(once, { sealed: 'third', nowMs: 1_100, overlapMs: 10_000 })
  assert.deepEqual(
    twice.secrets.map(({ expiresMs }) => expiresMs),
    [null, 11_100, 1_500],
  )
  assert.deepEqual(rollSecret(twice, { sealed: 'now', nowMs: 1_200, overlapMs: 0 }).secrets, [
    { sealed: 'now', expiresMs: null },
  ])
})

test('secrets that sign are at most four', () => {
  let endpoint = ENDPOINT
  for (let count = 0; count < 9; count++)
    endpoint = rollSecret(endpoint, { sealed: `${count}`, nowMs: 0, overlapMs: 1_000 })
  assert.equal(endpoint.secrets.length, 4)
})

test('a change leaves alone what it does not name', () => {
  assert.deepEqual(changeEndpoint(ENDPOINT, {}, 5n), ENDPOINT)
  assert.deepEqual(changeEndpoint(ENDPOINT, { metadata: { a: '', c: '3' } }, 5n).metadata, { b: '2', c: '3' })
  assert.deepEqual(changeEndpoint(ENDPOINT, { metadata: '' }, 5n).metadata, {})
  assert.equal(changeEndpoint({ ...ENDPOINT, description: 'x' }, { description: null }, 5n).description, null)
})

test('disabled, and enabled again', () => {
  const off = changeEndpoint(ENDPOINT, { disabled: true }, 5n)
  assert.deepEqual([isEnabled(off), off.disabledReason, off.disabledMicros], [false, 'requested', 5n])
  assert.equal(changeEndpoint(off, { disabled: true }, 9n).disabledMicros, 5n)
  const on = changeEndpoint(off, { disabled: false }, 9n)
  assert.deepEqual([isEnabled(on), on.disabledReason, on.disabledMicros], [true, null, null])
  assert.equal(isEnabled({ ...ENDPOINT, deleted: true }), false)
})
