import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { declined, type FakeRail, refused, succeeded } from '../../test/support/fake-rail.ts'
import type { Books, Shown } from '../../test/support/payments-world.ts'
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
  wayOf,
} from '../../test/support/sound-payments.ts'

const { world, tenant } = soundPayments()

const typesOf = async (books: Books): Promise<string[]> => (await books.events()).map(({ type }) => type)
const rails = (): readonly [fake: FakeRail, express: FakeRail] => [world().fake, world().express]
const countSent = ({ ordersSent }: FakeRail): number => ordersSent.length

/** A tenant whose payments go to express first, and to the other where that one refuses. */
const launched = async (): Promise<Books> => {
  const books = await tenant()
  await books.launch({ caps: CAPS })
  return books
}

describe('where the rail refuses before the issuer was asked', () => {
  test('the payment goes to the next one, and the client sees one conversation', async () => {
    const books = await launched()
    const [, express] = rails()
    express.ordersNext.push(refused)
    const intent = await books.have('POST', PAYMENTS, `${PAY}&expand[]=latest_charge`)
    assert.deepEqual([intent['status'], intent['last_payment_error']], ['succeeded', null])
    const [second, first] = await chargesOf(books)
    assert.deepEqual(
      [wayOf(first ?? {}), first?.['status'], first?.['fallback_of']],
      [['express', true, 'bucket'], 'failed', null],
    )
    assert.deepEqual(
      [wayOf(second ?? {}), second?.['status'], second?.['fallback_of']],
      [['fake', false, 'fallback'], 'succeeded', first?.['id']],
    )
    assert.equal((intent['latest_charge'] as Shown)['id'], second?.['id'])
    assert.deepEqual(await typesOf(books), [
      'payment_intent.created',
      'charge.failed',
      'charge.succeeded',
      'payment_intent.succeeded',
    ])
    assert.equal(await reserved(books), 0)
    assert.deepEqual(await books.agree(), { available: 0, pending: 941 })
  })

  test('its captures, cancellations and refunds go to the rail that took it', async () => {
    const books = await launched()
    const [fake, express] = rails()
    express.ordersNext.push(refused)
    const held = await books.have('POST', PAYMENTS, HOLD)
    const before = [countSent(fake), countSent(express)] as const
    await books.have('POST', `${PAYMENTS}/${held['id']}/capture`)
    assert.deepEqual([countSent(fake), countSent(express)], [before[0] + 1, before[1]])
  })

  test('and no rail is left, the answer is that of the last', async () => {
    const books = await launched()
    const [fake, express] = rails()
    express.ordersNext.push(refused)
    fake.ordersNext.push(refused)
    const answer = await books.ask('POST', PAYMENTS, PAY)
    const charges = await chargesOf(books)
    assert.deepEqual([answer.status, errorOf(answer)['charge']], [402, charges[0]?.['id']])
    assert.deepEqual(
      charges.map(({ status }) => status),
      ['failed', 'failed'],
    )
    assert.deepEqual((await typesOf(books)).slice(1), [
      'charge.failed',
      'charge.failed',
      'payment_intent.payment_failed',
    ])
    assert.equal(await reserved(books), 0)
  })

  test('the second rail may ask for authentication, and it finishes there', async () => {
    const books = await launched()
    const [fake, express] = rails()
    express.ordersNext.push(refused)
    fake.ordersNext.push(asksFor('auth_f1'))
    const intent = await books.have('POST', PAYMENTS, PAY)
    assert.equal(intent['status'], 'requires_action')
    await books.tell({ id: 'n1', type: 'authentication', authentication: 'auth_f1', result: 'succeeded' })
    const [charge] = await chargesOf(books)
    assert.deepEqual(wayOf(charge ?? {}), ['fake', false, 'fallback'])
    assert.equal(charge?.['status'], 'succeeded')
  })

  test('a rule’s rails are tried in their order, without a launch as well', async () => {
    const books = await tenant()
    await books.have('POST', '/v1/routing', 'rules[0][rails][]=express&rules[0][rails][]=fake')
    rails()[1].ordersNext.push(refused)
    const charge = await books.pay(1_000)
    assert.deepEqual([charge['rail'], charge['launches']], ['fake', []])
    assert.notEqual(charge['fallback_of'], null)
  })

  test('what it tells later by itself leads to the next rail as well, once', async () => {
    const books = await launched()
    const [fake, express] = rails()
    express.ordersNext.push({ kind: 'pending', railReference: 'arn' })
    const intent = await books.have('POST', PAYMENTS, PAY)
    assert.equal(intent['status'], 'processing')
    const reference = String(express.ordersSent.at(-1)?.reference)
    const sent = countSent(fake)
    const told = { id: 'o1', type: 'order', reference, outcome: refused } as const
    await Promise.all([books.tell(told), books.tell(told)])
    await books.tell(told)
    assert.equal(countSent(fake), sent + 1)
    const after = await books.have('GET', `${PAYMENTS}/${intent['id']}`)
    assert.equal(after['status'], 'succeeded')
    assert.equal((await chargesOf(books)).length, 2)
  })
})

