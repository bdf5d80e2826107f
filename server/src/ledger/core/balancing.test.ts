import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Desk, id, transfer, type WantedTransfer } from '../../../test/support/commands.ts'
import { AMOUNT_MAX } from './model.ts'

/** Account 1 is debited and account 2 credited; their four balances are given. */
const moved = (
  debit: readonly [number, number, number, number],
  credit: readonly [number, number, number, number],
  wanted: WantedTransfer,
): bigint | string => {
  const desk = new Desk()
  desk.open({ id: id(1), currency: 'EUR' }, { id: id(2) })
  for (const [account, [dp, dpo, cp, cpo]] of [
    [id(1), debit],
    [id(2), credit],
  ] as const) {
    desk.amend(account, {
      debitsPending: BigInt(dp),
      debitsPosted: BigInt(dpo),
      creditsPending: BigInt(cp),
      creditsPosted: BigInt(cpo),
    })
  }
  const [status = ''] = desk.move(transfer({ id: id(100), ...wanted }))
  return status === 'created' ? (desk.books.transfer(id(100))?.amount ?? '') : status
}

const NONE = [0, 0, 0, 0] as const

describe('a balancing transfer', () => {
  const rows: readonly (readonly [
    what: string,
    debit: readonly [number, number, number, number],
    credit: readonly [number, number, number, number],
    wanted: WantedTransfer,
    moved: bigint,
  ])[] = [
    [
      'gives what the debit account has',
      [0, 0, 0, 30],
      NONE,
      { amount: AMOUNT_MAX, flags: ['balancing_debit'] },
      30n,
    ],
    [
      'gives no more than it was asked for',
      [0, 0, 0, 30],
      NONE,
      { amount: 12n, flags: ['balancing_debit'] },
      12n,
    ],
    ['leaves what is held', [7, 3, 0, 30], NONE, { amount: AMOUNT_MAX, flags: ['balancing_debit'] }, 20n],
    [
      'counts on nothing that is only promised',
      [0, 0, 50, 30],
      NONE,
      { amount: AMOUNT_MAX, flags: ['balancing_debit'] },
      30n,
    ],
    [
      'of an empty account moves nothing, and is created',
      NONE,
      NONE,
      { amount: AMOUNT_MAX, flags: ['balancing_debit'] },
      0n,
    ],
    [
      'of an overdrawn account moves nothing',
      [0, 40, 0, 30],
      NONE,
      { amount: AMOUNT_MAX, flags: ['balancing_debit'] },
      0n,
    ],
    [
      'fills what the credit account lacks',
      NONE,
      [0, 30, 0, 0],
      { amount: AMOUNT_MAX, flags: ['balancing_credit'] },
      30n,
    ],
    [
      'leaves room for what is promised to it',
      NONE,
      [0, 30, 7, 3],
      { amount: AMOUNT_MAX, flags: ['balancing_credit'] },
      20n,
    ],
    [
      'takes no account of what it holds',
      NONE,
      [50, 30, 0, 0],
      { amount: AMOUNT_MAX, flags: ['balancing_credit'] },
      30n,
    ],
    [
      'with both flags moves the smaller',
      [0, 0, 0, 30],
      [0, 20, 0, 0],
      { amount: AMOUNT_MAX, flags: ['balancing_debit', 'balancing_credit'] },
      20n,
    ],
    [
      'with both flags moves the smaller, the other way round',
      [0, 0, 0, 10],
      [0, 20, 0, 0],
      { amount: AMOUNT_MAX, flags: ['balancing_debit', 'balancing_credit'] },
      10n,
    ],
    [
      'that is pending holds that much',
      [0, 0, 0, 30],
      NONE,
      { amount: AMOUNT_MAX, flags: ['balancing_debit', 'pending'] },
      30n,
    ],
    ['asked for nothing moves nothing', [0, 0, 0, 30], NONE, { amount: 0n, flags: ['balancing_debit'] }, 0n],
  ]
  for (const [what, debit, credit, wanted, expected] of rows) {
    test(what, () => {
      assert.equal(moved(debit, credit, wanted), expected)
    })
  }

  test('checks overflows and limits with the amount that it moves, not the one it was asked for', () => {
    assert.equal(moved([0, 1, 0, 30], [0, 0, 0, 1], { amount: AMOUNT_MAX, flags: ['balancing_debit'] }), 29n)
    assert.equal(moved([0, 1, 0, 30], [0, 0, 0, 1], { amount: AMOUNT_MAX }), 'overflows_debits_posted')
  })

  test('without its flag moves what it was asked for', () => {
    assert.equal(moved([0, 0, 0, 30], NONE, { amount: 50n }), 50n)
  })
})

describe('a closing transfer', () => {
  const world = (): Desk => {
    const desk = new Desk()
    desk.open({ id: id(1), currency: 'EUR' }, { id: id(2) }, { id: id(3) })
    return desk
  }
  const closing = (...flags: ('closing_debit' | 'closing_credit')[]) =>
    transfer({ id: id(100), amount: 3n, flags: ['pending', ...flags] })

  test('closes the side that it names and nothing else', () => {
    for (const [flags, debit, credit] of [
      [['closing_debit'], true, false],
      [['closing_credit'], false, true],
      [['closing_debit', 'closing_credit'], true, true],
    ] as const) {
      const desk = world()
      assert.deepEqual(desk.move(closing(...flags)), ['created'])
      assert.deepEqual(
        [desk.books.account(id(1))?.closed, desk.books.account(id(2))?.closed],
        [debit, credit],
      )
    }
  })

  test('makes the account refuse on either side', () => {
    const desk = world()
    desk.move(closing('closing_debit'))
    assert.deepEqual(desk.move(transfer({ id: id(101) })), ['debit_account_already_closed'])
    assert.deepEqual(desk.move(transfer({ id: id(102), debit: id(2), credit: id(1) })), [
      'credit_account_already_closed',
    ])
    assert.deepEqual(desk.move(transfer({ id: id(103), debit: id(2), credit: id(3) })), ['created'])
  })

  test('leaves an account that was closed from the start closed when it is voided', () => {
    const desk = world()
    desk.open({ id: id(9), flags: ['closed'] })
    assert.deepEqual(desk.move(transfer({ id: id(101), debit: id(9) })), ['debit_account_already_closed'])
    assert.equal(desk.books.account(id(9))?.closed, true)
  })
})
