import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answer } from './answers.ts'
import type { PaymentFacts } from './facts.ts'
import type { Kind, OrderStory } from './journal.ts'
import { judgePayments } from './judge.ts'

/** A payment that was held, captured in part and refunded in part, as it should stand. */

const done = (id: string, status: string): Answer => ({ class: 'done', id, status, digest: id })

const story = (n: number, kind: Kind, answer: Answer): OrderStory => ({
  order: {
    n,
    payment: 1,
    kind,
    path: '/v1',
    key: `key-${n}`,
    body: kind === 'pay' ? { capture_method: 'manual', metadata: { card: 'visa' } } : {},
  },
  answers: [{ class: 'again', why: 'ECONNRESET' }, answer],
  sent: 2,
})

const STORIES: readonly OrderStory[] = [
  story(2, 'pay', done('pi_1', 'requires_capture')),
  story(3, 'capture', done('pi_1', 'succeeded')),
  story(4, 'refund', done('re_1', 'succeeded')),
]

const order = (kind: string, reference: string, amount: number) => ({
  kind,
  reference,
  amount,
  about: 'a1',
  status: 'succeeded',
})
const posting = (id: string, change: Partial<PaymentFacts['postings'][number]>) => ({
  id,
  holds: null,
  code: 10,
  flags: 0,
  amount: 500,
  reference: null,
  ...change,
})
const event = (type: string, object: string, number = 1) => ({
  id: `evt_${type}_${object}_${number}`,
  type,
  object,
})

const SOUND: PaymentFacts = {
  intents: [{ id: 'pi_1', status: 'succeeded', payment: 1 }],
  attempts: [{ id: 'a1', intent: 'pi_1', kind: 'authorise', state: 'succeeded' }],
  charges: [
    { id: 'ch_1', intent: 'pi_1', status: 'succeeded', captured: 500, refunded: 200, authorisation: 'a1' },
  ],
  refunds: [{ id: 're_1', intent: 'pi_1', charge: 'ch_1', status: 'succeeded', amount: 200 }],
  orders: [order('authorise', 'a1', 1_000), order('capture', 'a2', 500), order('refund', 're_1', 200)],
  transactions: [
    { type: 'charge', source: 'ch_1', amount: 500, net: 455, posted: 500 },
    { type: 'refund', source: 're_1', amount: -200, net: -200, posted: null },
  ],
  postings: [
    posting('a1', { flags: 2, amount: 1_000 }),
    posting('t1', { holds: 'a1', flags: 4 }),
    posting('t2', { code: 20, amount: 200, reference: 're_1' }),
    posting('t3', { code: 21, amount: 200, reference: 're_1' }),
  ],
  events: [
    event('payment_intent.created', 'pi_1'),
    event('payment_intent.amount_capturable_updated', 'pi_1'),
    event('payment_intent.succeeded', 'pi_1'),
    event('charge.succeeded', 'ch_1'),
    event('charge.captured', 'ch_1'),
    event('charge.refunded', 'ch_1'),
    event('refund.created', 're_1'),
  ],
  balances: { ledger: '255', transactions: '255', residual: '0' },
}

const problems = (facts: PaymentFacts, stories = STORIES): readonly string[] =>
  judgePayments(stories, facts).problems

test('what stands as it was answered has no problem', () => {
  assert.deepEqual(problems(SOUND), [])
})

const twice = <Value>(values: readonly Value[], which: number): Value[] => [
  ...values,
  ...values.slice(which, which + 1),
]

const BROKEN: Readonly<Record<string, Partial<PaymentFacts>>> = {
  'a payment that is gone': { intents: [] },
  'a payment in another state': { intents: [{ id: 'pi_1', status: 'processing', payment: 1 }] },
  'a payment that nobody asked for': {
    intents: [...SOUND.intents, { id: 'pi_2', status: 'succeeded', payment: 9 }],
  },
  'a second charge': { charges: twice(SOUND.charges, 0) },
  'a second authorisation': { orders: twice(SOUND.orders, 0) },
  'a second capture': { orders: twice(SOUND.orders, 1) },
  'a second refund at the rail': { orders: twice(SOUND.orders, 2) },
  'a refund that is gone': { refunds: [] },
  'a second balance transaction': { transactions: twice(SOUND.transactions, 0) },
  'a posting that is gone': { postings: SOUND.postings.slice(0, 2) },
  'a hold that never ended': { postings: SOUND.postings.filter(({ holds }) => holds === null) },
  'an event twice': { events: twice(SOUND.events, 2) },
  'an event that is gone': { events: SOUND.events.slice(1) },
  'books that are off': { balances: { ...SOUND.balances, ledger: '256' } },
}

for (const [what, change] of Object.entries(BROKEN)) {
  test(`${what} is found`, () => {
    assert.notDeepEqual(problems({ ...SOUND, ...change }), [])
  })
}

test('two answers under one key, and an order without any, are found', () => {
  const [first, ...rest] = STORIES
  assert.ok(first !== undefined)
  const differing = { ...first, answers: [...first.answers, done('pi_2', 'succeeded')] }
  assert.notDeepEqual(problems(SOUND, [differing, ...rest]), [])
  assert.notDeepEqual(problems(SOUND, [{ ...first, answers: [] }, ...rest]), [])
})
