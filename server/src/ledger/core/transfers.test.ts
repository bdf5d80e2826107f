import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Desk, id, NOW, transfer, type WantedTransfer } from '../../../test/support/commands.ts'
import { UUID_MAX, UUID_ZERO } from '../../kit/index.ts'
import { AMOUNT_MAX } from './model.ts'

const UNKNOWN = id(900)
const CLOSED = id(5)
const CLOSED_TOO = id(6)
const CLOSED_DOLLARS = id(7)
const LIMITED_DEBITS = id(3)
const LIMITED_CREDITS = id(4)
const KNOWN_TRANSFER = id(2_000)
const BURNT = id(2_001)

/** Four debit and four credit accounts, each a little less full than the one before. */
const FULL = {
  debitsPending: AMOUNT_MAX,
  debitsPosted: AMOUNT_MAX,
  creditsPending: AMOUNT_MAX,
  creditsPosted: AMOUNT_MAX,
}
const fullness = [
  FULL,
  { ...FULL, debitsPending: 0n, creditsPending: 0n },
  { debitsPending: 1n, debitsPosted: AMOUNT_MAX - 1n, creditsPending: 1n, creditsPosted: AMOUNT_MAX - 1n },
]
const fullest = (place: 0 | 1 | 2) => ({ debit: id(20 + place), credit: id(30 + place) })

const world = (): Desk => {
  const desk = new Desk()
  desk.open({ id: id(1), currency: 'EUR' }, { id: id(2) })
  desk.open({ id: LIMITED_DEBITS, flags: ['debits_must_not_exceed_credits'] })
  desk.open({ id: LIMITED_CREDITS, flags: ['credits_must_not_exceed_debits'] })
  desk.open({ id: CLOSED, flags: ['closed'] }, { id: CLOSED_TOO, flags: ['closed'] })
  desk.open({ id: CLOSED_DOLLARS, ledger: 2, currency: 'USD', flags: ['closed'] })
  for (const [place, balances] of fullness.entries()) {
    desk.open({ id: id(20 + place) }, { id: id(30 + place) })
    desk.amend(id(20 + place), balances)
    desk.amend(id(30 + place), balances)
  }
  assert.deepEqual(desk.move(transfer({ id: KNOWN_TRANSFER })), ['created'])
  assert.deepEqual(desk.move(transfer({ id: BURNT, debit: UNKNOWN })), ['debit_account_not_found'])
  return desk
}

type Place = { readonly broken?: boolean }
type Row = readonly [expected: string, fix: WantedTransfer & Place]

/** Where the command stands: alone behind another command, or as the end of a chain that is broken already. */
const decide = ({ broken = false, ...wanted }: WantedTransfer & Place): string | undefined => {
  const first = transfer({ id: UUID_ZERO, flags: broken ? ['linked'] : [] })
  return world().move(first, transfer(wanted)).at(-1)
}

/** Each row fixes what the row above was refused for, and leaves everything else as wrong as it was. */
const descend = (rows: readonly Row[]): void => {
  let state: WantedTransfer & Place = {}
  for (const [expected, fix] of rows) {
    state = { ...state, ...fix }
    assert.equal(decide(state), expected)
  }
}

const FROM_THE_TOP: readonly Row[] = [
  [
    'linked_event_chain_open',
    {
      broken: true,
      id: UUID_ZERO,
      debit: UUID_ZERO,
      credit: UUID_ZERO,
      pendingId: UUID_MAX,
      timeoutS: 5,
      ledger: 0,
      code: 0,
      currency: 'USD',
      amount: 1n,
      timeMicros: NOW * 2n,
      flags: ['linked', 'imported', 'closing_debit'],
    },
  ],
  ['linked_event_failed', { flags: ['imported', 'closing_debit'] }],
  ['imported_event_not_expected', { broken: false }],
  ['timestamp_must_be_zero', { flags: ['closing_debit'] }],
  ['id_must_not_be_zero', { timeMicros: 0n }],
  ['id_must_not_be_int_max', { id: UUID_MAX }],
  ['exists_with_different_flags', { id: KNOWN_TRANSFER }],
  ['id_already_failed', { id: BURNT }],
  ['debit_account_id_must_not_be_zero', { id: id(1_000) }],
  ['debit_account_id_must_not_be_int_max', { debit: UUID_MAX }],
  ['credit_account_id_must_not_be_zero', { debit: UNKNOWN }],
  ['credit_account_id_must_not_be_int_max', { credit: UUID_MAX }],
  ['accounts_must_be_different', { credit: UNKNOWN }],
  ['pending_id_must_be_zero', { credit: id(901) }],
  ['timeout_reserved_for_pending_transfer', { pendingId: UUID_ZERO }],
  ['closing_transfer_must_be_pending', { timeoutS: 0 }],
  ['ledger_must_not_be_zero', { flags: ['pending', 'closing_debit'] }],
  ['code_must_not_be_zero', { ledger: 9 }],
  ['debit_account_not_found', { code: 1 }],
  ['credit_account_not_found', { debit: CLOSED }],
  ['accounts_must_have_the_same_ledger', { credit: CLOSED_DOLLARS }],
  ['transfer_must_have_the_same_ledger_as_accounts', { credit: CLOSED_TOO }],
  ['transfer_must_have_the_same_currency_as_accounts', { ledger: 1 }],
  ['debit_account_already_closed', { currency: null }],
  ['credit_account_already_closed', { debit: fullest(0).debit }],
  ['overflows_debits_pending', { credit: fullest(0).credit }],
  ['overflows_credits_pending', { debit: fullest(1).debit }],
  ['overflows_debits_posted', { credit: fullest(1).credit }],
  ['overflows_credits_posted', { debit: fullest(2).debit }],
  ['overflows_debits', { credit: fullest(2).credit }],
  ['overflows_credits', { debit: LIMITED_DEBITS }],
  ['exceeds_credits', { credit: LIMITED_CREDITS }],
  ['exceeds_debits', { debit: id(1) }],
  ['created', { credit: id(2) }],
]

