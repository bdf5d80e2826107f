import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { declined } from '../../test/support/fake-rail.ts'
import {
  type Books,
  openPayments,
  type PaymentsWorld,
  type Shown,
} from '../../test/support/payments-world.ts'

let world: PaymentsWorld
before(async () => {
  world = await openPayments()
})
after(() => world.close())

const RECEIVABLE = 1100
const REFUNDS_PENDING = 2300

const typesOf = async (books: Books, id: unknown): Promise<string[]> =>
  (await books.events()).filter(({ object }) => object['id'] === id).map(({ type }) => type)

const refundOf = (books: Books, refund: Shown): Promise<Shown> =>
  books.have('GET', `/v1/refunds/${String(refund['id'])}`)

describe('a refund', () => {
  test('takes from the available balance, settles with the rail, and keeps the fee', async () => {
    const books = await world.tenant()
    const charge = await books.pay(10_000)
    assert.deepEqual(await books.agree(), { available: 0, pending: 9_680 })
    const refund = await books.have('POST', '/v1/refunds', `charge=${charge['id']}&amount=4000`)
    assert.equal(refund['status'], 'succeeded')
    assert.deepEqual(await books.agree(), { available: -4_000, pending: 9_680 })
    const sums = await books.trial()
    assert.deepEqual([sums[RECEIVABLE], sums[REFUNDS_PENDING]], [6_000n, 0n])
    assert.deepEqual(await typesOf(books, refund['id']), ['refund.created'])
    assert.ok((await typesOf(books, charge['id'])).includes('charge.refunded'))
    await books.moveClock(2)
    await books.fire()
    assert.deepEqual(await books.agree(), { available: 5_680, pending: 0 })
  })

  test('is never above the charge, however many there are and however they race', async () => {
    const books = await world.tenant()
    const charge = await books.pay(1_000)
    const sent = await Promise.all(
      Array.from({ length: 8 }, () => books.ask('POST', '/v1/refunds', `charge=${charge['id']}&amount=300`)),
    )
    const refused = sent.filter(({ status }) => status !== 200)
    assert.equal(refused.length, 5)
    assert.deepEqual(refused[0]?.body['error'], {
      ...(refused[0]?.body['error'] as Shown),
      code: 'amount_too_large',
      message: 'Refund amount (€3.00) is greater than unrefunded amount on charge (€1.00)',
      param: 'amount',
    })
    await books.have('POST', '/v1/refunds', `payment_intent=${charge['payment_intent']}`)
    const { body } = await books.ask('POST', '/v1/refunds', `charge=${charge['id']}`)
    assert.equal((body['error'] as Shown)['code'], 'charge_already_refunded')
    const shown = await books.have('GET', `/v1/charges/${charge['id']}`, 'expand[]=refunds')
    const { data } = shown['refunds'] as { data: Shown[] }
    assert.deepEqual(
      data.map(({ amount }) => amount),
      [100, 300, 300, 300],
    )
    await books.agree()
  })

  test('whose key comes again gets the same answer, and one order at the rail', async () => {
    const books = await world.tenant()
    const charge = await books.pay(1_000)
    const before = world.fake.refundsSent.length
    const first = await books.ask('POST', '/v1/refunds', `charge=${charge['id']}&amount=100`, 'once')
    const again = await books.ask('POST', '/v1/refunds', `charge=${charge['id']}&amount=100`, 'once')
    assert.deepEqual([again.body, again.replayed], [first.body, true])
    assert.equal(world.fake.refundsSent.length, before + 1)
  })

  test('whose answer is lost is asked about, and not sent under another name', async () => {
    const books = await world.tenant()
    const charge = await books.pay(1_000)
    const before = world.fake.refundsSent.length
    world.fake.refundsNext.push('lost')
    const refund = await books.have('POST', '/v1/refunds', `charge=${charge['id']}`)
    assert.equal(refund['status'], 'succeeded')
    assert.deepEqual(
      world.fake.refundsSent.slice(before).map(({ reference }) => reference),
      [refund['id']],
    )
    await books.agree()
  })

  test('that never arrived is sent again under the same name', async () => {
    const books = await world.tenant()
    const charge = await books.pay(1_000)
    const before = world.fake.refundsSent.length
    world.fake.refundsNext.push('never_arrived')
    const refund = await books.have('POST', '/v1/refunds', `charge=${charge['id']}`)
    assert.equal(refund['status'], 'succeeded')
    assert.deepEqual(
      world.fake.refundsSent.slice(before).map(({ reference }) => reference),
      [refund['id'], refund['id']],
    )
  })

  test('of which nobody knows is pending, never failed, and healed by the timer', async () => {
    const books = await world.tenant()
    const charge = await books.pay(1_000)
    world.fake.refundsNext.push({ kind: 'unknown', reason: 'silent' })
    const silence = new Set<string>()
    const { enquire } = world.fake.rail
    const rail = world.fake.rail as { enquire: typeof enquire }
    rail.enquire = async (tenant, reference) =>
      silence.size === 0 ? { kind: 'unknown', reason: 'silent' } : enquire(tenant, reference)
    const refund = await books.have('POST', '/v1/refunds', `charge=${charge['id']}`)
    assert.deepEqual([refund['status'], refund['pending_reason']], ['pending', 'processing'])
    assert.equal((await books.trial())[REFUNDS_PENDING], -1_000n)
    assert.deepEqual(await books.agree(), { available: -1_000, pending: 941 })
    await books.fire('wall')
    assert.equal((await refundOf(books, refund))['status'], 'pending')
    silence.add('over')
    await books.fire('wall')
    rail.enquire = enquire
    assert.equal((await refundOf(books, refund))['status'], 'succeeded')
    assert.equal((await books.trial())[REFUNDS_PENDING], 0n)
    assert.deepEqual(await typesOf(books, refund['id']), [
      'refund.created',
      'refund.updated',
      'charge.refund.updated',
    ])
    const left = await books.rows(
      `select kind from database.timers where tenant = $1 and kind = 'payments.refund'`,
    )
    assert.deepEqual(left, [])
  })

  test('that the rail declines has failed, and the money is there again', async () => {
    const books = await world.tenant()
    const charge = await books.pay(1_000)
    world.fake.refundsNext.push(declined)
    const refund = await books.have('POST', '/v1/refunds', `charge=${charge['id']}`)
    assert.deepEqual([refund['status'], refund['failure_reason']], ['failed', 'lost_or_stolen_card'])
    assert.deepEqual(await books.agree(), { available: 0, pending: 941 })
    const now = await books.have('GET', `/v1/charges/${charge['id']}`)
    assert.deepEqual([now['amount_refunded'], now['refunded']], [0, false])
    assert.deepEqual(await typesOf(books, refund['id']), ['refund.created', 'refund.failed'])
  })

  test('that is pending succeeds when the rail says so, once', async () => {
    const books = await world.tenant()
    const charge = await books.pay(1_000)
    world.fake.refundsNext.push({ kind: 'pending', railReference: 'arn_p' })
    const refund = await books.have('POST', '/v1/refunds', `charge=${charge['id']}&amount=700`)
    assert.equal(refund['status'], 'pending')
    const outcome = {
      kind: 'succeeded',
      railReference: 'arn_p',
      checks: null,
      networkTransactionId: null,
      authorisationCode: null,
      availableAtOnce: false,
      risk: { level: 'normal', score: 0 },
      threeDSecure: null,
    } as const
    const told = { id: 'n1', type: 'order', reference: String(refund['id']), outcome } as const
    await Promise.all([books.tell(told), books.tell(told)])
    await books.tell(told)
    assert.equal((await refundOf(books, refund))['status'], 'succeeded')
    assert.equal((await books.trial())[RECEIVABLE], 300n)
    assert.equal((await typesOf(books, refund['id'])).filter((type) => type === 'refund.updated').length, 1)
    await books.agree()
  })

  test('that fails later comes back to the balance, and can be tried again', async () => {
    const books = await world.tenant()
    const charge = await books.pay(1_000)
    const refund = await books.have('POST', '/v1/refunds', `charge=${charge['id']}`)
    const told = {
      id: 'n2',
      type: 'refund_failed',
      reference: String(refund['id']),
      reason: 'expired_or_canceled_card',
    } as const
    await books.tell(told)
    await books.tell(told)
    const failed = await books.have(
      'GET',
      `/v1/refunds/${refund['id']}`,
      'expand[]=failure_balance_transaction',
    )
    assert.deepEqual([failed['status'], failed['failure_reason']], ['failed', 'expired_or_canceled_card'])
    assert.equal((failed['failure_balance_transaction'] as Shown)['amount'], 1_000)
    assert.deepEqual(await books.agree(), { available: 0, pending: 941 })
    assert.equal((await books.trial())[RECEIVABLE], 1_000n)
    assert.deepEqual((await typesOf(books, refund['id'])).slice(-3), [
      'refund.updated',
      'charge.refund.updated',
      'refund.failed',
    ])
    await books.have('POST', '/v1/refunds', `charge=${charge['id']}`)
    assert.deepEqual(await books.agree(), { available: -1_000, pending: 941 })
  })

  test('of what is only held, or failed, is refused', async () => {
    const books = await world.tenant()
    const held = await books.pay(1_000, '&capture_method=manual')
    const { body } = await books.ask('POST', '/v1/refunds', `charge=${held['id']}`)
    assert.equal((body['error'] as Shown)['code'], 'charge_not_refundable')
    const neither = await books.ask('POST', '/v1/refunds', 'amount=100')
    assert.equal((neither.body['error'] as Shown)['code'], 'parameter_missing')
    await books.agree()
  })

  test('does not wait for the customer, so it cannot be canceled or expire', async () => {
    const books = await world.tenant()
    const charge = await books.pay(1_000)
    const refund = await books.have('POST', '/v1/refunds', `charge=${charge['id']}`)
    for (const path of [
      `/v1/refunds/${refund['id']}/cancel`,
      `/v1/test_helpers/refunds/${refund['id']}/expire`,
    ]) {
      const { status, body } = await books.ask('POST', path)
      assert.deepEqual([status, (body['error'] as Shown)['code']], [400, 'refund_unexpected_state'])
    }
  })
})

describe('what becomes available', () => {
  test('is posted once, however often its timer fires', async () => {
    const books = await world.tenant()
    await books.pay(10_000)
    await books.pay(5_000)
    await books.fire()
    assert.deepEqual(await books.agree(), { available: 0, pending: 9_680 + 4_825 })
    const timers = await books.rows(
      `select subject from database.timers where tenant = $1 and kind = 'payments.release'`,
    )
    assert.equal(timers.length, 1)
    await books.moveClock(2)
    await Promise.all([books.fire(), books.fire()])
    await books.fire()
    assert.deepEqual(await books.agree(), { available: 9_680 + 4_825, pending: 0 })
    const told = (await books.events()).filter(({ type }) => type === 'balance.available')
    assert.equal(told.length, 1)
    assert.deepEqual(told[0]?.object, await books.have('GET', '/v1/balance'))
  })

  test('is pending until its release is posted, whatever the clock says', async () => {
    const books = await world.tenant()
    await books.pay(10_000)
    await books.moveClock(3)
    assert.deepEqual(await books.agree(), { available: 0, pending: 9_680 })
  })
})
