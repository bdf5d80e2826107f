import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createFakeRail, declined, succeeded } from '../../test/support/fake-rail.ts'
import { attemptMade } from '../../test/support/payment-rows.ts'
import type { TenantId, Uuid } from '../kit/index.ts'
import type { Authorised, Rail } from '../rails/index.ts'
import { askRail, careful, enquireOrSend, within } from './ask-rail.ts'

const id = (number: number): Uuid => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}` as Uuid
const tenant = 1 as TenantId

const ATTEMPT = attemptMade({})

/** A rail that notes every order that leaves us, whether it arrives or not. */
const noting = () => {
  const fake = createFakeRail()
  const sent: (readonly [kind: string, reference: string])[] = []
  const { authorise, capture, void: release } = fake.rail
  const rail: Rail = {
    ...fake.rail,
    authorise: (order) => {
      sent.push([`authorise ${order.offSession ? 'off' : 'on'} session`, order.reference])
      return authorise(order)
    },
    capture: (order) => {
      sent.push([`capture of ${order.of}`, order.reference])
      return capture(order)
    },
    void: (order) => {
      sent.push([`void of ${order.of}`, order.reference])
      return release(order)
    },
  }
  return { fake, rail, sent }
}

const ask = (rail: Rail, attempt = ATTEMPT, isResumed = false): Promise<Authorised> =>
  askRail(rail, tenant, attempt, { isResumed, nowMs: () => Date.now() })

describe('the rail is asked', () => {
  test('under the attempt’s own id, with what the payment says', async () => {
    const { rail, sent } = noting()
    await ask(rail)
    await ask(rail, { ...ATTEMPT, id: id(5), offSession: true })
    await ask(rail, { ...ATTEMPT, id: id(6), order: 'capture' })
    await ask(rail, { ...ATTEMPT, id: id(7), order: 'void' })
    assert.deepEqual(sent, [
      ['authorise on session', id(1)],
      ['authorise off session', id(5)],
      [`capture of ${id(1)}`, id(6)],
      [`void of ${id(1)}`, id(7)],
    ])
  })

  test('what became of an order whose answer was lost: it is not sent again', async () => {
    const { fake, rail, sent } = noting()
    fake.ordersNext.push('lost')
    assert.equal((await ask(rail)).kind, 'succeeded')
    assert.equal(sent.length, 1)
  })

  test('again for an order that never arrived, under the same reference', async () => {
    const { fake, rail, sent } = noting()
    fake.ordersNext.push('never_arrived')
    assert.equal((await ask(rail)).kind, 'succeeded')
    assert.deepEqual(
      sent.map(([, reference]) => reference),
      [id(1), id(1)],
    )
  })

  test('first what became of it, where somebody may have sent it before', async () => {
    const { rail, sent } = noting()
    await rail.authorise({
      ...ATTEMPT,
      tenant,
      reference: id(1),
      authentication: null,
      isVerification: false,
    })
    assert.equal((await ask(rail, ATTEMPT, true)).kind, 'succeeded')
    assert.equal(sent.length, 1)
  })

  test('once more after the customer was authenticated, and not before', async () => {
    const { fake, rail, sent } = noting()
    fake.ordersNext.push({ kind: 'requires_action', authentication: 'auth_1', url: '/a' })
    assert.equal((await ask(rail)).kind, 'requires_action')
    assert.equal((await enquireOrSend(rail, tenant, ATTEMPT)).kind, 'requires_action')
    assert.equal(sent.length, 1)
    const known = { ...ATTEMPT, authenticatedBy: 'auth_1' }
    assert.equal((await enquireOrSend(rail, tenant, known)).kind, 'succeeded')
    assert.equal(sent.length, 2)
  })
})

describe('an answer', () => {
  test('that does not come in time, or is an error, is unknown and never a decline', async () => {
    const never = new Promise<Authorised>(() => undefined)
    assert.equal((await within(never, 5)).kind, 'unknown')
    const thrown = await careful(() => Promise.reject(new Error('no route')))
    assert.deepEqual(thrown, { kind: 'unknown', reason: 'Error: no route' })
  })

  test('that comes is what it is', async () => {
    assert.equal(await within(Promise.resolve(declined), 1_000), declined)
    const answer = succeeded('arn')
    assert.equal(await careful(async () => answer), answer)
  })
})
