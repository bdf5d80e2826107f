import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import type { CardEntered } from '../port/index.ts'
import { TEST_CARDS, testPaymentMethod, testToken } from './cards.ts'
import { passesLuhn, readToken, tokenise } from './tokenise.ts'

const NOW = Date.UTC(2026, 10, 22)
const take = tokenise({ clock: { now: () => NOW }, fingerprintKey: createSecretKey(Buffer.alloc(32, 5)) })

const entered = (number: string, changed: Partial<CardEntered> = {}): CardEntered => ({
  number,
  expMonth: 12,
  expYear: 2034,
  cvc: '123',
  ...changed,
})

test('every number of the table is a card number, and stands there once, as does every key and name', () => {
  for (const { key, number } of TEST_CARDS) assert.ok(passesLuhn(number), `${key} ${number}`)
  for (const all of [
    TEST_CARDS.map(({ number }) => number),
    TEST_CARDS.map(({ key }) => key),
    TEST_CARDS.flatMap(({ names }) => names),
  ])
    assert.deepEqual(
      all.filter((one, index) => all.indexOf(one) !== index),
      [],
    )
})

test('a card of the table becomes a token that says which it is, and does not hold the number', () => {
  for (const { key, number, brand } of TEST_CARDS) {
    const made = take(entered(number, { cvc: brand === 'amex' ? '1234' : '123' }))
    assert.equal(made.kind, 'tokenised', number)
    if (made.kind !== 'tokenised') continue
    assert.equal(made.brand, brand)
    assert.equal(made.last4, number.slice(-4))
    assert.match(made.fingerprint, /^[0-9A-Za-z]{16}$/)
    assert.equal(made.token.includes(number), false)
    assert.equal(readToken(made.token)?.card.key, key)
    assert.equal(readToken(made.token)?.hasCvc, true)
  }
})

test('the same number has the same fingerprint, another one or another key has another', () => {
  const prints = TEST_CARDS.map(({ number }) => {
    const [one, other] = [take(entered(number, { cvc: null })), take(entered(number, { cvc: null }))]
    assert.ok(one.kind === 'tokenised' && other.kind === 'tokenised')
    assert.equal(one.fingerprint, other.fingerprint)
    assert.notEqual(one.token, other.token)
    return one.fingerprint
  })
  assert.equal(new Set(prints).size, prints.length)
  const another = tokenise({
    clock: { now: () => NOW },
    fingerprintKey: createSecretKey(Buffer.alloc(32, 6)),
  })
  const made = another(entered('4242424242424242'))
  assert.ok(made.kind === 'tokenised' && !prints.includes(made.fingerprint))
})

const REFUSED: readonly (readonly [what: string, card: CardEntered, code: string, param: string])[] = [
  ['a check digit that is wrong', entered('4242424242424241'), 'incorrect_number', 'number'],
  ['letters', entered('4242abcd42424242'), 'invalid_number', 'number'],
  ['nothing', entered(''), 'invalid_number', 'number'],
  ['eleven digits', entered('42424242424'), 'invalid_number', 'number'],
  ['twenty digits', entered('42424242424242424242'), 'invalid_number', 'number'],
  ['a card that may be real', entered('4539578763621486'), 'card_declined', 'number'],
  ['month 13', entered('4242424242424242', { expMonth: 13 }), 'invalid_expiry_month', 'exp_month'],
  ['month 0', entered('4242424242424242', { expMonth: 0 }), 'invalid_expiry_month', 'exp_month'],
  ['a year that is over', entered('4242424242424242', { expYear: 2025 }), 'invalid_expiry_year', 'exp_year'],
  [
    'a year of the last century',
    entered('4242424242424242', { expYear: 1995 }),
    'invalid_expiry_year',
    'exp_year',
  ],
  ['two digits in the past', entered('4242424242424242', { expYear: 25 }), 'invalid_expiry_year', 'exp_year'],
  ['a year too far', entered('4242424242424242', { expYear: 2077 }), 'invalid_expiry_year', 'exp_year'],
  [
    'a month that is over',
    entered('4242424242424242', { expYear: 2026, expMonth: 10 }),
    'invalid_expiry_month',
    'exp_month',
  ],
  ['a CVC of two digits', entered('4242424242424242', { cvc: '99' }), 'invalid_cvc', 'cvc'],
  ['a CVC of four digits on a Visa', entered('4242424242424242', { cvc: '1234' }), 'invalid_cvc', 'cvc'],
]

for (const [what, card, code, param] of REFUSED) {
  test(`refused: ${what}`, () => {
    const made = take(card)
    assert.equal(made.kind, 'refused')
    if (made.kind !== 'refused') return
    assert.deepEqual([made.code, made.param], [code, param])
    assert.equal(card.number !== '' && JSON.stringify(made).includes(card.number), false)
  })
}

test('a card that may be real is refused as Stripe refuses a live card in test mode', () => {
  const made = take(entered('4539578763621486'))
  assert.ok(made.kind === 'refused')
  assert.equal(made.declineCode, 'test_mode_live_card')
})

test('taken: the month that runs, two digits of a year, spaces between the digits', () => {
  for (const card of [
    entered('4242424242424242', { expYear: 2026, expMonth: 11 }),
    entered('4242424242424242', { expYear: 34 }),
    entered('4242 4242 4242 4242'),
  ])
    assert.equal(take(card).kind, 'tokenised')
})

test('test payment methods and tokens stand for cards of the table, and nothing else does', () => {
  assert.equal(testPaymentMethod('pm_card_visa')?.number, '4242424242424242')
  assert.equal(testToken('tok_visa')?.number, '4242424242424242')
  assert.equal(testPaymentMethod('pm_card_visa_chargeDeclined')?.number, '4000000000000002')
  assert.equal(testToken('tok_createDispute')?.number, '4000000000000259')
  for (const name of ['pm_card_', 'pm_card_nothing', 'tok_', 'visa', 'tok_pm_card_visa', 'pm_1234'])
    assert.deepEqual([testPaymentMethod(name), testToken(name)], [null, null], name)
  for (const { names } of TEST_CARDS) {
    for (const name of names) {
      const card = testPaymentMethod(`pm_card_${name}`)
      assert.ok(card !== null)
      assert.equal(take(card).kind, 'tokenised', name)
      assert.deepEqual(testToken(`tok_${name}`), card)
    }
  }
})
