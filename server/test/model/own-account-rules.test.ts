import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AccountCommand } from './command.ts'
import { createModel } from './model.ts'
import { account, opened, type Row } from './samples.ts'

/** The rules that are ours and not TigerBeetle's, so that no recorded history covers them. */

describe('accounts: currency and reference', () => {
  const repeats: readonly Row<AccountCommand>[] = [
    ['exists', account(1, { reference: 'one' })],
    ['exists', account(1, { reference: 'one', currency: 'EUR' })],
    ['exists_with_different_currency', account(1, { reference: 'two', currency: 'USD' })],
    ['exists_with_different_reference', account(1, { reference: 'two', currency: 'EUR' })],
    ['exists_with_different_reference', account(1)],
    ['exists_with_different_reference', account(2, { reference: 'one' })],
    ['exists_with_different_code', account(1, { code: 2, currency: 'USD', reference: 'two' })],
  ]
  const firsts: readonly Row<AccountCommand>[] = [
    ['reference_already_used', account(9, { reference: 'one' })],
    ['reference_already_used', account(9, { reference: 'one', currency: 'USD' })],
    ['ledger_has_different_currency', account(9, { reference: 'nine', currency: 'USD' })],
    ['code_must_not_be_zero', account(9, { reference: 'one', currency: 'USD', code: 0 })],
    ['created', account(9, { reference: 'nine' })],
    ['created', account(9, { ledger: 2, currency: 'USD' })],
  ]
  for (const [expected, command] of [...repeats, ...firsts]) {
    test(`account ${command.id.at(-1)} with ${command.currency}, ${command.reference}, code ${command.code}: ${expected}`, () => {
      assert.deepEqual(opened().createAccounts([command]), [expected])
    })
  }

  test('a refused reference burns nothing: the same id may come with another', () => {
    const model = opened()
    assert.deepEqual(model.createAccounts([account(9, { reference: 'one' })]), ['reference_already_used'])
    assert.deepEqual(model.createAccounts([account(9, { reference: 'nine' })]), ['created'])
  })

  test('a rolled-back first account gives back the currency of its ledger and its reference', () => {
    const linked = account(9, { ledger: 7, currency: 'EUR', reference: 'nine', flags: ['linked'] })
    const model = opened()
    const statuses = model.createAccounts([
      linked,
      account(10, { code: 0 }),
      account(11, { ledger: 7, currency: 'USD', reference: 'nine' }),
    ])
    assert.deepEqual(statuses, ['linked_event_failed', 'code_must_not_be_zero', 'created'])
    assert.deepEqual(model.createAccounts([linked, account(12)]), [
      'reference_already_used',
      'linked_event_failed',
    ])
  })

  test('the order for an imported account: its time, then its reference, then its currency', () => {
    const model = createModel()
    const imported = (id: number, timeMicros: bigint, more: Partial<AccountCommand>) =>
      account(id, { flags: ['imported'], timeMicros, ...more })
    const statuses = model.createAccounts([
      imported(1, 1_000n, { currency: 'EUR', reference: 'one' }),
      imported(2, 1_000n, { currency: 'USD', reference: 'one' }),
      imported(2, 1_001n, { currency: 'USD', reference: 'one' }),
      imported(2, 1_001n, { currency: 'USD' }),
      imported(2, 1_001n, {}),
    ])
    assert.deepEqual(statuses, [
      'created',
      'imported_event_timestamp_must_not_regress',
      'reference_already_used',
      'ledger_has_different_currency',
      'created',
    ])
  })
})
