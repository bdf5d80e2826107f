import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  type Books,
  openPayments,
  type PaymentsWorld,
  type Shown,
  type Told,
} from '../../test/support/payments-world.ts'

let world: PaymentsWorld
before(async () => {
  world = await openPayments()
})
after(() => world.close())

const RECEIVABLE = 1100
const BANK = 1200
const DISPUTE_FEES = 4200
const COSTS = 5100
const DIFFERENCES = 9100
const DAY_MICROS = 86_400_000_000n

const attemptOf = async (books: Books, charge: Shown): Promise<string> => {
  const [row] = await books.rows(
    `select attempt from payments.charges where tenant = $1 and replace(id::text, '-', '') = '${String(charge['id']).slice(3)}'`,
  )
  return String(row?.['attempt'])
}

type DisputeTold = Extract<Told, { readonly type: 'dispute' }>

const toldOf = (of: string, state: DisputeTold['state'], change: Partial<DisputeTold> = {}): DisputeTold => ({
  id: `n_${of}_${state}`,
  type: 'dispute',
  dispute: `case_${of}`,
  of,
  amount: 1_000n,
  currency: 'EUR',
  state,
  reason: 'fraudulent',
  evidenceDueMicros: BigInt(Date.now()) * 1_000n + 9n * DAY_MICROS,
  ...change,
})

const disputed = async (books: Books, state: DisputeTold['state'] = 'opened') => {
  const charge = await books.pay(1_000)
  const of = await attemptOf(books, charge)
  await books.tell(toldOf(of, state))
  const list = await books.have('GET', '/v1/disputes', `charge=${charge['id']}`)
  const [dispute] = list['data'] as Shown[]
  assert.ok(dispute !== undefined)
  return { charge, of, id: String(dispute['id']), dispute }
}

const read = (books: Books, id: string): Promise<Shown> => books.have('GET', `/v1/disputes/${id}`)

const typesOf = async (books: Books, id: string): Promise<string[]> =>
  (await books.events()).filter(({ object }) => object['id'] === id).map(({ type }) => type.slice(15))

const codeOf = (body: Shown): unknown => (body['error'] as Shown)['code']

