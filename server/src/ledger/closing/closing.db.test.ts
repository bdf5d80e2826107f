import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  type Answer,
  type ClosingBooks,
  type ClosingWorld,
  openClosing,
} from '../../../test/support/closing-world.ts'
import { withClient } from '../../database/index.ts'

let world: ClosingWorld
before(async () => {
  world = await openClosing()
})
after(() => world.close())

const codeOf = ({ body }: Answer): unknown => (body['error'] as { code: string } | undefined)?.code
const messageOf = ({ body }: Answer): string =>
  (body['error'] as { message: string } | undefined)?.message ?? ''

const ok = (answer: Answer): Answer => {
  assert.equal(answer.status, 200, answer.text)
  return answer
}

type Pair = { readonly from: string; readonly to: string }

const openPair = async (books: ClosingBooks, currency = 'eur', ledger = 1): Promise<Pair> => {
  const open = async (code: number): Promise<string> =>
    ok(await books.post('/v1/ledger/accounts', { ledger, code, currency })).body['id'] as string
  return { from: await open(10), to: await open(20) }
}

const move = (books: ClosingBooks, { from, to }: Pair, more: object = {}): Promise<Answer> =>
  books.post('/v1/ledger/transfers', {
    debit_account: from,
    credit_account: to,
    amount: 100,
    ledger: 1,
    code: 1,
    ...more,
  })

const close = (books: ClosingBooks, offset = -1): Promise<Answer> =>
  books.post('/v1/ledger/close', { date: books.day(offset) })

describe('a closed period', () => {
  test('takes nothing more, by whatever way it is named', async () => {
    const books = await world.tenant()
    const pair = await openPair(books)
    const before = books.day(-3)
    const held = ok(await move(books, pair, { flags: ['pending'], book_date: before })).body['id'] as string
    const free = ok(await move(books, pair, { flags: ['pending'] })).body['id'] as string
    ok(await move(books, pair, { book_date: before }))
    ok(await close(books, -2))
    const refused: readonly (readonly [string, Promise<Answer>])[] = [
      ['a transfer on an earlier day', move(books, pair, { book_date: before })],
      ['a transfer on the last day', move(books, pair, { book_date: books.day(-2) })],
      ['a pending one', move(books, pair, { book_date: before, flags: ['pending'] })],
      ['a post', books.post(`/v1/ledger/transfers/${held}/post`, { book_date: before })],
      ['a void', books.post(`/v1/ledger/transfers/${held}/void`, { book_date: before })],
      [
        'one in the other process',
        world.elsewhere(books).post('/v1/ledger/transfers', {
          debit_account: pair.from,
          credit_account: pair.to,
          amount: 1,
          ledger: 1,
          code: 1,
          book_date: before,
        }),
      ],
    ]
    for (const [what, answer] of refused)
      assert.equal(codeOf(await answer), 'book_date_in_closed_period', what)
    ok(await move(books, pair))
    ok(await move(books, pair, { book_date: books.day(-1) }))
    ok(await move(books, pair, { value_date: before }))
    ok(await books.post(`/v1/ledger/transfers/${held}/post`, {}))
    ok(await books.post(`/v1/ledger/transfers/${free}/void`, {}))
  })

  test('refuses items of a batch by themselves, and a chain as a whole', async () => {
    const books = await world.tenant()
    const { from, to } = await openPair(books)
    ok(await close(books, -2))
    const item = { debit_account: from, credit_account: to, amount: 5, ledger: 1, code: 1 }
    const late = { ...item, book_date: books.day(-2) }
    const { body } = ok(
      await books.post('/v1/ledger/batches', {
        transfers: [item, late, { ...item, flags: ['linked'] }, late, item],
      }),
    )
    assert.deepEqual(
      (body['results'] as { status: string }[]).map(({ status }) => status),
      [
        'created',
        'book_date_in_closed_period',
        'linked_event_failed',
        'book_date_in_closed_period',
        'created',
      ],
    )
  })

  test('takes no imported transfer of its days, and one that is booked on an open day', async () => {
    const books = await world.tenant()
    const { id } = books
    const past = (Date.now() - 5 * 86_400_000) * 1_000
    const account = (timestamp: number) => ({
      ledger: 1,
      code: 1,
      currency: 'eur',
      flags: ['imported'],
      timestamp_us: timestamp,
    })
    const one = ok(await books.post('/v1/ledger/accounts', account(past))).body['id']
    const other = ok(await books.post('/v1/ledger/accounts', account(past + 1))).body['id']
    ok(await close(books, -2))
    const item = (timestamp: number, more: object = {}) =>
      books.post('/v1/ledger/transfers', {
        debit_account: one,
        credit_account: other,
        amount: 5,
        ledger: 1,
        code: 1,
        flags: ['imported'],
        timestamp_us: timestamp,
        ...more,
      })
    assert.equal(codeOf(await item(past + 10)), 'book_date_in_closed_period')
    ok(await item(past + 20, { book_date: books.day(0) }))
    assert.ok(id > 0)
  })

  test('is over in the tenant’s own zone', async () => {
    const zones = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'] as const
    for (const zone of zones) {
      const books = await world.tenant(zone)
      const today = await close(books, 0)
      assert.equal(codeOf(today), 'closing_date_not_over', zone)
      assert.match(messageOf(today), new RegExp(`where it is ${books.day(0)}`))
      ok(await close(books, -1))
    }
  })

  test('comes after the one before it, and is closed once', async () => {
    const books = await world.tenant()
    assert.deepEqual(
      [ok(await close(books, -9)).body['from'], codeOf(await close(books, -9))],
      [null, 'period_already_closed'],
    )
    assert.match(messageOf(await close(books, -10)), new RegExp(`closed through ${books.day(-9)}`))
    assert.equal(ok(await close(books, -2)).body['from'], books.day(-8))
    for (const date of ['2026-02-30', 'yesterday', '2026-1-1'])
      assert.equal(codeOf(await books.post('/v1/ledger/close', { date })), 'parameter_invalid_date')
  })

  test('is not closed while a process works here that does not know of closed periods', async () => {
    const books = await world.tenant()
    const url = new URL(world.base.database.appUrl)
    url.searchParams.set('application_name', 'evenkeel 19 4242')
    await withClient(url.toString(), async (client) => {
      await client.query('select 1')
      assert.equal(codeOf(await close(books)), 'older_release_running')
    })
    for (;;) if (codeOf(await close(books)) === undefined) break
  })

  test('is kept by the database itself: no release writes into it', async () => {
    const books = await world.tenant()
    const pair = await openPair(books)
    ok(await move(books, pair, { book_date: books.day(-2) }))
    ok(await close(books, -2))
    const copy = `insert into ledger.transfers
      select (jsonb_populate_record(t, jsonb_build_object('time_micros', t.time_micros + 1, 'id', gen_random_uuid()))).*
        from ledger.transfers t where tenant = $1`
    await assert.rejects(
      world.base.ask(books.id, copy, [books.id]),
      /row-level security policy "open_period"/,
    )
  })
})

