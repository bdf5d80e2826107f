import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { declined, succeeded } from '../../test/support/fake-rail.ts'
import {
  type Answered,
  type Books,
  openPayments,
  type PaymentsWorld,
  type Shown,
} from '../../test/support/payments-world.ts'
import type { ActionRequired } from '../rails/index.ts'
import { verifyPayments } from './verify.ts'

let world: PaymentsWorld
const seen: Books[] = []
before(async () => {
  world = await openPayments()
})
after(() => world.close())

const tenant = async (): Promise<Books> => {
  const books = await world.tenant()
  seen.push(books)
  return books
}

/** Whatever a test did: payments, postings and balance tell the same story. */
afterEach(async () => {
  const ids = seen.splice(0).map(({ id }) => id)
  const client = await world.pools.reader.connect()
  try {
    const checks = await verifyPayments(client, ids)
    assert.deepEqual(
      checks.filter(({ ok }) => !ok).map(({ name, findings }) => [name, findings]),
      [],
    )
  } finally {
    client.release()
  }
})

const PATH = '/v1/payment_intents'
const CARD = 'amount=1000&currency=eur&payment_method=pm_card_visa&confirm=true'
const HOLD = `${CARD}&capture_method=manual`
const [RECEIVABLE, PENDING, AVAILABLE, FEES] = [1100, 2100, 2200, 4100]

const asksFor = (authentication: string): ActionRequired => ({
  kind: 'requires_action',
  authentication,
  url: `/authentications/${authentication}`,
})

const errorOf = ({ body }: Answered): Shown => body['error'] as Shown
const typesOf = async (books: Books): Promise<string[]> => (await books.events()).map(({ type }) => type)
const show = (books: Books, intent: unknown): Promise<Shown> => books.have('GET', `${PATH}/${String(intent)}`)

describe('a payment', () => {
  test('that succeeds takes the money, less the fee, and says so', async () => {
    const books = await tenant()
    const intent = await books.have('POST', PATH, `${CARD}&description=Tea`)
    assert.deepEqual([intent['status'], intent['amount_received']], ['succeeded', 1_000])
    assert.deepEqual(await books.trial(), { [RECEIVABLE]: 1_000n, [PENDING]: -941n, [FEES]: -59n })
    assert.deepEqual(await books.agree(), { available: 0, pending: 941 })
    assert.deepEqual(await typesOf(books), [
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
    ])
    await books.moveClock(3)
    await books.fire()
    assert.deepEqual(await books.agree(), { available: 941, pending: 0 })
  })

  test('that is declined takes nothing, lets go of the card and may be tried again', async () => {
    const books = await tenant()
    world.fake.ordersNext.push(declined)
    const answer = await books.ask('POST', PATH, CARD)
    assert.equal(answer.status, 402)
    const { code, decline_code, type, charge, payment_intent } = errorOf(answer)
    assert.deepEqual([code, decline_code, type], ['card_declined', 'lost_card', 'card_error'])
    const intent = payment_intent as Shown
    assert.deepEqual([intent['status'], intent['payment_method']], ['requires_payment_method', null])
    assert.equal((intent['last_payment_error'] as Shown)['charge'], charge)
    assert.deepEqual(await books.trial(), {})
    const again = await books.have('POST', `${PATH}/${intent['id']}/confirm`, 'payment_method=pm_card_visa')
    assert.deepEqual([again['status'], again['last_payment_error']], ['succeeded', null])
    assert.deepEqual(await typesOf(books), [
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
      'charge.succeeded',
      'payment_intent.succeeded',
    ])
  })

  test('that is held is captured in part, and the rest is released', async () => {
    const books = await tenant()
    const intent = await books.have('POST', PATH, HOLD)
    assert.deepEqual([intent['status'], intent['amount_capturable']], ['requires_capture', 1_000])
    assert.deepEqual(await books.trial(), { [RECEIVABLE]: 0n, [PENDING]: 0n })
    const taken = await books.have('POST', `${PATH}/${intent['id']}/capture`, 'amount_to_capture=700')
    assert.deepEqual(
      [taken['status'], taken['amount_received'], taken['amount_capturable']],
      ['succeeded', 700, 0],
    )
    assert.deepEqual(await books.trial(), { [RECEIVABLE]: 700n, [PENDING]: -650n, [FEES]: -50n })
    assert.deepEqual((await typesOf(books)).slice(1), [
      'charge.succeeded',
      'payment_intent.amount_capturable_updated',
      'charge.captured',
      'payment_intent.succeeded',
    ])
    const more = await books.ask('POST', `${PATH}/${intent['id']}/capture`)
    assert.equal(errorOf(more)['code'], 'payment_intent_unexpected_state')
    assert.equal((errorOf(more)['payment_intent'] as Shown)['status'], 'succeeded')
  })

  test('that is held is canceled, or ends by itself after seven days, and nothing moves', async () => {
    const books = await tenant()
    const canceled = await books.have('POST', PATH, HOLD)
    const expired = await books.have('POST', PATH, HOLD)
    const kept = await books.have('POST', PATH, HOLD)
    await books.have('POST', `${PATH}/${canceled['id']}/cancel`, 'cancellation_reason=duplicate')
    await books.have('POST', `${PATH}/${kept['id']}/capture`)
    await books.moveClock(6)
    await books.fire()
    assert.equal((await show(books, expired['id']))['status'], 'requires_capture')
    await books.moveClock(1)
    await books.fire()
    await books.fire()
    const after = await show(books, expired['id'])
    assert.deepEqual([after['status'], after['cancellation_reason']], ['canceled', 'automatic'])
    assert.equal((await show(books, kept['id']))['status'], 'succeeded')
    assert.equal((await show(books, canceled['id']))['cancellation_reason'], 'duplicate')
    assert.deepEqual(
      (await typesOf(books)).filter((type) => /expired|canceled/.test(type)),
      ['payment_intent.canceled', 'charge.expired', 'payment_intent.canceled'],
    )
    assert.deepEqual(await books.trial(), {
      [RECEIVABLE]: 1_000n,
      [PENDING]: 0n,
      [AVAILABLE]: -941n,
      [FEES]: -59n,
    })
  })

  test('whose money is available at once goes on to the available balance in the same commit', async () => {
    const books = await tenant()
    world.fake.ordersNext.push({ ...succeeded('arn'), availableAtOnce: true })
    await books.have('POST', PATH, CARD)
    assert.deepEqual(await books.agree(), { available: 941, pending: 0 })
  })
})

