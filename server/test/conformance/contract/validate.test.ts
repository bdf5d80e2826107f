import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contract, validate, validateShown } from './validate.ts'

const refund = {
  id: 're_1',
  object: 'refund',
  amount: 5,
  balance_transaction: null,
  charge: 'ch_1',
  created: 1,
  currency: 'usd',
  customer: null,
  customer_account: null,
  launches: [],
  metadata: {},
  payment_intent: null,
  payment_method: null,
  reason: 'duplicate',
  receipt_number: null,
  source_transfer_reversal: null,
  status: 'succeeded',
  transfer_reversal: null,
}

test('the extract holds what it is for', () => {
  assert.ok(Object.keys(contract.operations).length >= 80)
  assert.ok(Object.keys(contract.events).length >= 270)
  assert.equal(contract.events['charge.captured'], 'Charge')
  assert.deepEqual(contract.operations['POST /v1/refunds/{id}/cancel'], {
    method: 'Refund.cancel',
    parameters: 'RefundCancelParams',
    returns: 'Refund',
  })
})

test('an object as Stripe shows it has no problem', () => {
  assert.deepEqual(validateShown(refund), [])
})

for (const [what, change, problem] of [
  ['a field that is missing', { amount: undefined }, 'Refund.amount is missing'],
  ['a field of the wrong type', { amount: '5' }, 'Refund.amount is "5", not of type number'],
  ['null where it is not allowed', { currency: null }, 'Refund.currency is null, not of type string'],
  [
    'a value that is not in the list',
    { reason: 'because' },
    `Refund.reason is "because", which is not in Stripe's list`,
  ],
  ['a field that nobody knows', { rail: 'card' }, `Refund.rail is no field of Stripe's`],
  ['a field of our own that is missing', { launches: undefined }, 'Refund.launches is missing'],
  [
    'a field of our own, where it is none',
    { fallback_of: null },
    `Refund.fallback_of is no field of Stripe's`,
  ],
  ['something deep', { metadata: { a: 1 } }, 'Refund.metadata.a is 1, not of type string'],
  ['a bad object in place of an id', { customer: { id: 'cus_1', object: 'customer', deleted: 1 } }, null],
] as const) {
  test(`${what} is found`, () => {
    const problems = validate('Refund', { ...refund, ...change })
    assert.ok(problems.length > 0)
    if (problem !== null) assert.deepEqual(problems, [problem])
  })
}

test('an expanded object is looked into, and a deleted one is one too', () => {
  const customer = { id: 'cus_1', object: 'customer', deleted: true }
  assert.deepEqual(validate('Refund', { ...refund, customer }), [])
})

test('an event is its envelope, its type and what it carries', () => {
  const event = {
    id: 'evt_1',
    object: 'event',
    api_version: contract.apiVersion,
    created: 1,
    data: { object: refund, previous_attributes: { status: 'pending' } },
    livemode: false,
    pending_webhooks: 0,
    request: { id: null, idempotency_key: null },
    type: 'refund.updated',
  }
  assert.deepEqual(validateShown(event), [])
  assert.equal(validateShown({ ...event, type: 'refund.exploded' }).length, 1)
  assert.equal(validateShown({ ...event, data: { object: { ...refund, amount: null } } }).length, 2)
  assert.equal(validateShown({ ...event, livemode: null }).length, 1)
})

test('a list is its fields and each of its items', () => {
  const list = {
    object: 'list',
    data: [refund, { ...refund, amount: null }],
    has_more: false,
    url: '/v1/refunds',
  }
  assert.equal(validateShown(list).length, 1)
})