describe('a transfer’s checks', () => {
  test('come in the order of the list, each before everything below it', () => {
    descend(FROM_THE_TOP)
  })

  test('a transfer of one phase is not held against what is pending alone', () => {
    descend([
      ['overflows_debits_posted', { ...fullest(0), amount: 1n }],
      ['overflows_credits_posted', { debit: fullest(2).debit }],
      ['overflows_debits', { credit: fullest(2).credit }],
      ['overflows_credits', { debit: id(1) }],
      ['created', { credit: id(2) }],
    ])
  })

  test('an account id is judged by itself before the pair of them', () => {
    descend([
      ['debit_account_id_must_not_be_zero', { debit: UUID_ZERO, credit: UUID_ZERO }],
      ['debit_account_id_must_not_be_int_max', { debit: UUID_MAX, credit: UUID_MAX }],
    ])
  })

  test('the sums may reach the largest amount and not one more', () => {
    const desk = new Desk()
    desk.open({ id: id(1), currency: 'EUR' }, { id: id(2) })
    assert.deepEqual(desk.move(transfer({ id: id(10), amount: AMOUNT_MAX })), ['created'])
    assert.deepEqual(desk.move(transfer({ id: id(11), amount: 1n })), ['overflows_debits_posted'])
    assert.deepEqual(desk.move(transfer({ id: id(12), amount: 0n })), ['created'])
    const flags = ['pending'] as const
    assert.deepEqual(desk.move(transfer({ id: id(13), amount: 1n, flags })), ['overflows_debits_posted'])
    assert.deepEqual(desk.balances(id(1)), [0n, AMOUNT_MAX, 0n, 0n])
  })

  test('a limit may be reached and not passed, and what is held counts against it', () => {
    const desk = new Desk()
    desk.open({ id: id(1), currency: 'EUR', flags: ['debits_must_not_exceed_credits'] }, { id: id(2) })
    const fund = transfer({ id: id(10), debit: id(2), credit: id(1), amount: 10n })
    assert.deepEqual(desk.move(fund), ['created'])
    assert.deepEqual(desk.move(transfer({ id: id(11), amount: 11n })), ['exceeds_credits'])
    assert.deepEqual(desk.move(transfer({ id: id(12), amount: 4n, flags: ['pending'] })), ['created'])
    assert.deepEqual(desk.move(transfer({ id: id(13), amount: 7n })), ['exceeds_credits'])
    assert.deepEqual(desk.move(transfer({ id: id(14), amount: 6n })), ['created'])
    assert.deepEqual(desk.move(transfer({ id: id(15), amount: 1n })), ['exceeds_credits'])
  })

  test('money that is only promised to an account cannot be spent', () => {
    const desk = new Desk()
    desk.open({ id: id(1), currency: 'EUR', flags: ['debits_must_not_exceed_credits'] }, { id: id(2) })
    const promise = transfer({ id: id(10), debit: id(2), credit: id(1), amount: 10n, flags: ['pending'] })
    assert.deepEqual(desk.move(promise), ['created'])
    assert.deepEqual(desk.move(transfer({ id: id(11), amount: 1n })), ['exceeds_credits'])
  })

  test('the limit of credits is the mirror of it', () => {
    const desk = new Desk()
    desk.open({ id: id(1), currency: 'EUR' }, { id: id(2), flags: ['credits_must_not_exceed_debits'] })
    assert.deepEqual(desk.move(transfer({ id: id(10), amount: 1n })), ['exceeds_debits'])
    assert.deepEqual(desk.move(transfer({ id: id(11), debit: id(2), credit: id(1), amount: 3n })), [
      'created',
    ])
    assert.deepEqual(desk.move(transfer({ id: id(12), amount: 2n, flags: ['pending'] })), ['created'])
    assert.deepEqual(desk.move(transfer({ id: id(13), amount: 2n })), ['exceeds_debits'])
    assert.deepEqual(desk.move(transfer({ id: id(14), amount: 1n })), ['created'])
  })
})