describe('authentication', () => {
  test('goes on with the payment once the rail says that it succeeded, however often it says so', async () => {
    const books = await tenant()
    world.fake.ordersNext.push(asksFor('auth_1'))
    const intent = await books.have('POST', PATH, `${CARD}&return_url=https://shop.example/back`)
    assert.equal(intent['status'], 'requires_action')
    const { redirect_to_url: to } = intent['next_action'] as { redirect_to_url: Shown }
    assert.match(String(to['url']), /^http:\/\/127\.0\.0\.1:8484\/authentications\/auth_1\?return_url=/)
    const told = { id: 'n1', type: 'authentication', authentication: 'auth_1', result: 'succeeded' } as const
    await Promise.all([books.tell(told), books.tell(told)])
    await books.tell(told)
    assert.equal((await show(books, intent['id']))['status'], 'succeeded')
    assert.deepEqual(await books.agree(), { available: 0, pending: 941 })
    assert.equal((await typesOf(books)).filter((type) => type === 'charge.succeeded').length, 1)
  })

  test('that failed is no charge, and the payment waits for another card', async () => {
    const books = await tenant()
    world.fake.ordersNext.push(asksFor('auth_2'))
    const intent = await books.have('POST', PATH, CARD)
    assert.equal((intent['next_action'] as Shown)['type'], 'use_stripe_sdk')
    await books.tell({ id: 'n2', type: 'authentication', authentication: 'auth_2', result: 'failed' })
    const after = await show(books, intent['id'])
    const error = after['last_payment_error'] as Shown
    assert.deepEqual(
      [after['status'], error['code'], after['latest_charge']],
      ['requires_payment_method', 'payment_intent_authentication_failure', null],
    )
  })

  test('with manual confirmation waits for the next confirm', async () => {
    const books = await tenant()
    world.fake.ordersNext.push(asksFor('auth_3'))
    const intent = await books.have('POST', PATH, `${CARD}&confirmation_method=manual`)
    await books.tell({ id: 'n3', type: 'authentication', authentication: 'auth_3', result: 'succeeded' })
    assert.equal((await show(books, intent['id']))['status'], 'requires_confirmation')
    const after = await books.have('POST', `${PATH}/${intent['id']}/confirm`)
    assert.equal(after['status'], 'succeeded')
  })

  test('that nobody will wait for is a decline', async () => {
    const books = await tenant()
    world.fake.ordersNext.push(asksFor('auth_4'))
    const answer = await books.ask('POST', PATH, `${CARD}&error_on_requires_action=true`)
    assert.deepEqual([answer.status, errorOf(answer)['code']], [402, 'authentication_required'])
  })

  test('that a cancel came before changes nothing any more', async () => {
    const books = await tenant()
    world.fake.ordersNext.push(asksFor('auth_5'))
    const intent = await books.have('POST', PATH, CARD)
    await books.have('POST', `${PATH}/${intent['id']}/cancel`)
    await books.tell({ id: 'n5', type: 'authentication', authentication: 'auth_5', result: 'succeeded' })
    assert.equal((await show(books, intent['id']))['status'], 'canceled')
    assert.deepEqual(await books.trial(), {})
  })
})

