import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Desk, id, secondPhase, transfer, type WantedTransfer } from '../../../test/support/commands.ts'
import { parseDay, UUID_ZERO } from '../../kit/index.ts'
import { AMOUNT_MAX } from './model.ts'

const day = (text: string): number => parseDay(text) ?? 0

const ORIGINAL: WantedTransfer = {
  id: id(100),
  amount: 10n,
  userData: 7n,
  code: 3,
  externalReference: 'order 1',
  bookDay: day('2025-01-02'),
  valueDay: day('2025-01-03'),
}

const HOLD: WantedTransfer = { ...ORIGINAL, id: id(90), flags: ['pending'], timeoutS: 60 }

/** Accounts 1 and 2, and the original command accepted before it comes again with changes. */
const again = (original: WantedTransfer, changes: WantedTransfer): string | undefined => {
  const desk = new Desk()
  desk.open({ id: id(1), currency: 'EUR' }, { id: id(2) }, { id: id(3) })
  assert.deepEqual(desk.move(transfer({ ...HOLD, amount: 20n })), ['created'])
  assert.deepEqual(desk.move(transfer(original)), ['created'])
  return desk.move(transfer({ ...original, ...changes }))[0]
}

type Row = readonly [expected: string, fix: WantedTransfer]

const descend = (original: WantedTransfer, rows: readonly Row[]): void => {
  let state: WantedTransfer = {}
  for (const [expected, fix] of rows) {
    state = { ...state, ...fix }
    assert.equal(again(original, state), expected)
  }
}

const ALL_DIFFERENT: WantedTransfer = {
  flags: ['pending'],
  pendingId: id(91),
  timeoutS: 5,
  debit: id(8),
  credit: id(9),
  amount: 11n,
  userData: 8n,
  ledger: 2,
  code: 4,
  currency: 'USD',
  externalReference: 'order 2',
  bookDay: day('2025-01-04'),
  valueDay: day('2025-01-05'),
}

describe('a transfer that is sent again', () => {
  test('is compared field by field: TigerBeetle’s fields first, then ours', () => {
    descend(ORIGINAL, [
      ['exists_with_different_flags', ALL_DIFFERENT],
      ['exists_with_different_pending_id', { flags: [] }],
      ['exists_with_different_timeout', { pendingId: UUID_ZERO }],
      ['exists_with_different_debit_account_id', { timeoutS: 0 }],
      ['exists_with_different_credit_account_id', { debit: id(1) }],
      ['exists_with_different_amount', { credit: id(2) }],
      ['exists_with_different_user_data', { amount: 10n }],
      ['exists_with_different_ledger', { userData: 7n }],
      ['exists_with_different_code', { ledger: 1 }],
      ['exists_with_different_currency', { code: 3 }],
      ['exists_with_different_external_reference', { currency: 'EUR' }],
      ['exists_with_different_book_date', { externalReference: 'order 1' }],
      ['exists_with_different_value_date', { bookDay: day('2025-01-02') }],
      ['exists', { valueDay: day('2025-01-03') }],
      ['exists', { metadata: { never: 'compared' } }],
    ])
  })

  test('may leave out the currency and the dates, but not the external reference', () => {
    assert.equal(again(ORIGINAL, { currency: null, bookDay: null, valueDay: null }), 'exists')
    assert.equal(again(ORIGINAL, { externalReference: null }), 'exists_with_different_external_reference')
  })

  test('counts linked and imported among its flags, and its imported time not at all', () => {
    const desk = new Desk()
    desk.open(
      { id: id(1), currency: 'EUR', flags: ['imported'], timeMicros: 1n },
      { id: id(2), flags: ['imported'], timeMicros: 2n },
    )
    const imported = transfer({ flags: ['imported'], timeMicros: 10n })
    assert.deepEqual(desk.move(imported), ['created'])
    assert.deepEqual(desk.move({ ...imported, timeMicros: 5n }), ['exists'])
    assert.deepEqual(desk.move(transfer({})), ['exists_with_different_flags'])
    assert.deepEqual(desk.move(transfer({ flags: ['linked'] }), transfer({ id: id(300) })), [
      'exists_with_different_flags',
      'linked_event_failed',
    ])
  })

  test('with a balancing flag asks for at least what was moved, whatever it was', () => {
    const desk = new Desk()
    desk.open({ id: id(1), currency: 'EUR' }, { id: id(2) })
    desk.move(transfer({ id: id(50), debit: id(2), credit: id(1), amount: 30n }))
    const balancing = (amount: bigint) => transfer({ amount, flags: ['balancing_debit'] })
    assert.deepEqual(desk.move(balancing(AMOUNT_MAX)), ['created'])
    assert.deepEqual(desk.move(balancing(AMOUNT_MAX), balancing(30n), balancing(31n), balancing(29n)), [
      'exists',
      'exists',
      'exists',
      'exists_with_different_amount',
    ])
  })
})

