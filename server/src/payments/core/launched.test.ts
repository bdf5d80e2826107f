import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attemptMade, chargeMade, stampMade } from '../../../test/support/payment-rows.ts'
import type { Uuid } from '../../kit/index.ts'
import { asFallback, asStopped, chooseWay, exposedBy, inFlight } from './launched.ts'
import type { AttemptState } from './model.ts'
import { newFallback, newFollowUp } from './open-attempt.ts'
import { latencyOf, newCharge } from './settle.ts'

const id = (number: number): Uuid => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}` as Uuid

const isThere = (rail: string): boolean => ['card', 'express'].includes(rail)
const control = stampMade({ launch: id(21), exposed: false })
const stamps = [control, stampMade({})]
const reservation = { launch: id(20), stage: 0, day: 20_000, amount: 1_000 }

describe('the way of an attempt', () => {
  for (const [launched, ordinary, rail, routes, isLaunched] of [
    [null, ['card'], 'card', [], false],
    [null, ['express', 'card'], 'express', ['card'], false],
    [['express'], ['card'], 'express', ['card'], true],
    [['express'], ['express', 'card'], 'express', ['card'], true],
    [['express', 'card'], ['card'], 'express', ['card'], true],
    [['live', 'express'], ['card'], 'express', ['card'], true],
    [['live'], ['card'], 'card', [], false],
    [['express', 'other'], ['live', 'card', 'card'], 'express', ['card'], true],
  ] as const) {
    test(`launched ${launched?.join(', ') ?? 'nothing'}, ordinary ${ordinary.join(', ')}: ${[rail, ...routes].join(', ')}`, () => {
      assert.deepEqual(chooseWay(launched, ordinary, isThere), { rail, routes, isLaunched })
    })
  }

  test('never has a second launched rail in it: no cap counts it, and no stop would reach it', () => {
    assert.deepEqual(chooseWay(['express', 'third'], ['card'], () => true).routes, ['card'])
  })
})

describe('what is remembered of a launch', () => {
  test('is the one that exposed the attempt, and nobody where none did', () => {
    assert.equal(exposedBy({ stamps }), id(20))
    assert.equal(exposedBy({ stamps: [control] }), null)
    assert.equal(exposedBy({}), null)
    assert.equal(exposedBy({ stamps: asStopped(stamps) }), null)
    assert.deepEqual(
      asStopped(stamps).map(({ reason }) => reason),
      ['bucket', 'stopped'],
    )
  })

  test('is in flight until the attempt ends', () => {
    const flying = (['sent', 'pending', 'unknown', 'requires_action'] as const).map((state) =>
      inFlight({ stamps, state }),
    )
    assert.deepEqual(flying, [id(20), id(20), id(20), id(20)])
    for (const state of ['succeeded', 'declined', 'abandoned'] as const satisfies readonly AttemptState[])
      assert.equal(inFlight({ stamps, state }), null, state)
  })

  test('goes on to the charge, with the rail and what it stands in for', () => {
    const attempt = attemptMade({ stamps, rail: 'express', fallbackOf: id(9) })
    const { card, ...method } = { ...chargeMade({}), id: id(4) }
    const intent = { ...chargeMade({}) } as unknown as Parameters<typeof newCharge>[0]['intent']
    const facts = { checks: null, networkTransactionId: null, authorisationCode: null, threeDSecure: null }
    const charge = newCharge({
      id: id(3),
      createdMicros: 1n,
      attempt,
      intent,
      method: { ...method, card },
      facts,
    })
    assert.deepEqual(
      [charge.stamps, charge.rail, charge.attempt, charge.fallbackOf],
      [stamps, 'express', id(1), id(9)],
    )
  })

  test('stays with the attempt for its capture, but for what it holds of the caps', () => {
    const wish = { attempt: id(5), claim: null, requestId: null, byClient: false, reason: null }
    const attempt = attemptMade({ stamps, rail: 'express', routes: ['card'], reservation })
    const capture = newFollowUp(attempt, {
      ...wish,
      order: 'capture',
      amount: 700n,
      createdMicros: 2n,
      sentMs: 5,
    })
    assert.deepEqual([capture.rail, capture.stamps, capture.sentMs], ['express', stamps, 5])
    assert.deepEqual([capture.reservation, capture.routes], [undefined, undefined])
  })
})

describe('the attempt at the next rail', () => {
  const wish = { attempt: id(5), charge: id(6), createdMicros: 2n, sentMs: 9 }
  const refused = attemptMade({
    stamps,
    reservation,
    rail: 'express',
    routes: ['card', 'third'],
    state: 'unknown',
    enquiries: 3,
    authentication: 'auth_1',
    authenticatedBy: 'auth_1',
    claim: { scope: '', key: 'key', digest: '00' },
  })

  test('is an order of its own for the same request, and in neither arm', () => {
    const next = newFallback(refused, wish)
    assert.deepEqual(
      [next?.id, next?.authorisation, next?.charge, next?.fallbackOf, next?.rail, next?.routes],
      [id(5), id(5), id(6), id(3), 'card', ['third']],
    )
    assert.deepEqual([next?.state, next?.enquiries, next?.sentMs, next?.claim], ['sent', 0, 9, refused.claim])
    assert.deepEqual([next?.reservation, next?.authenticatedBy], [undefined, null])
    assert.deepEqual(next?.stamps, asFallback(stamps))
    assert.deepEqual(
      next?.stamps?.map(({ exposed, reason }) => [exposed, reason]),
      [
        [false, 'fallback'],
        [false, 'fallback'],
      ],
    )
  })

  test('is not there where no rail is left', () => {
    assert.equal(newFallback({ ...refused, routes: [] }, wish), null)
    assert.equal(newFallback(attemptMade({}), wish), null)
  })
})

test('how long a rail took is known where somebody noted when it was asked', () => {
  assert.deepEqual(
    [latencyOf({ sentMs: 100 }, 130.4), latencyOf({ sentMs: 100 }, 90), latencyOf({}, 100)],
    [30, 0, null],
  )
})