describe('an answer that does not come', () => {
  test('is asked for within the request: the payment succeeds and is sent once', async () => {
    const books = await tenant()
    world.fake.ordersNext.push('lost')
    const sent = world.fake.ordersSent.length
    assert.equal((await books.have('POST', PATH, CARD))['status'], 'succeeded')
    assert.equal(world.fake.ordersSent.length, sent + 1)
  })

  test('of an order that never arrived: it is sent again, with the same reference', async () => {
    const books = await tenant()
    world.fake.ordersNext.push('never_arrived')
    assert.equal((await books.have('POST', PATH, CARD))['status'], 'succeeded')
    assert.deepEqual(await books.agree(), { available: 0, pending: 941 })
  })

  test('within the budget leaves the payment processing; the timer heals it, a late answer and another change nothing', async () => {
    const books = await tenant()
    const silence = { kind: 'unknown', reason: 'silent' } as const
    world.fake.ordersNext.push(...Array.from({ length: 6 }, () => silence))
    const intent = await books.have('POST', PATH, CARD)
    assert.equal(intent['status'], 'processing')
    assert.deepEqual(await books.trial(), {})
    world.fake.ordersNext.length = 0
    await Promise.all([books.fire('wall'), books.fire('wall')])
    assert.equal((await show(books, intent['id']))['status'], 'succeeded')
    const reference = String(world.fake.ordersSent.at(-1)?.reference)
    const late = { id: 'late', type: 'order', reference, outcome: succeeded('late') } as const
    await books.tell(late)
    await books.tell({ ...late, id: 'later', outcome: declined })
    assert.deepEqual(await books.agree(), { available: 0, pending: 941 })
    assert.deepEqual(await typesOf(books), [
      'payment_intent.created',
      'payment_intent.processing',
      'charge.succeeded',
      'payment_intent.succeeded',
    ])
  })

  test('that the rail gives later makes a pending charge first', async () => {
    const books = await tenant()
    world.fake.ordersNext.push({ kind: 'pending', railReference: 'arn' })
    const intent = await books.have('POST', PATH, CARD)
    assert.equal(intent['status'], 'processing')
    const charge = await books.have('GET', `/v1/charges/${intent['latest_charge']}`)
    assert.deepEqual([charge['status'], charge['paid'], charge['outcome']], ['pending', false, null])
    const reference = String(world.fake.ordersSent.at(-1)?.reference)
    await books.tell({ id: 'told', type: 'order', reference, outcome: succeeded('arn') })
    assert.equal((await show(books, intent['id']))['status'], 'succeeded')
    assert.deepEqual(await books.agree(), { available: 0, pending: 941 })
  })
})

