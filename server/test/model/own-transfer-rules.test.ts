import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { idOf } from '../vectors/mapping.ts'
import { MAX_AMOUNT, type TransferCommand } from './command.ts'
import { createModel } from './model.ts'
import { account, opened, type Row, settlement, transfer } from './samples.ts'

/** The rules that are ours and not TigerBeetle's, so that no recorded history covers them. */

describe('transfers: currency, external reference and dates', () => {
  const stored = transfer(10, {
    currency: 'EUR',
    externalReference: 'x',
    bookDate: '2025-01-01',
    valueDate: '2025-01-02',
  })
  const rows: readonly Row<TransferCommand>[] = [
    ['exists', stored],
    ['exists', { ...stored, currency: null, bookDate: null, valueDate: null }],
    ['exists_with_different_currency', { ...stored, currency: 'USD', externalReference: 'y' }],
    [
      'exists_with_different_external_reference',
      { ...stored, externalReference: 'y', bookDate: '2025-05-05' },
    ],
    ['exists_with_different_external_reference', { ...stored, externalReference: null }],
    ['exists_with_different_book_date', { ...stored, bookDate: '2025-05-05', valueDate: '2025-05-05' }],
    ['exists_with_different_value_date', { ...stored, valueDate: '2025-05-05' }],
    ['exists_with_different_code', { ...stored, code: 2, currency: 'USD' }],
    ['transfer_must_have_the_same_ledger_as_accounts', transfer(11, { ledger: 2, currency: 'USD' })],
    ['transfer_must_have_the_same_currency_as_accounts', transfer(11, { currency: 'USD' })],
    ['created', transfer(11, { currency: 'EUR' })],
  ]
  for (const [expected, command] of rows) {
    const { id, code, ledger, currency, externalReference, bookDate, valueDate } = command
    const labels = [currency, externalReference, bookDate, valueDate].join(', ')
    test(`transfer ${id.at(-1)}, ledger ${ledger}, code ${code}, ${labels}: ${expected}`, () => {
      const model = opened()
      assert.deepEqual(model.createTransfers([stored]), ['created'])
      assert.deepEqual(model.createTransfers([command]), [expected])
    })
  }

  test('absent dates are the day of the recorded time, and a repeat may name that day', () => {
    const model = opened()
    model.createTransfers([transfer(10)])
    assert.equal(model.transfer(idOf(10))?.bookDate, '2026-01-01')
    const named = transfer(10, { bookDate: '2026-01-01', valueDate: '2026-01-01' })
    assert.deepEqual(model.createTransfers([named]), ['exists'])
  })

  test('the day of an imported transfer is that of its own time, in the zone of the day function', () => {
    const model = createModel({ dayOf: (timeMicros) => (timeMicros === 3_000n ? 'third' : 'other') })
    const imported = (timeMicros: bigint) => ({ flags: ['imported' as const], timeMicros })
    model.createAccounts([account(1, { currency: 'EUR', ...imported(1_000n) }), account(2, imported(2_000n))])
    model.createTransfers([transfer(10, imported(3_000n))])
    assert.equal(model.transfer(idOf(10))?.bookDate, 'third')
  })
})

describe('posts and voids: what they inherit', () => {
  const hold = transfer(10, {
    flags: ['pending'],
    externalReference: 'x',
    bookDate: '2025-01-01',
    userData: 4n,
  })
  const held = () => {
    const model = opened()
    assert.deepEqual(model.createTransfers([hold]), ['created'])
    return model
  }

  test('the external reference is the hold’s when absent; the book date is the post’s own day', () => {
    const model = held()
    model.createTransfers([settlement(11, 10)])
    const posted = model.transfer(idOf(11))
    assert.deepEqual(
      [posted?.externalReference, posted?.bookDate, posted?.currency],
      ['x', '2026-01-01', 'EUR'],
    )
  })

  const repeats: readonly Row<TransferCommand>[] = [
    ['exists', settlement(11, 10)],
    ['exists', settlement(11, 10, { externalReference: 'x', bookDate: '2026-01-01', currency: 'EUR' })],
    ['exists_with_different_external_reference', settlement(11, 10, { externalReference: 'y' })],
    ['exists_with_different_currency', settlement(11, 10, { currency: 'USD', externalReference: 'y' })],
    ['exists_with_different_book_date', settlement(11, 10, { bookDate: '2025-01-01' })],
  ]
  for (const [expected, command] of repeats) {
    test(`a post again with ${command.currency}, ${command.externalReference}, ${command.bookDate}: ${expected}`, () => {
      const model = held()
      assert.deepEqual(model.createTransfers([settlement(11, 10), command]), ['created', expected])
    })
  }

  test('a post with its own external reference is compared with that one', () => {
    const model = held()
    const own = settlement(11, 10, { externalReference: 'y' })
    assert.deepEqual(model.createTransfers([own, own, settlement(11, 10)]), [
      'created',
      'exists',
      'exists_with_different_external_reference',
    ])
  })

  const order: readonly Row<TransferCommand>[] = [
    ['pending_transfer_has_different_code', settlement(11, 10, { code: 2, currency: 'USD', amount: 6n })],
    ['pending_transfer_has_different_currency', settlement(11, 10, { currency: 'USD', amount: 6n })],
    ['exceeds_pending_transfer_amount', settlement(11, 10, { currency: 'EUR', amount: 6n })],
  ]
  for (const [expected, command] of order) {
    test(`a post of ${command.amount} in ${command.currency} with code ${command.code}: ${expected}`, () => {
      assert.deepEqual(held().createTransfers([command]), [expected])
    })
  }
})

describe('the largest amount', () => {
  test('“max” is the largest amount, also by its number', () => {
    const model = opened()
    const all = transfer(10, { amount: 'max' })
    assert.deepEqual(model.createTransfers([all, { ...all, amount: MAX_AMOUNT }]), ['created', 'exists'])
    assert.equal(model.balances(idOf(1))?.debitsPosted, MAX_AMOUNT)
    assert.deepEqual(model.createTransfers([transfer(11, { amount: 1n })]), ['overflows_debits_posted'])
  })

  test('a hold of the largest amount can be voided by naming it', () => {
    const model = opened()
    const hold = transfer(10, { amount: 'max', flags: ['pending'] })
    const statuses = model.createTransfers([hold, settlement(11, 10, { flags: ['void_pending_transfer'] })])
    assert.deepEqual(statuses, ['created', 'created'])
  })
})

describe('expiry', () => {
  test('has its own line in the statement and none in the history', () => {
    const model = createModel()
    model.createAccounts([account(1, { currency: 'EUR', flags: ['history'] }), account(2)])
    model.createTransfers([transfer(10, { flags: ['pending', 'closing_debit'], timeoutS: 1 })])
    assert.equal(model.balances(idOf(1))?.closed, true)
    model.advance(2)
    assert.deepEqual(
      model.entries(idOf(1)).map(({ kind, after }) => [kind, after.debitsPending, after.closed]),
      [
        ['transfer', 5n, true],
        ['expiry', 0n, false],
      ],
    )
    assert.equal(model.history(idOf(1)).length, 1)
  })

  test('happens at the second it is due, and not before', () => {
    const model = opened()
    model.createTransfers([transfer(10, { flags: ['pending'], timeoutS: 10 })])
    model.advance(9)
    assert.equal(model.fate(idOf(10)), 'pending')
    model.advance(1)
    assert.equal(model.fate(idOf(10)), 'expired')
  })
})
