import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Desk, id, NOW, transfer, type WantedAccount } from '../../../test/support/commands.ts'
import { UUID_MAX, UUID_ZERO } from '../../kit/index.ts'

const IMPORTED = id(50)
const IMPORTED_AT = 1_000_000n
const TRANSFER_AT = 2_000_000n

/** Ledger 1 is in euros; the newest account is imported, and so is the newest transfer. */
const world = (): Desk => {
  const desk = new Desk()
  desk.open(
    { id: id(1), currency: 'EUR', flags: ['imported'], timeMicros: 10n, reference: 'taken' },
    { id: id(2), flags: ['imported'], timeMicros: 11n },
    { id: IMPORTED, flags: ['imported'], timeMicros: IMPORTED_AT },
  )
  const paid = transfer({ id: id(60), flags: ['imported'], timeMicros: TRANSFER_AT })
  assert.deepEqual(desk.move(paid), ['created'])
  return desk
}

type Row = readonly [expected: string, fix: WantedAccount & { readonly broken?: boolean }]

const descend = (rows: readonly Row[], batch: 'imported' | 'own time'): void => {
  let state: WantedAccount & { readonly broken?: boolean } = {}
  for (const [expected, fix] of rows) {
    state = { ...state, ...fix }
    const { broken = false, ...wanted } = state
    const first: WantedAccount = {
      id: UUID_ZERO,
      flags: [...(broken ? ['linked' as const] : []), ...(batch === 'imported' ? ['imported' as const] : [])],
      timeMicros: batch === 'imported' ? 1n : 0n,
    }
    assert.equal(world().open(first, wanted).at(-1), expected)
  }
}

const LIMITS = ['debits_must_not_exceed_credits', 'credits_must_not_exceed_debits'] as const

describe('an account’s checks', () => {
  test('come in the order of the list, each before everything below it', () => {
    descend(
      [
        [
          'linked_event_chain_open',
          {
            broken: true,
            id: UUID_ZERO,
            ledger: 0,
            code: 0,
            timeMicros: NOW * 2n,
            reference: 'taken',
            currency: 'USD',
            flags: ['linked', 'imported', ...LIMITS],
          },
        ],
        ['linked_event_failed', { flags: ['imported', ...LIMITS] }],
        ['imported_event_not_expected', { broken: false }],
        ['timestamp_must_be_zero', { flags: LIMITS }],
        ['id_must_not_be_zero', { timeMicros: 0n }],
        ['id_must_not_be_int_max', { id: UUID_MAX }],
        ['exists_with_different_flags', { id: id(1) }],
        ['flags_are_mutually_exclusive', { id: id(9) }],
        ['ledger_must_not_be_zero', { flags: ['history'] }],
        ['code_must_not_be_zero', { ledger: 1 }],
        ['reference_already_used', { code: 1 }],
        ['ledger_has_different_currency', { reference: 'free' }],
        ['created', { currency: null }],
      ],
      'own time',
    )
  })

  test('an imported one comes after the newest account and stands at no transfer’s time', () => {
    descend(
      [
        ['imported_event_expected', { id: UUID_ZERO, timeMicros: 0n, reference: 'taken', currency: 'USD' }],
        ['imported_event_timestamp_out_of_range', { flags: ['imported'] }],
        ['imported_event_timestamp_out_of_range', { timeMicros: 2n ** 63n - 1n }],
        ['imported_event_timestamp_must_not_advance', { timeMicros: 2n ** 63n - 2n }],
        ['imported_event_timestamp_must_not_advance', { timeMicros: NOW + 3_000n }],
        ['id_must_not_be_zero', { timeMicros: IMPORTED_AT }],
        ['imported_event_timestamp_must_not_regress', { id: id(9) }],
        ['imported_event_timestamp_must_not_regress', { timeMicros: TRANSFER_AT }],
        ['reference_already_used', { timeMicros: IMPORTED_AT + 1n }],
        ['ledger_has_different_currency', { reference: null }],
        ['created', { currency: 'EUR' }],
      ],
      'imported',
    )
  })

  test('the first account of a ledger must say its currency, and later ones may', () => {
    const desk = world()
    assert.deepEqual(desk.open({ id: id(9), ledger: 2 }), ['ledger_currency_missing'])
    assert.deepEqual(desk.open({ id: id(9), ledger: 2, currency: 'CZK' }, { id: id(10), ledger: 2 }), [
      'created',
      'created',
    ])
    assert.equal(desk.books.account(id(10))?.currency, 'CZK')
    assert.deepEqual(desk.open({ id: id(11), ledger: 2, currency: 'EUR' }), ['ledger_has_different_currency'])
    assert.deepEqual(desk.books.ledger(2)?.name, 'CZK 2')
  })

  test('a reference that a broken chain had taken is free again, and its ledger is not there', () => {
    const desk = world()
    const statuses = desk.open(
      { id: id(9), ledger: 3, currency: 'USD', reference: 'mine', flags: ['linked'] },
      { id: id(10), ledger: 0 },
      { id: id(11), reference: 'mine' },
      { id: id(12), ledger: 3 },
    )
    assert.deepEqual(statuses, [
      'linked_event_failed',
      'ledger_must_not_be_zero',
      'created',
      'ledger_currency_missing',
    ])
    assert.equal(desk.books.ledger(3), undefined)
  })
})

describe('an account that is sent again', () => {
  const ORIGINAL: WantedAccount = {
    id: id(9),
    code: 7,
    userData: 5n,
    reference: 'mine',
    currency: 'EUR',
    flags: ['history'],
  }
  const again = (
    fix: WantedAccount,
    meanwhile: (desk: Desk) => void = () => undefined,
  ): string | undefined => {
    const desk = world()
    assert.deepEqual(desk.open(ORIGINAL), ['created'])
    meanwhile(desk)
    return desk.open({ ...ORIGINAL, ...fix })[0]
  }

  test('is compared field by field, in order', () => {
    const rows: readonly (readonly [string, WantedAccount])[] = [
      [
        'exists_with_different_flags',
        { flags: [], userData: 6n, ledger: 2, code: 8, currency: 'USD', reference: 'taken' },
      ],
      ['exists_with_different_user_data', { flags: ['history'] }],
      ['exists_with_different_ledger', { userData: 5n }],
      ['exists_with_different_code', { ledger: 1 }],
      ['exists_with_different_currency', { code: 7 }],
      ['exists_with_different_reference', { currency: null }],
      ['exists', { reference: 'mine', metadata: { another: 'one' } }],
    ]
    let state: WantedAccount = {}
    for (const [expected, fix] of rows) {
      state = { ...state, ...fix }
      assert.equal(again(state), expected)
    }
  })

  test('is compared with whether it is closed now, not with how it was opened', () => {
    const close = (desk: Desk): void => {
      const flags = ['pending', 'closing_debit'] as const
      assert.deepEqual(desk.move(transfer({ id: id(70), debit: id(9), credit: id(2), flags })), ['created'])
    }
    assert.equal(again({}, close), 'exists_with_different_flags')
    assert.equal(again({ flags: ['history', 'closed'] }, close), 'exists')
  })
})