describe('a process that is killed between the units', () => {
  for (const [when, next] of [
    ['after the rail did it', []],
    ['before the rail got it', ['never_arrived' as const]],
  ] as const) {
    test(`${when}: the same key goes on from the step and gets the true outcome`, async () => {
      const books = await tenant()
      const sent = world.fake.ordersSent.length
      world.kill.finishes = 1
      world.fake.ordersNext.push(...(next.length === 0 ? [] : Array.from({ length: 6 }, () => next[0])))
      assert.equal((await books.ask('POST', PATH, CARD, `key ${when}`)).status, 500)
      world.fake.ordersNext.length = 0
      const early = await books.ask('POST', PATH, CARD, `key ${when}`)
      assert.equal(early.status, 409)
      await books.endLeases()
      const answer = await books.ask('POST', PATH, CARD, `key ${when}`)
      assert.deepEqual([answer.status, answer.body['status']], [200, 'succeeded'])
      const again = await books.ask('POST', PATH, CARD, `key ${when}`)
      assert.deepEqual([again.replayed, again.body], [true, answer.body])
      assert.equal(world.fake.ordersSent.length, sent + 1)
      assert.deepEqual(await books.agree(), { available: 0, pending: 941 })
    })

    test(`${when}: the timer finishes it and answers the key`, async () => {
      const books = await tenant()
      world.kill.finishes = 1
      world.fake.ordersNext.push(...(next.length === 0 ? [] : Array.from({ length: 6 }, () => next[0])))
      assert.equal((await books.ask('POST', PATH, CARD, `timer ${when}`)).status, 500)
      world.fake.ordersNext.length = 0
      await books.fire('wall')
      assert.deepEqual(await books.trial(), {}, 'its worker’s lease lives')
      await books.endLeases()
      await books.fire('wall')
      assert.deepEqual(await books.agree(), { available: 0, pending: 941 })
      const answer = await books.ask('POST', PATH, CARD, `timer ${when}`)
      assert.deepEqual([answer.replayed, answer.body['status']], [true, 'succeeded'])
      assert.deepEqual(
        await books.rows(`select kind from database.timers where tenant = $1 and kind = 'payments.attempt'`),
        [],
      )
    })
  }

  test('without a key: a capture is finished by the timer, and meanwhile nobody else captures', async () => {
    const books = await tenant()
    const intent = await books.have('POST', PATH, HOLD)
    world.kill.finishes = 1
    assert.equal((await books.ask('POST', `${PATH}/${intent['id']}/capture`)).status, 500)
    const other = await books.ask('POST', `${PATH}/${intent['id']}/capture`)
    assert.deepEqual([other.status, errorOf(other)['code']], [429, 'lock_timeout'])
    await books.fire('wall')
    assert.equal((await show(books, intent['id']))['status'], 'succeeded')
    assert.deepEqual(await books.agree(), { available: 0, pending: 941 })
  })

  test('of two clients with the same key one pays, and both see the same payment', async () => {
    const books = await tenant()
    const both = await Promise.all([
      books.ask('POST', PATH, CARD, 'twice'),
      books.ask('POST', PATH, CARD, 'twice'),
    ])
    const statuses = both.map(({ status }) => status).toSorted()
    assert.deepEqual(statuses, [200, 409])
    const after = await books.ask('POST', PATH, CARD, 'twice')
    assert.equal(after.body['id'], both.find(({ status }) => status === 200)?.body['id'])
    assert.deepEqual(await books.agree(), { available: 0, pending: 941 })
    const other = await books.ask('POST', PATH, `${CARD}&description=other`, 'twice')
    assert.equal(errorOf(other)['code'], 'idempotency_key_reused')
  })
})

test('a capture that the rail declines leaves the money held; an unanswered one is processing until it is known', async () => {
  const books = await tenant()
  const intent = await books.have('POST', PATH, HOLD)
  world.fake.ordersNext.push(declined)
  const answer = await books.ask('POST', `${PATH}/${intent['id']}/capture`)
  assert.deepEqual([answer.status, errorOf(answer)['code']], [402, 'card_declined'])
  assert.equal((await show(books, intent['id']))['status'], 'requires_capture')
  const silence = { kind: 'unknown', reason: 'silent' } as const
  world.fake.ordersNext.push(...Array.from({ length: 6 }, () => silence))
  const waiting = await books.have('POST', `${PATH}/${intent['id']}/capture`, 'amount_to_capture=800')
  assert.equal(waiting['status'], 'processing')
  world.fake.ordersNext.length = 0
  await books.fire('wall')
  const after = await show(books, intent['id'])
  assert.deepEqual([after['status'], after['amount_received']], ['succeeded', 800])
})
