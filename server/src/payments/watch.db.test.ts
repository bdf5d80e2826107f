import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Books, Shown, Told } from '../../test/support/payments-world.ts'
import {
  asksFor,
  CAPS,
  chargesOf,
  HOLD,
  PAY,
  PAYMENTS,
  soundPayments,
} from '../../test/support/sound-payments.ts'
import type { Control } from '../exposure/index.ts'
import { countInFlight, type InvariantFinding, watchMoney } from './watch.ts'

const { world, tenant } = soundPayments()

const A_MINUTE_MS = 60_000
const UNKNOWN = { kind: 'unknown', reason: 'silent' } as const
const FIVE_TIMES = 5

type Watching = {
  readonly books: Books
  readonly control: Control
  readonly look: (stuckAfterMs?: number, sinceMicros?: bigint) => Promise<readonly InvariantFinding[]>
  readonly flying: () => Promise<number>
}

/** `isTampered`: verify would find it as well, and is not asked. */
const watching = async ({ isTampered = false } = {}): Promise<Watching> => {
  const books = isTampered ? await world().tenant() : await tenant()
  const control = await books.launch({ caps: CAPS })
  const { door } = world()
  return {
    books,
    control,
    look: (stuckAfterMs = A_MINUTE_MS, sinceMicros = 0n) =>
      watchMoney(door)(books.id, control.launch, sinceMicros, stuckAfterMs),
    flying: () => countInFlight(door)(books.id, control.launch),
  }
}

const metrics = (found: readonly InvariantFinding[]): unknown[] =>
  found.map(({ metric, count }) => [metric, count])

const settle = async (
  books: Books,
  lines: readonly { readonly reference: string; readonly amount: bigint }[],
): Promise<void> => {
  const sum = lines.reduce((total, { amount }) => total + amount, 0n)
  const told: Told = {
    id: `set_${sum}`,
    type: 'settlement',
    settlement: {
      id: `set_${sum}`,
      day: '2026-11-24',
      currency: 'EUR',
      gross: sum,
      cost: 0n,
      net: sum,
      lines: lines.map((line) => ({ ...line, kind: 'capture', cost: 0n })),
    },
  }
  await books.tell(told)
}

const attemptOf = async (books: Books): Promise<string> => {
  const [row] = await books.rows('select attempt::text from payments.charges where tenant = $1')
  return String(row?.['attempt'])
}

