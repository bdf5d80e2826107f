import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { idOf } from '../vectors/mapping.ts'
import type { TransferCommand } from './command.ts'
import { createModel, type Model } from './model.ts'
import { account, opened, type Row, settlement, transfer } from './samples.ts'

/** Closed periods, as docs/guides/close-a-month.md tells of them. The model's today is 2026-01-01. */

const LAST = '2025-10-31'
const REFUSED = 'book_date_in_closed_period'

describe('closing the books', () => {
  const rows: readonly (readonly [closings: readonly string[], closedThrough: string | null])[] = [
    [[], null],
    [[LAST], LAST],
    [['2025-12-31'], '2025-12-31'],
    [['2026-01-01'], null],
    [['2025-09-30', LAST], LAST],
    [[LAST, LAST], LAST],
    [[LAST, '2025-09-30'], LAST],
  ]
  for (const [closings, closedThrough] of rows) {
    test(`through ${closings.join(', then ') || 'no day'} closes it through ${closedThrough}`, () => {
      const model = createModel()
      for (const each of closings) model.closeBooks(each)
      assert.equal(model.closedThrough(), closedThrough)
    })
  }
})

describe('in a closed period', () => {
  const hold = (id: number) => transfer(id, { flags: ['pending'], bookDate: LAST })
  const early = transfer(10, { bookDate: LAST })
  const closed = (): Model => {
    const model = opened()
    model.createTransfers([early, hold(20)])
    model.closeBooks(LAST)
    return model
  }

  const rows: readonly Row<TransferCommand>[] = [
    [REFUSED, transfer(11, { bookDate: LAST })],
    [REFUSED, transfer(11, { bookDate: '2024-02-29' })],
    [REFUSED, hold(11)],
    [REFUSED, settlement(11, 20, { bookDate: LAST })],
    [REFUSED, settlement(11, 20, { flags: ['void_pending_transfer'], amount: 0n, bookDate: LAST })],
    ['created', transfer(11, { bookDate: '2025-11-01' })],
    ['created', transfer(11, { valueDate: LAST })],
    ['created', transfer(11)],
    ['created', settlement(11, 20)],
    ['exists', early],
    ['transfer_must_have_the_same_currency_as_accounts', transfer(11, { bookDate: LAST, currency: 'USD' })],
    ['exceeds_pending_transfer_amount', settlement(11, 20, { bookDate: LAST, amount: 6n })],
  ]
  for (const [expected, command] of rows) {
    const { flags, bookDate, valueDate, currency, amount } = command
    const what = [...flags, amount, bookDate, valueDate, currency].filter((each) => each !== null)
    test(`${command === early ? 'a repeat' : 'a transfer'}, ${what.join(', ')}: ${expected}`, () => {
      assert.deepEqual(closed().createTransfers([command]), [expected])
    })
  }

  test('the closed day is said before a closed account, and burns no id', () => {
    const model = closed()
    model.createTransfers([transfer(30, { flags: ['pending', 'closing_debit'] })])
    const late = transfer(11, { bookDate: LAST })
    assert.deepEqual(model.createTransfers([late, settlement(12, 20, { bookDate: LAST })]), [
      REFUSED,
      REFUSED,
    ])
    assert.equal(model.isBurnt(late.id), false)
    assert.deepEqual(model.createTransfers([transfer(11)]), ['debit_account_already_closed'])
  })

  test('an imported transfer is judged by its own day, unless it names another', () => {
    const imported = (timeMicros: bigint) => ({ flags: ['imported' as const], timeMicros })
    const model = createModel()
    model.createAccounts([account(1, { currency: 'EUR', ...imported(1n) }), account(2, imported(2n))])
    model.closeBooks('1970-01-01')
    const sent = [
      transfer(10, imported(3n)),
      transfer(11, { ...imported(4n), bookDate: '1970-01-02' }),
      transfer(12, { ...imported(5n), bookDate: '1969-12-31' }),
    ]
    assert.deepEqual(model.createTransfers(sent), [REFUSED, 'created', REFUSED])
    assert.equal(model.transfer(idOf(11))?.bookDate, '1970-01-02')
  })

  test('a hold of the period expires, and a chain is refused as a whole', () => {
    const model = closed()
    model.createTransfers([transfer(40, { flags: ['pending'], timeoutS: 1 })])
    const chain = [transfer(50, { flags: ['linked'] }), transfer(51, { bookDate: LAST })]
    assert.deepEqual(model.createTransfers(chain), ['linked_event_failed', REFUSED])
    model.advance(2)
    assert.equal(model.fate(idOf(40)), 'expired')
  })
})