describe('a post that is sent again', () => {
  const POST: WantedTransfer = {
    id: id(100),
    debit: UUID_ZERO,
    credit: UUID_ZERO,
    ledger: 0,
    code: 0,
    amount: AMOUNT_MAX,
    pendingId: id(90),
    flags: ['post_pending_transfer'],
  }

  test('is compared with the hold’s own values where it leaves them out', () => {
    descend(POST, [
      ['exists_with_different_flags', { ...ALL_DIFFERENT, flags: ['void_pending_transfer'] }],
      ['exists_with_different_pending_id', { flags: ['post_pending_transfer'] }],
      ['exists_with_different_timeout', { pendingId: id(90) }],
      ['exists_with_different_debit_account_id', { timeoutS: 0 }],
      ['exists_with_different_credit_account_id', { debit: UUID_ZERO }],
      ['exists_with_different_amount', { credit: UUID_ZERO }],
      ['exists_with_different_user_data', { amount: 20n }],
      ['exists_with_different_ledger', { userData: 0n }],
      ['exists_with_different_code', { ledger: 0 }],
      ['exists_with_different_currency', { code: 0 }],
      ['exists_with_different_external_reference', { currency: null }],
      ['exists_with_different_book_date', { externalReference: null }],
      ['exists_with_different_value_date', { bookDay: null }],
      ['exists', { valueDay: null }],
      [
        'exists',
        {
          debit: id(1),
          credit: id(2),
          ledger: 1,
          code: 3,
          userData: 7n,
          externalReference: 'order 1',
          currency: 'EUR',
        },
      ],
    ])
  })

  test('takes the hold’s dates for nobody’s: its own day is the day it was posted', () => {
    assert.equal(again(POST, { bookDay: HOLD.bookDay ?? null }), 'exists_with_different_book_date')
  })

  test('of a part is the same only as that part, and a void knows "all" as 0', () => {
    assert.equal(again({ ...POST, amount: 4n }, {}), 'exists')
    assert.equal(again({ ...POST, amount: 4n }, { amount: AMOUNT_MAX }), 'exists_with_different_amount')
    const voids: WantedTransfer = { ...POST, amount: 0n, flags: ['void_pending_transfer'] }
    assert.equal(again(voids, { amount: 20n }), 'exists')
    assert.equal(again(voids, { amount: AMOUNT_MAX }), 'exists_with_different_amount')
  })
})

describe('an id that failed', () => {
  test('stays failed when its reason is gone, and the refusals that burn nothing do not', () => {
    const desk = new Desk()
    desk.open({ id: id(1), currency: 'EUR', flags: ['debits_must_not_exceed_credits'] }, { id: id(2) })
    const poor = transfer({ id: id(100), amount: 10n })
    const wrong = transfer({ id: id(101), ledger: 2 })
    assert.deepEqual(desk.move(poor), ['exceeds_credits'])
    assert.deepEqual(desk.move(wrong), ['transfer_must_have_the_same_ledger_as_accounts'])
    desk.move(transfer({ id: id(50), debit: id(2), credit: id(1), amount: 30n }))
    assert.deepEqual(desk.move(poor), ['id_already_failed'])
    assert.deepEqual(desk.move({ ...wrong, ledger: 1 }), ['created'])
  })

  test('burns also where its chain is undone, and only the member that failed', () => {
    const desk = new Desk()
    desk.open({ id: id(1), currency: 'EUR' }, { id: id(2) })
    const chain = [
      transfer({ id: id(100), flags: ['linked'] }),
      transfer({ id: id(101), debit: id(900), flags: ['linked'] }),
      transfer({ id: id(102) }),
    ]
    assert.deepEqual(desk.move(...chain), [
      'linked_event_failed',
      'debit_account_not_found',
      'linked_event_failed',
    ])
    assert.deepEqual([...desk.books.failed.keys()], [id(101)])
    assert.deepEqual(desk.move(secondPhase('post', { id: id(103), pendingId: id(904) })), [
      'pending_transfer_not_found',
    ])
    assert.deepEqual(
      [...desk.books.failed.values()],
      ['debit_account_not_found', 'pending_transfer_not_found'],
    )
  })
})
