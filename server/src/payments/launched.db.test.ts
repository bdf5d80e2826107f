import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { declined } from '../../test/support/fake-rail.ts'
import type { Books, Shown } from '../../test/support/payments-world.ts'
import {
  asksFor,
  CAPS,
  PAY as CARD,
  chargesOf,
  errorOf,
  HOLD,
  PAYMENTS as PATH,
  reserved,
  soundPayments,
  wayOf,
} from '../../test/support/sound-payments.ts'
import type { Control } from '../exposure/index.ts'
import { newUuid, showId } from '../kit/index.ts'

const { world, tenant } = soundPayments()

const stop = (books: Books, control: Control): Promise<Control> =>
  books.launch({ ...control, isStopped: true })

describe('an attempt', () => {
  test('goes the ordinary way where there is no launch, and says so', async () => {
    const books = await tenant()
    const charge = await books.pay(1_000)
    assert.deepEqual([charge['rail'], charge['launches'], charge['fallback_of']], ['fake', [], null])
    assert.ok(Number(charge['rail_latency_ms']) >= 0)
  })

  test('goes the launched way where it is exposed, and is stamped with why; the others are the control', async () => {
    const books = await tenant()
    const control = await books.launch()
    const exposed = await books.pay(1_000)
    assert.deepEqual(wayOf(exposed), ['express', true, 'bucket'])
    const [stamp] = exposed['launches'] as Shown[]
    assert.deepEqual(
      [stamp?.['launch'], stamp?.['stage'], stamp?.['exposure_bp'], stamp?.['version']],
      [showId('launch', control.launch), 0, 10_000, 1],
    )
    await books.launch({ ...control, exposureBp: 0 })
    const other = await books.pay(1_000)
    assert.deepEqual(wayOf(other), ['fake', false, 'bucket'])
    const told = (await books.events()).filter(({ type }) => type === 'charge.succeeded')
    assert.deepEqual(
      told.map(({ object }) => wayOf(object)),
      [
        ['express', true, 'bucket'],
        ['fake', false, 'bucket'],
      ],
    )
  })

  test('of which the launched rails are not there goes the ordinary way, and takes nothing of the caps', async () => {
    const books = await tenant()
    await books.launch({ subject: { kind: 'route', rails: ['nowhere'] }, caps: CAPS })
    assert.deepEqual(wayOf(await books.pay(1_000)), ['fake', false, 'stopped'])
    assert.equal(await reserved(books), 0)
  })

  test('takes the first rail of the rule that matches it', async () => {
    const books = await tenant()
    const rule = 'rules[0][currencies][]=eur&rules[0][rails][]=express&rules[0][rails][]=fake'
    await books.have('POST', '/v1/routing', rule)
    assert.equal((await books.pay(1_000))['rail'], 'express')
    const dollars = await books.have('POST', PATH, `${CARD.replace('eur', 'usd')}&expand[]=latest_charge`)
    assert.equal((dollars['latest_charge'] as Shown)['rail'], 'fake')
  })

  test('is listed by its launch exactly, and so is its payment', async () => {
    const books = await tenant()
    const control = await books.launch()
    const [first, second] = [await books.pay(1_000), await books.pay(2_000)]
    world().express.ordersNext.push(declined)
    const failed = await books.ask('POST', PATH, CARD)
    const again = errorOf(failed)['payment_intent'] as Shown
    await stop(books, control)
    await books.have('POST', `${PATH}/${again['id']}/confirm`, 'payment_method=pm_card_visa')
    await books.pay(3_000)
    const launch = `launch=${showId('launch', control.launch)}`
    const listed = await chargesOf(books, launch)
    assert.deepEqual(
      listed.map(({ id }) => id),
      [errorOf(failed)['charge'], second['id'], first['id']],
    )
    const ids = async (form: string): Promise<unknown[]> =>
      ((await books.have('GET', PATH, form))['data'] as Shown[]).map(({ id }) => id)
    const payments = [again['id'], second['payment_intent'], first['payment_intent']]
    assert.deepEqual(await ids(launch), payments)
    assert.deepEqual(await ids(`${launch}&limit=1&starting_after=${payments[0]}`), payments.slice(1, 2))
    assert.deepEqual(await ids(`${launch}&limit=1&ending_before=${payments[2]}`), payments.slice(1, 2))
    assert.deepEqual(await ids(`launch=${showId('launch', newUuid(0))}`), [])
    assert.equal((await books.ask('GET', PATH, 'launch=nothing')).status, 400)
  })
})

describe('after a stop', () => {
  test('no attempt goes the stopped way, also of an older payment; what is held there is captured there', async () => {
    const books = await tenant()
    const control = await books.launch()
    const held = await books.have('POST', PATH, HOLD)
    world().express.ordersNext.push(declined)
    const older = errorOf(await books.ask('POST', PATH, CARD))['payment_intent'] as Shown
    await stop(books, control)
    const again = await books.have(
      'POST',
      `${PATH}/${older['id']}/confirm`,
      'payment_method=pm_card_visa&expand[]=latest_charge',
    )
    assert.deepEqual(wayOf(again['latest_charge'] as Shown), ['fake', false, 'stopped'])
    const sent = world().express.ordersSent.length
    const taken = await books.have('POST', `${PATH}/${held['id']}/capture`, 'expand[]=latest_charge')
    const charge = taken['latest_charge'] as Shown
    assert.deepEqual(wayOf(charge), ['express', true, 'bucket'])
    assert.equal(world().express.ordersSent.length, sent + 1)
    await books.moveClock(3)
    await books.fire()
    const refund = await books.have('POST', '/v1/refunds', `charge=${charge['id']}&amount=100`)
    assert.deepEqual(refund['launches'], charge['launches'])
    assert.equal(world().express.refundsSent.at(-1)?.amount, 100n)
  })

  test('a customer who authenticates finishes where his payment began, with the stamps that it had', async () => {
    const books = await tenant()
    const control = await books.launch({ caps: CAPS })
    world().express.ordersNext.push(asksFor('auth_l1'))
    const intent = await books.have('POST', PATH, CARD)
    await stop(books, control)
    await books.tell({ id: 'n1', type: 'authentication', authentication: 'auth_l1', result: 'succeeded' })
    const [charge] = await chargesOf(books)
    assert.deepEqual([charge?.['payment_intent'], charge?.['status']], [intent['id'], 'succeeded'])
    assert.deepEqual(wayOf(charge ?? {}), ['express', true, 'bucket'])
    assert.equal(await reserved(books), 1_000)
  })

  test('a dispute is of its charge’s launches', async () => {
    const books = await tenant()
    await books.launch()
    const charge = await books.pay(1_000)
    const [row] = await books.rows(`select attempt::text from payments.charges where tenant = $1`)
    await books.tell({
      id: 'd1',
      type: 'dispute',
      dispute: 'case_l1',
      of: String(row?.['attempt']),
      amount: 1_000n,
      currency: 'EUR',
      state: 'opened',
      reason: 'fraudulent',
      evidenceDueMicros: null,
    })
    const [dispute] = (await books.have('GET', '/v1/disputes'))['data'] as Shown[]
    assert.deepEqual(dispute?.['launches'], charge['launches'])
  })
})