describe('the money of a launch', () => {
  test('is sound after payments, captures, cancellations, declines and refunds', async () => {
    const { books, look, flying } = await watching()
    const held = await books.have('POST', PAYMENTS, HOLD)
    const canceled = await books.have('POST', PAYMENTS, HOLD)
    await books.have('POST', PAYMENTS, HOLD)
    const charge = await books.pay(1_000)
    await books.have('POST', `${PAYMENTS}/${held['id']}/capture`, 'amount_to_capture=700')
    await books.have('POST', `${PAYMENTS}/${canceled['id']}/cancel`)
    await books.moveClock(3)
    await books.fire()
    await books.have('POST', '/v1/refunds', `charge=${charge['id']}`)
    assert.deepEqual([await look(), await look(0), await flying()], [[], [], 0])
  })

  test('is not looked at where another launch, or none, has it', async () => {
    const { books, control, look } = await watching({ isTampered: true })
    await books.launch({ ...control, exposureBp: 0 })
    await books.pay(1_000)
    await books.tamper(
      `update payments.charges set body = body || '{"amountCaptured": "999"}' where tenant = $1`,
    )
    assert.deepEqual(await look(), [])
  })

  test('that was taken without its posting, or with another amount, is found', async () => {
    const { books, look } = await watching({ isTampered: true })
    const charge = await books.pay(1_000)
    await books.tamper(
      `update payments.charges set body = body || '{"amountCaptured": "999"}' where tenant = $1`,
    )
    const found = await look()
    assert.deepEqual(metrics(found), [
      ['posting_missing', 1],
      ['books_balance', 1],
    ])
    assert.equal(found[0]?.example, charge['id'])
    assert.match(String(found[0]?.text), /it succeeded over 999, and its transfer is of 1000/)
    await books.tamper(
      `update payments.charges set body = body || '{"balanceTransaction": null}' where tenant = $1`,
    )
    assert.deepEqual(metrics(await look()), [['posting_missing', 1]])
    assert.deepEqual(await look(A_MINUTE_MS, BigInt(Date.now() + A_MINUTE_MS) * 1_000n), [])
  })

  test('that is held without its hold is found', async () => {
    const { books, look } = await watching({ isTampered: true })
    await books.have('POST', PAYMENTS, HOLD)
    await books.tamper(`update payments.charges set body = body || '{"amount": "1001"}' where tenant = $1`)
    assert.deepEqual(metrics(await look()), [['posting_missing', 1]])
  })

  test('that was taken twice is found: by a second charge, or a second balance transaction', async () => {
    const { books, look } = await watching({ isTampered: true })
    const charge = await books.pay(1_000)
    await books.tamper(
      `insert into payments.charges (tenant, id, created_micros, intent, attempt, customer, status, body)
       select tenant, gen_random_uuid(), created_micros + 1, intent, attempt, customer, status, body
         from payments.charges where tenant = $1`,
    )
    const [found] = await look()
    assert.deepEqual([found?.metric, found?.count, found?.example], ['duplicate_debit', 1, charge['id']])
    await books.tamper(`delete from payments.charges where tenant = $1 and exposed_by is null`)
    assert.deepEqual(await look(), [])
    await books.tamper(
      `insert into payments.balance_transactions
       select tenant, gen_random_uuid(), created_micros + 1, available_on_micros, type, source, currency, body
         from payments.balance_transactions where tenant = $1`,
    )
    assert.deepEqual(metrics(await look()), [['duplicate_debit', 1]])
  })

  test('that its rail settles twice, or otherwise than it was taken, is found', async () => {
    const twice = await watching()
    await twice.books.pay(1_000)
    const reference = await attemptOf(twice.books)
    await settle(twice.books, [{ reference, amount: 1_000n }])
    assert.deepEqual(await twice.look(), [])
    await settle(twice.books, [
      { reference, amount: 1_000n },
      { reference, amount: 1_000n },
    ])
    const found = await twice.look()
    assert.deepEqual(metrics(found), [['duplicate_debit', 1]])
    assert.match(String(found[0]?.text), /its rail settled it in 3 lines, 3000 in all/)
    const wrong = await watching()
    await wrong.books.pay(1_000)
    await settle(wrong.books, [{ reference: await attemptOf(wrong.books), amount: 900n }])
    assert.deepEqual(metrics(await wrong.look()), [['books_balance', 1]])
  })

  test('that nobody knows the end of is stuck after its time, and in flight until it ends', async () => {
    const { books, look, flying } = await watching()
    world().express.ordersNext.push(...Array<typeof UNKNOWN>(FIVE_TIMES).fill(UNKNOWN))
    await books.have('POST', PAYMENTS, PAY)
    assert.deepEqual([await look(), await flying()], [[], 1])
    const found = await look(1)
    assert.deepEqual(metrics(found), [['money_stuck', 1]])
    assert.match(String(found[0]?.text), /^ch_\w+: its authorise is unknown for longer/)
    await books.endLeases()
    await books.fire('wall')
    assert.deepEqual([await look(1), await flying()], [[], 0])
    assert.equal((await chargesOf(books)).length, 1)
  })

  test('that waits for the customer is in flight, and not stuck', async () => {
    const { books, look, flying } = await watching()
    world().express.ordersNext.push(asksFor('auth_w1'))
    const intent: Shown = await books.have('POST', PAYMENTS, PAY)
    assert.deepEqual([await look(0), await flying()], [[], 1])
    await books.have('POST', `${PAYMENTS}/${intent['id']}/cancel`)
    assert.equal(await flying(), 0)
  })
})
