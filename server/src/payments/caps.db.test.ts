import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { declined, succeeded } from '../../test/support/fake-rail.ts'
import type { Shown } from '../../test/support/payments-world.ts'
import {
  asksFor,
  CAPS,
  chargesOf,
  errorOf,
  HOLD,
  PAY,
  PAYMENTS,
  reserved,
  soundPayments,
  verified,
  wayOf,
} from '../../test/support/sound-payments.ts'

const { world, tenant } = soundPayments()

const UNKNOWN = { kind: 'unknown', reason: 'silent' } as const

describe('what an exposed attempt reserves', () => {
  test('is its full amount, in the commit that makes it; above the cap a payment goes the control way', async () => {
    const books = await tenant()
    await books.launch({ caps: { ...CAPS, perStage: 2_500, perPayment: 1_500 } })
    const ways = [
      wayOf(await books.pay(1_500)),
      wayOf(await books.pay(1_501)),
      wayOf(await books.pay(1_001)),
      wayOf(await books.pay(1_000)),
      wayOf(await books.pay(50)),
    ]
    assert.deepEqual(ways, [
      ['express', true, 'bucket'],
      ['fake', false, 'cap'],
      ['fake', false, 'cap'],
      ['express', true, 'bucket'],
      ['fake', false, 'cap'],
    ])
    assert.equal(await reserved(books), 2_500)
  })

  test('never exceeds the cap, however many come at once', async () => {
    const books = await tenant()
    await books.launch({ caps: { ...CAPS, perStage: 7_000 } })
    await Promise.all(Array.from({ length: 30 }, () => books.pay(1_000)))
    const ways = (await chargesOf(books)).map(({ rail }) => rail)
    assert.equal(ways.filter((rail) => rail === 'express').length, 7)
    assert.equal(await reserved(books), 7_000)
  })

  test('is given back by a decline, and by a card that nobody will authenticate', async () => {
    const books = await tenant()
    await books.launch({ caps: CAPS })
    world().express.ordersNext.push(declined, asksFor('auth_c1'))
    assert.equal((await books.ask('POST', PAYMENTS, PAY)).status, 402)
    assert.equal(await reserved(books), 0)
    assert.equal((await books.ask('POST', PAYMENTS, `${PAY}&error_on_requires_action=true`)).status, 402)
    assert.equal(await reserved(books), 0)
  })

  test('is given back when the customer fails to authenticate, tries another card, or the payment is canceled', async () => {
    const books = await tenant()
    await books.launch({ caps: CAPS })
    world().express.ordersNext.push(asksFor('auth_c2'), asksFor('auth_c3'), asksFor('auth_c4'))
    await books.have('POST', PAYMENTS, PAY)
    const [other, canceled] = [
      await books.have('POST', PAYMENTS, PAY),
      await books.have('POST', PAYMENTS, PAY),
    ]
    assert.equal(await reserved(books), 3_000)
    const told = { id: 'n1', type: 'authentication', authentication: 'auth_c2', result: 'failed' } as const
    await Promise.all([books.tell(told), books.tell(told)])
    assert.equal(await reserved(books), 2_000)
    await books.have('POST', `${PAYMENTS}/${canceled['id']}/cancel`)
    assert.equal(await reserved(books), 1_000)
    await books.have('POST', `${PAYMENTS}/${other['id']}/confirm`, 'payment_method=pm_card_visa')
    assert.equal(await reserved(books), 1_000)
    const [first] = await books.rows(
      `select count(*)::integer as count from payments.attempts where tenant = $1 and state = 'abandoned'`,
    )
    assert.equal(first?.['count'], 2)
  })

  test('is given back by a cancellation and by an expiry, and once only', async () => {
    const books = await tenant()
    await books.launch({ caps: CAPS })
    const canceled = await books.have('POST', PAYMENTS, HOLD)
    await books.have('POST', PAYMENTS, HOLD)
    await books.have('POST', PAYMENTS, HOLD.replace('1000', '300'))
    assert.equal(await reserved(books), 2_300)
    world().express.ordersNext.push(UNKNOWN)
    await books.have('POST', `${PAYMENTS}/${canceled['id']}/cancel`)
    assert.equal(await reserved(books), 1_300)
    await books.fire('wall')
    assert.equal(await reserved(books), 1_300)
    await books.moveClock(7)
    await books.fire()
    await books.fire()
    assert.equal(await reserved(books), 0)
  })

  test('is given back for the rest that a capture leaves', async () => {
    const books = await tenant()
    await books.launch({ caps: CAPS })
    const held = await books.have('POST', PAYMENTS, HOLD)
    await books.have('POST', `${PAYMENTS}/${held['id']}/capture`, 'amount_to_capture=700')
    assert.equal(await reserved(books), 700)
    const refused = await books.ask('POST', `${PAYMENTS}/${held['id']}/capture`)
    assert.equal(refused.status, 400)
    assert.equal(await reserved(books), 700)
  })

  test('is kept by a refund, and while nobody knows', async () => {
    const books = await tenant()
    await books.launch({ caps: CAPS })
    const charge = await books.pay(1_000)
    await books.moveClock(3)
    await books.fire()
    await books.have('POST', '/v1/refunds', `charge=${charge['id']}`)
    assert.equal(await reserved(books), 1_000)
    world().express.ordersNext.push(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)
    const unknown = await books.have('POST', PAYMENTS, PAY)
    assert.equal(unknown['status'], 'processing')
    assert.equal(await reserved(books), 2_000)
    const reference = String(world().express.ordersSent.at(-1)?.reference)
    const late = { id: 'l1', type: 'order', reference, outcome: declined } as const
    await Promise.all([books.tell(late), books.tell(late)])
    await books.tell({ ...late, id: 'l2', outcome: succeeded('arn') })
    assert.equal(await reserved(books), 1_000)
    const intent = await books.have('GET', `${PAYMENTS}/${unknown['id']}`)
    assert.equal(intent['status'], 'requires_payment_method')
  })

  test('is of the day on which the attempt was made', async () => {
    const books = await tenant()
    await books.launch({ caps: { ...CAPS, perDay: 1_000 } })
    const first = await books.have('POST', PAYMENTS, HOLD)
    assert.deepEqual(wayOf(await books.pay(1_000)), ['fake', false, 'cap'])
    await books.moveClock(1)
    assert.deepEqual(wayOf(await books.pay(1_000)), ['express', true, 'bucket'])
    await books.have('POST', `${PAYMENTS}/${first['id']}/cancel`)
    assert.deepEqual(wayOf(await books.pay(1_000)), ['fake', false, 'cap'])
    assert.equal(await reserved(books), 1_000)
  })
})