describe('a dispute', () => {
  test('withdraws the money and the fee, once, however often it is told', async () => {
    const books = await world.tenant()
    const { of, id, dispute, charge } = await disputed(books)
    await Promise.all([books.tell(toldOf(of, 'opened')), books.tell(toldOf(of, 'opened'))])
    assert.deepEqual([dispute['status'], dispute['is_charge_refundable']], ['needs_response', false])
    const [moved] = dispute['balance_transactions'] as Shown[]
    assert.deepEqual(
      [moved?.['amount'], moved?.['fee'], moved?.['net'], moved?.['type'], moved?.['reporting_category']],
      [-1_000, 1_500, -2_500, 'adjustment', 'dispute'],
    )
    assert.deepEqual(await books.agree(), { available: -2_500, pending: 941 })
    const sums = await books.trial()
    assert.deepEqual([sums[RECEIVABLE], sums[DISPUTE_FEES]], [0n, -1_500n])
    assert.deepEqual(await typesOf(books, id), ['created', 'funds_withdrawn'])
    assert.equal((await books.have('GET', `/v1/charges/${charge['id']}`))['disputed'], true)
    const { status, body } = await books.ask('POST', '/v1/refunds', `charge=${charge['id']}`)
    assert.deepEqual([status, codeOf(body)], [400, 'charge_disputed'])
  })

  test('that is won gives the money again, and keeps the fee', async () => {
    const books = await world.tenant()
    const { of, id, charge } = await disputed(books)
    const answered = await books.have(
      'POST',
      `/v1/disputes/${id}`,
      'evidence[uncategorized_text]=winning_evidence&evidence[customer_name]=Ada',
    )
    assert.equal(answered['status'], 'under_review')
    assert.deepEqual(world.fake.told.at(-1), {
      kind: 'evidence',
      dispute: `case_${of}`,
      text: 'customer_name: Ada\nuncategorized_text: winning_evidence',
    })
    await books.tell(toldOf(of, 'won'))
    await books.tell(toldOf(of, 'won'))
    const won = await read(books, id)
    assert.equal(won['status'], 'won')
    assert.deepEqual(await books.agree(), { available: -1_500, pending: 941 })
    assert.deepEqual(await typesOf(books, id), [
      'created',
      'funds_withdrawn',
      'updated',
      'closed',
      'funds_reinstated',
    ])
    await books.have('POST', '/v1/refunds', `charge=${charge['id']}&amount=100`)
  })

  test('keeps evidence for later where it is not submitted, and takes it once', async () => {
    const books = await world.tenant()
    const { id } = await disputed(books)
    const kept = await books.have(
      'POST',
      `/v1/disputes/${id}`,
      'evidence[product_description]=A+book&submit=false&metadata[a]=b',
    )
    assert.equal(kept['status'], 'needs_response')
    assert.deepEqual((kept['evidence_details'] as Shown)['has_evidence'], true)
    const none = await disputed(books)
    const missing = await books.ask('POST', `/v1/disputes/${none.id}`, 'submit=true')
    assert.equal(codeOf(missing.body), 'dispute_evidence_missing')
    assert.equal((await books.have('POST', `/v1/disputes/${id}`, 'submit=true'))['status'], 'under_review')
    const twice = await books.ask('POST', `/v1/disputes/${id}`, 'evidence[product_description]=Two')
    assert.equal(codeOf(twice.body), 'dispute_unexpected_state')
    const named = await books.have('POST', `/v1/disputes/${id}`, 'metadata[a]=c')
    assert.deepEqual([named['metadata'], named['status']], [{ a: 'c' }, 'under_review'])
    const file = await books.ask('POST', `/v1/disputes/${id}`, 'evidence[receipt]=file_1')
    assert.equal(codeOf(file.body), 'parameter_unknown')
  })

  test('tells the rail again where its answer was lost', async () => {
    const books = await world.tenant()
    const { id } = await disputed(books)
    world.fake.deskAnswer = 'unknown'
    const before = world.fake.told.length
    await books.have('POST', `/v1/disputes/${id}/close`)
    await books.fire('wall')
    world.fake.deskAnswer = 'taken'
    await books.fire('wall')
    await books.fire('wall')
    assert.deepEqual(
      world.fake.told.slice(before).map(({ kind }) => kind),
      ['acceptance', 'acceptance', 'acceptance'],
    )
    assert.equal((await read(books, id))['status'], 'lost')
    const again = await books.ask('POST', `/v1/disputes/${id}/close`)
    assert.equal(codeOf(again.body), 'dispute_unexpected_state')
    assert.deepEqual(await books.agree(), { available: -2_500, pending: 941 })
  })

  test('is lost when its evidence is due by the tenant’s clock, and can still be won', async () => {
    const books = await world.tenant()
    const { of, id } = await disputed(books)
    await books.moveClock(8)
    await books.fire()
    assert.equal((await read(books, id))['status'], 'needs_response')
    await books.moveClock(2)
    await books.fire()
    const lost = await read(books, id)
    assert.deepEqual([lost['status'], (lost['evidence_details'] as Shown)['past_due']], ['lost', true])
    await books.tell(toldOf(of, 'lost'))
    await books.tell(toldOf(of, 'won'))
    assert.equal((await read(books, id))['status'], 'won')
    await books.agree()
  })

  test('that is an inquiry takes nothing until it is opened, and may be refunded', async () => {
    const books = await world.tenant()
    const { of, id, dispute, charge } = await disputed(books, 'inquiry')
    assert.deepEqual([dispute['status'], dispute['is_charge_refundable']], ['warning_needs_response', true])
    assert.deepEqual(await books.agree(), { available: 0, pending: 941 })
    await books.have('POST', '/v1/refunds', `charge=${charge['id']}&amount=100`)
    await books.tell(toldOf(of, 'opened', { amount: 900n }))
    const opened = await read(books, id)
    assert.deepEqual([opened['status'], opened['amount']], ['needs_response', 900])
    assert.deepEqual(await books.agree(), { available: -2_500, pending: 941 })
    assert.deepEqual(await typesOf(books, id), ['created', 'updated', 'funds_withdrawn'])
    const other = await disputed(books, 'inquiry')
    await books.tell(toldOf(other.of, 'closed'))
    assert.equal((await read(books, other.id))['status'], 'warning_closed')
  })

  test('of half a charge leaves room for another, and neither can be refunded past', async () => {
    const books = await world.tenant()
    const { of, id, charge } = await disputed(books)
    await books.tell(toldOf(of, 'opened', { dispute: 'second', amount: 500n }))
    await books.tell(toldOf(of, 'won', { dispute: 'second', amount: 500n }))
    const { data } = await books.have('GET', '/v1/disputes', `payment_intent=${charge['payment_intent']}`)
    assert.deepEqual(
      (data as Shown[]).map(({ status }) => status),
      ['won', 'needs_response'],
    )
    const { body } = await books.ask('POST', '/v1/refunds', `payment_intent=${charge['payment_intent']}`)
    assert.equal(codeOf(body), 'charge_disputed')
    const expanded = await books.have('GET', `/v1/disputes/${id}`, 'expand[]=charge&expand[]=payment_intent')
    assert.equal((expanded['charge'] as Shown)['object'], 'charge')
    await books.agree()
  })

  test('is told again where its charge is not there yet', async () => {
    const books = await world.tenant()
    await assert.rejects(
      books.tell(toldOf('00000000-0000-7000-8000-00000000dead', 'opened')),
      /not there yet/,
    )
  })

  test('may be warned of: the charge says what was reported', async () => {
    const books = await world.tenant()
    const charge = await books.pay(1_000)
    const of = await attemptOf(books, charge)
    const told = { id: 'w1', type: 'early_fraud_warning', of, fraudType: 'made_with_stolen_card' } as const
    await books.tell(told)
    await books.tell(told)
    const now = await books.have('GET', `/v1/charges/${charge['id']}`)
    assert.deepEqual(now['fraud_details'], { stripe_report: 'fraudulent' })
    const updates = (await books.events()).filter(({ type }) => type === 'charge.updated')
    assert.equal(updates.length, 1)
  })
})

