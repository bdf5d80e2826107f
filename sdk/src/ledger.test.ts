import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from './client.ts'

type Sent = { readonly method: string; readonly path: string; readonly body: unknown }

const recorded = () => {
  const sent: Sent[] = []
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const { pathname, search } = new URL(String(url))
    const body = init?.body ? JSON.parse(String(init.body)) : null
    sent.push({ method: init?.method ?? '', path: pathname + decodeURIComponent(search), body })
    const page = { object: 'list', data: [], has_more: false, url: pathname }
    return new Response(JSON.stringify(page), { headers: { 'content-type': 'application/json' } })
  }
  return { ledger: createClient({ baseUrl: 'http://localhost', apiKey: 'sk_test_1', fetch }).ledger, sent }
}

test('each method of the ledger sends the call that it is named after', async () => {
  const { ledger, sent } = recorded()
  await ledger.ledgers.create({ number: 1, name: 'Money', currency: 'eur' })
  await ledger.ledgers.retrieve(1)
  await ledger.ledgers.list()
  await ledger.accounts.create({ ledger: 1, code: 10, flags: ['history'], reference: 'ada' })
  await ledger.accounts.retrieve('la_1', { as_of: 7 })
  await ledger.accounts.list({ ledger: 1, created: { gte: 5 } }).page()
  await ledger.accounts.entries('la_1', { side: 'debit' }).page()
  await ledger.transfers.create({
    debit_account: 'la_1',
    credit_account: 'la_2',
    amount: 5n,
    ledger: 1,
    code: 1,
  })
  await ledger.transfers.retrieve('lt/1')
  await ledger.transfers.list({ external_reference: 'x y' }).page()
  await ledger.transfers.post('lt_1', { amount: 3 })
  await ledger.transfers.void('lt_1')
  await ledger.batches.create({ accounts: [{ ledger: 1, code: 1 }] })
  await ledger.trialBalance({ as_of_book_date: '2026-11-22' })
  await ledger.health()
  await ledger.close({ date: '2026-10-31' })
  await ledger.reopen({ date: '2026-10-31', reason: 'an invoice was missing' })
  await ledger.closings.retrieve('lc_1')
  await ledger.closings.list({ limit: 3 }).page()
  assert.deepEqual(
    sent.map(({ method, path, body }) => (body === null ? [method, path] : [method, path, body])),
    [
      ['POST', '/v1/ledger/ledgers', { number: 1, name: 'Money', currency: 'eur' }],
      ['GET', '/v1/ledger/ledgers/1'],
      ['GET', '/v1/ledger/ledgers'],
      ['POST', '/v1/ledger/accounts', { ledger: 1, code: 10, flags: ['history'], reference: 'ada' }],
      ['GET', '/v1/ledger/accounts/la_1?as_of=7'],
      ['GET', '/v1/ledger/accounts?ledger=1&created[gte]=5'],
      ['GET', '/v1/ledger/accounts/la_1/entries?side=debit'],
      [
        'POST',
        '/v1/ledger/transfers',
        { debit_account: 'la_1', credit_account: 'la_2', amount: 5, ledger: 1, code: 1 },
      ],
      ['GET', '/v1/ledger/transfers/lt%2F1'],
      ['GET', '/v1/ledger/transfers?external_reference=x+y'],
      ['POST', '/v1/ledger/transfers/lt_1/post', { amount: 3 }],
      ['POST', '/v1/ledger/transfers/lt_1/void', {}],
      ['POST', '/v1/ledger/batches', { accounts: [{ ledger: 1, code: 1 }] }],
      ['GET', '/v1/ledger/trial_balance?as_of_book_date=2026-11-22'],
      ['GET', '/v1/ledger/health'],
      ['POST', '/v1/ledger/close', { date: '2026-10-31' }],
      ['POST', '/v1/ledger/reopen', { date: '2026-10-31', reason: 'an invoice was missing' }],
      ['GET', '/v1/ledger/closings/lc_1'],
      ['GET', '/v1/ledger/closings?limit=3'],
    ],
  )
})