test('verify finds a reservation that no attempt holds, and a charge that is stamped otherwise than its attempt', async () => {
  const books = await world().tenant()
  const control = await books.launch({ caps: CAPS })
  await books.pay(1_000)
  const failed = async (): Promise<string[]> =>
    (await verified(world(), [books.id]))
      .filter(({ ok }) => !ok)
      .flatMap(({ findings }) => findings.map(({ what }) => what))
  assert.deepEqual(await failed(), [])
  await books.tamper(
    'update exposure.counters set reserved_in_stage = reserved_in_stage + 1 where tenant = $1',
  )
  assert.deepEqual(await failed(), ['what is reserved of a launch’s caps is not what its attempts hold'])
  await books.tamper(
    'update exposure.counters set reserved_in_stage = reserved_in_stage - 1 where tenant = $1',
  )
  await books.tamper(`update payments.charges set body = body - 'stamps' where tenant = $1`)
  assert.deepEqual(await failed(), [
    'a charge is stamped otherwise than its attempt, or went to another rail',
  ])
  await books.tamper(
    `update payments.charges c set body = c.body || jsonb_build_object('stamps', a.body->'stamps')
       from payments.attempts a where a.tenant = $1 and a.id = c.attempt and c.tenant = $1`,
  )
  await books.tamper('update payments.attempts set in_flight = id where tenant = $1')
  assert.deepEqual(await failed(), ['an attempt is counted as in flight and is not, or the other way round'])
  await books.tamper('update payments.attempts set in_flight = null where tenant = $1')
  await books.tamper('delete from payments.exposed_intents where tenant = $1')
  assert.deepEqual(await failed(), ['a payment is listed as exposed and was not, or the other way round'])
  assert.ok(control.version > 0)
})

test('a refusal names its charge as it is stamped', async () => {
  const books = await tenant()
  await books.launch()
  world().express.ordersNext.push(declined)
  const failed = await books.ask('POST', PAYMENTS, PAY)
  const charge: Shown = await books.have('GET', `/v1/charges/${errorOf(failed)['charge']}`)
  assert.deepEqual(wayOf(charge), ['express', true, 'bucket'])
})