describe('there is no second rail', () => {
  test('for what an issuer declined', async () => {
    const books = await launched()
    const [fake, express] = rails()
    const sent = countSent(fake)
    express.ordersNext.push(declined)
    assert.equal((await books.ask('POST', PAYMENTS, PAY)).status, 402)
    assert.equal(countSent(fake), sent)
  })

  test('for what nobody knows the end of, until it is known that nothing reached the issuer', async () => {
    const books = await launched()
    const [fake, express] = rails()
    const sent = countSent(fake)
    const unknown = { kind: 'unknown', reason: 'silent' } as const
    express.ordersNext.push(unknown, unknown, unknown, unknown, unknown)
    const intent = await books.have('POST', PAYMENTS, PAY)
    assert.deepEqual([intent['status'], countSent(fake)], ['processing', sent])
    express.ordersNext.push(refused)
    await books.endLeases()
    await books.fire('wall')
    assert.equal(countSent(fake), sent + 1)
    assert.equal((await books.have('GET', `${PAYMENTS}/${intent['id']}`))['status'], 'succeeded')
    await books.fire('wall')
    assert.equal((await chargesOf(books)).length, 2)
  })
})

describe('a process that is killed', () => {
  /** Where, how it is planted, and how many orders the second rail has got by then. */
  const places = [
    ['before the next attempt is committed', () => world().kill.fallBacks++],
    ['before its order arrives', () => world().fake.ordersNext.push(...Array(5).fill('never_arrived'))],
    ['after its answer', () => world().kill.finishes++],
  ] as const

  for (const [place, plant] of places) {
    for (const how of ['the same key', 'the timer'] as const) {
      test(`${place}: ${how} comes to the same end`, async () => {
        const books = await launched()
        const [fake, express] = rails()
        const sent = countSent(fake)
        express.ordersNext.push(refused)
        plant()
        const first = await books.ask('POST', PAYMENTS, PAY, 'key-1')
        fake.ordersNext.length = 0
        await books.endLeases()
        if (how === 'the timer') {
          await books.fire('wall')
          const [healed] = (await books.have('GET', PAYMENTS))['data'] as Shown[]
          assert.equal(healed?.['status'], 'succeeded')
        }
        const again = await books.ask('POST', PAYMENTS, PAY, 'key-1')
        if (first.status === 200) assert.deepEqual(again.body, first.body)
        await books.endLeases()
        await books.fire('wall')
        const [intent] = (await books.have('GET', PAYMENTS))['data'] as Shown[]
        assert.equal(intent?.['status'], 'succeeded')
        assert.equal(first.status === 200 || again.body['id'] === intent?.['id'], true)
        assert.deepEqual(
          (await chargesOf(books)).map((charge) => [...wayOf(charge), charge['status']]),
          [
            ['fake', false, 'fallback', 'succeeded'],
            ['express', true, 'bucket', 'failed'],
          ],
        )
        assert.equal(countSent(fake), sent + 1)
        const types = await typesOf(books)
        assert.equal(types.filter((type) => type === 'charge.failed').length, 1)
        assert.equal(types.filter((type) => type === 'payment_intent.succeeded').length, 1)
        assert.equal(await reserved(books), 0)
      })
    }
  }

  test('and the first rail is gone meanwhile: the same key goes on at the second', async () => {
    const books = await launched()
    const [, express] = rails()
    express.ordersNext.push(refused)
    world().kill.finishes++
    await books.ask('POST', PAYMENTS, PAY, 'key-1')
    express.silent.add(String(express.ordersSent.at(-1)?.reference))
    await books.endLeases()
    const again = await books.ask('POST', PAYMENTS, PAY, 'key-1')
    assert.deepEqual([again.status, again.body['status']], [200, 'succeeded'])
  })

  test('after the second rail told its answer by itself: the same key gets it', async () => {
    const books = await launched()
    const [fake, express] = rails()
    express.ordersNext.push(refused)
    fake.ordersNext.push({ kind: 'pending', railReference: 'arn' })
    world().kill.finishes++
    await books.ask('POST', PAYMENTS, PAY, 'key-1')
    const reference = String(fake.ordersSent.at(-1)?.reference)
    await books.tell({ id: 'o2', type: 'order', reference, outcome: succeeded('arn') })
    await books.endLeases()
    const again = await books.ask('POST', PAYMENTS, PAY, 'key-1')
    assert.deepEqual([again.status, again.body['status']], [200, 'succeeded'])
  })
})