describe('the figures of a closed period', () => {
  const photograph = async (
    books: ClosingBooks,
    accounts: readonly string[],
    to: string,
  ): Promise<string> => {
    const paths = [
      `/v1/ledger/trial_balance?as_of_book_date=${to}`,
      ...accounts.map((id) => `/v1/ledger/accounts/${id}/entries?book_date_to=${to}&limit=100`),
    ]
    const answers: string[] = []
    for (const path of paths) answers.push(ok(await books.get(path)).text)
    return answers.join('\n')
  }

  test('never change by a byte, whatever happens afterwards', async () => {
    const books = await world.tenant('Europe/Prague')
    const pair = await openPair(books)
    const dollars = await openPair(books, 'usd', 2)
    const on = books.day(-2)
    ok(await move(books, pair, { book_date: on, metadata: { 'why?': '=1+1' }, external_reference: '@sum' }))
    ok(await move(books, dollars, { book_date: books.day(-1), ledger: 2 }))
    const held = ok(await move(books, pair, { book_date: on, flags: ['pending'] })).body['id'] as string
    const voided = ok(await move(books, pair, { book_date: on, flags: ['pending'] })).body['id'] as string
    const closes = await openPair(books)
    ok(await move(books, closes, { book_date: on, amount: 7 }))
    const { body } = ok(await close(books, -1))
    const accounts = [pair.from, pair.to, dollars.from, dollars.to, closes.from, closes.to]
    const before = await photograph(books, accounts, books.day(-1))
    assert.match(before, /"ledger":2/)

    ok(await books.post(`/v1/ledger/transfers/${held}/post`, {}))
    ok(await books.post(`/v1/ledger/transfers/${voided}/void`, {}))
    ok(await move(books, pair))
    ok(await move(books, pair, { book_date: books.day(4) }))
    ok(await move(books, closes, { amount: 0, flags: ['pending', 'closing_debit'] }))
    const later = await openPair(books)
    ok(await move(books, later, { value_date: on }))
    ok(await move(books, await openPair(books, 'jpy', 3), { ledger: 3 }))
    ok(await books.post('/v1/ledger/ledgers', { number: 9, name: 'Later', currency: 'eur' }))
    await openPair(books, 'eur', 9)
    const past = (Date.now() - 3 * 86_400_000) * 1_000
    const imported = await books.post('/v1/ledger/accounts', {
      ledger: 1,
      code: 10,
      flags: ['imported'],
      timestamp_us: past,
    })
    assert.equal(codeOf(imported), 'imported_event_timestamp_must_not_regress')

    assert.equal(await photograph(books, accounts, books.day(-1)), before)
    assert.equal(await photograph(world.elsewhere(books), accounts, books.day(-1)), before)
    const [again] = ok(await books.get('/v1/ledger/closings')).body['data'] as Record<string, unknown>[]
    assert.equal(again?.['digest'], body['digest'])
    const { ok: isProven, checks } = await world.verify()
    const check = checks.find(({ name }) => name === 'closed_periods')
    assert.deepEqual([isProven, check?.findings, (check?.rows ?? 0) > 0], [true, [], true])
  })

  test('hold exactly what was booked before the closing, though others book there at the same moment', async () => {
    const books = await world.tenant()
    const pair = await openPair(books)
    const other = world.elsewhere(books)
    const on = books.day(-1)
    const racing = Array.from({ length: 60 }, (_, index) =>
      move(index % 2 === 0 ? books : other, pair, { book_date: on, amount: 1 }),
    )
    const [closing, ...answers] = await Promise.all([close(other), ...racing])
    const { body } = ok(closing as Answer)
    const created = answers.filter(({ status }) => status === 200).length
    const refused = answers.filter((answer) => codeOf(answer) === 'book_date_in_closed_period').length
    assert.equal(created + refused, racing.length, answers.find(({ status }) => status >= 500)?.text ?? '')
    assert.equal(body['entries'], created * 2)
    assert.equal(codeOf(await move(books, pair, { book_date: on })), 'book_date_in_closed_period')
    assert.equal((await world.verify()).ok, true)
  })

  test('are proven by verify, which names a change that somebody made in the database', async () => {
    const books = await world.tenant()
    const pair = await openPair(books)
    ok(await move(books, pair, { book_date: books.day(-2), metadata: { note: 'one' } }))
    ok(await close(books, -2))
    ok(await close(books, -1))
    const changed = `update ledger.transfers set metadata = '{"note": "two"}' where tenant = ${books.id}`
    await withClient(world.base.database.adminUrl, async (client) => {
      await client.query(changed)
      const { checks } = await world.verify()
      assert.deepEqual(
        checks.filter(({ ok: isOk }) => !isOk).map(({ name, findingsCount }) => [name, findingsCount]),
        [['closed_periods', 1]],
      )
      await client.query(changed.replace('two', 'one'))
    })
    assert.equal((await world.verify()).ok, true)
  })
})