describe('a settlement', () => {
  type Lines = Extract<Told, { readonly type: 'settlement' }>['settlement']['lines']
  const settle = (books: Books, id: string, lines: Lines) => {
    const gross = lines.reduce((sum, { amount }) => sum + amount, 0n)
    const cost = lines.reduce((sum, line) => sum + line.cost, 0n)
    const day = '2026-11-22'
    return books.tell({
      id,
      type: 'settlement',
      settlement: { id, day, currency: 'EUR', gross, cost, net: gross - cost, lines },
    })
  }

  test('clears what the rail owes, order by order, once', async () => {
    const books = await world.tenant()
    const kept = await books.pay(10_000)
    const { of, charge } = await disputed(books)
    const refund = await books.have('POST', '/v1/refunds', `charge=${kept['id']}&amount=2500`)
    const lines = [
      { reference: await attemptOf(books, kept), kind: 'capture', amount: 10_000n, cost: 55n },
      { reference: await attemptOf(books, charge), kind: 'capture', amount: 1_000n, cost: 10n },
      { reference: String(refund['id']), kind: 'refund', amount: -2_500n, cost: 0n },
      { reference: of, kind: 'chargeback', amount: -1_000n, cost: 0n },
    ] as const
    assert.equal((await books.trial())[RECEIVABLE], 7_500n)
    await Promise.all([settle(books, 'set_1', lines), settle(books, 'set_1', lines)])
    await settle(books, 'set_1', lines)
    const sums = await books.trial()
    assert.deepEqual(
      [sums[RECEIVABLE], sums[BANK], sums[COSTS], sums[DIFFERENCES] ?? 0n],
      [0n, 7_435n, 65n, 0n],
    )
    await books.tell(toldOf(of, 'won'))
    await settle(books, 'set_2', [{ reference: of, kind: 'chargeback_reversal', amount: 1_000n, cost: 0n }])
    const after = await books.trial()
    assert.deepEqual([after[RECEIVABLE], after[BANK], after[DIFFERENCES] ?? 0n], [0n, 8_435n, 0n])
  })

  test('that pays something else leaves the difference, and one that pays twice all of it', async () => {
    const books = await world.tenant()
    const charge = await books.pay(1_000)
    const line = {
      reference: await attemptOf(books, charge),
      kind: 'capture',
      amount: 999n,
      cost: 10n,
    } as const
    await settle(books, 'set_3', [line])
    const short = await books.trial()
    assert.deepEqual([short[RECEIVABLE], short[BANK], short[DIFFERENCES]], [0n, 989n, 1n])
    await settle(books, 'set_4', [{ ...line, amount: 1_000n, cost: 0n }])
    const twice = await books.trial()
    assert.deepEqual([twice[RECEIVABLE], twice[BANK], twice[DIFFERENCES]], [0n, 1_989n, -999n])
    const stranger = { reference: 'nobody', kind: 'refund', amount: -5n, cost: 0n } as const
    await settle(books, 'set_5', [stranger])
    const odd = await books.trial()
    assert.deepEqual([odd[RECEIVABLE], odd[BANK], odd[DIFFERENCES]], [0n, 1_984n, -994n])
  })
})