describe('reopening', () => {
  const reopen = (books: ClosingBooks, offset: number, reason = 'an invoice was forgotten') =>
    books.post('/v1/ledger/reopen', { date: books.day(offset), reason })

  test('needs a reason and a closed day', async () => {
    const books = await world.tenant()
    assert.equal(codeOf(await reopen(books, -3)), 'nothing_closed')
    ok(await close(books, -5))
    assert.equal(codeOf(await reopen(books, -4)), 'date_not_closed')
    assert.equal(codeOf(await reopen(books, -5, '  ')), 'reason_missing')
    assert.equal(codeOf(await reopen(books, -5, '')), 'parameter_invalid_empty')
    assert.equal(codeOf(await books.post('/v1/ledger/reopen', { date: books.day(-5) })), 'parameter_missing')
  })

  test('opens the period of the day and all later ones, and says so for ever', async () => {
    const books = await world.tenant()
    const pair = await openPair(books)
    const closings: Record<string, unknown>[] = []
    for (const offset of [-9, -6, -3]) closings.push(ok(await close(books, offset)).body)
    const { body } = ok(await reopen(books, -7))
    assert.equal(body['closed_through'], books.day(-9))
    assert.deepEqual(
      (body['reopened'] as { number: number }[]).map(({ number }) => number),
      [2, 3],
    )
    ok(await move(books, pair, { book_date: books.day(-8) }))
    assert.equal(codeOf(await move(books, pair, { book_date: books.day(-9) })), 'book_date_in_closed_period')
    const again = ok(await close(books, -6)).body
    assert.deepEqual([again['number'], again['from'], again['entries']], [4, books.day(-8), 2])
    assert.notEqual(again['digest'], closings[1]?.['digest'])
    const list = ok(await books.get('/v1/ledger/closings?limit=3')).body
    const shown = (list['data'] as Record<string, unknown>[]).map((each) => [
      each['number'],
      each['status'],
      each['reopened_reason'],
    ])
    assert.deepEqual(shown, [
      [4, 'closed', null],
      [3, 'reopened', 'an invoice was forgotten'],
      [2, 'reopened', 'an invoice was forgotten'],
    ])
    const rest = ok(
      await books.get(`/v1/ledger/closings?starting_after=${(list['data'] as { id: string }[])[2]?.id}`),
    ).body
    assert.deepEqual(
      (rest['data'] as { number: number }[]).map(({ number }) => number),
      [1],
    )
    const acts = await books.rows(
      "select action, content::jsonb ->> 'reason' as reason from audit.entries where tenant = $1 order by position",
    )
    assert.deepEqual(acts.map(({ action }) => action).slice(-3), [
      'ledger.reopened',
      'ledger.closed',
      'ledger.closing_sealed',
    ])
    assert.equal(
      acts.find(({ action }) => action === 'ledger.reopened')?.['reason'],
      'an invoice was forgotten',
    )
    assert.equal((await world.verify()).ok, true)
  })

  test('and closing are answered again under the same key', async () => {
    const books = await world.tenant()
    const key = { 'idempotency-key': 'close-october' }
    const first = ok(await books.post('/v1/ledger/close', { date: books.day(-1) }, key))
    const second = ok(await books.post('/v1/ledger/close', { date: books.day(-1) }, key))
    assert.equal(second.text, first.text)
    assert.ok((first.body['receipt'] as { position: number }).position > 0)
  })
})

describe('a closing whose server died before it was added up', () => {
  /** As it stands after the first commit. */
  const unsealed = async (): Promise<{ books: ClosingBooks; id: string; digest: unknown }> => {
    const books = await world.tenant()
    const pair = await openPair(books)
    ok(await move(books, pair, { book_date: books.day(-1) }))
    const { body } = ok(await close(books))
    await withClient(world.base.database.adminUrl, async (client) => {
      await client.query(
        `update ledger.closings set digest = null, entries = null where tenant = ${books.id}`,
      )
      // Another process has committed: what this one remembers is not so any more.
      await client.query(`update database.heads set batch = batch + 1 where tenant = ${books.id}`)
      await client.query(
        `insert into database.batches values (${books.id}, (select batch from database.heads where tenant = ${books.id}), gen_random_uuid(), 1, 1)`,
      )
    })
    return { books, id: body['id'] as string, digest: body['digest'] }
  }

  test('is closed all the same, told of by verify, and added up by its timer', async () => {
    const { books, id, digest } = await unsealed()
    assert.equal(ok(await books.get(`/v1/ledger/closings/${id}`)).body['status'], 'sealing')
    const { ok: isProven, checks } = await world.verify()
    const notes = checks.find(({ name }) => name === 'closed_periods')?.notes.join() ?? ''
    assert.deepEqual([isProven, /not added up yet/.test(notes)], [true, true])
    await world.seal(books, id)
    await world.seal(books, id)
    assert.equal(ok(await books.get(`/v1/ledger/closings/${id}`)).body['digest'], digest)
    const timers = await books.rows(
      "select 1 from database.timers where tenant = $1 and kind = 'ledger.closing'",
    )
    assert.equal(timers.length, 0)
  })

  test('is added up when it is closed again, which is no second closing', async () => {
    const { books, id, digest } = await unsealed()
    const { body } = ok(await close(books))
    assert.deepEqual([body['id'], body['digest'], body['number']], [id, digest, 1])
  })
})
