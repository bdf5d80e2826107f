import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Desk, id, NOW, secondPhase, transfer, type WantedTransfer } from '../../../test/support/commands.ts'
import { UUID_MAX, UUID_ZERO, type Uuid } from '../../kit/index.ts'
import { expire } from './resolve.ts'

const HOLD = id(100)
const POSTED = id(101)
const VOIDED = id(102)
const EXPIRED = id(103)
const DUE = id(104)
const CLOSES_BOTH = id(105)
const CLOSES_CREDIT = id(106)
const PLAIN = id(107)

const seconds = (count: number): bigint => BigInt(count) * 1_000_000n

const world = (): Desk => {
  const desk = new Desk()
  desk.open({ id: id(1), currency: 'EUR' }, { id: id(2) }, { id: id(3) }, { id: id(4) }, { id: id(5) })
  const hold = (uuid: Uuid, wanted: WantedTransfer = {}) =>
    transfer({ id: uuid, amount: 10n, flags: ['pending'], ...wanted })
  const made = desk.move(
    hold(HOLD),
    hold(POSTED),
    hold(VOIDED),
    hold(EXPIRED, { timeoutS: 1 }),
    hold(DUE, { timeoutS: 3 }),
    hold(CLOSES_BOTH, { debit: id(3), credit: id(4), flags: ['pending', 'closing_debit', 'closing_credit'] }),
    hold(CLOSES_CREDIT, { debit: id(1), credit: id(5), flags: ['pending', 'closing_credit'] }),
    transfer({ id: PLAIN }),
    secondPhase('post', { id: id(111), pendingId: POSTED }),
    secondPhase('void', { id: id(112), pendingId: VOIDED }),
  )
  assert.deepEqual(new Set(made), new Set(['created']))
  desk.books.now += seconds(2)
  assert.equal(expire(desk.books, EXPIRED), true)
  return desk
}

type Row = readonly [expected: string, fix: WantedTransfer, afterSeconds?: number]

const descend = (rows: readonly Row[], flags: 'imported' | 'own time'): void => {
  let state: WantedTransfer = {}
  for (const [expected, fix, afterSeconds = 0] of rows) {
    state = { ...state, ...fix }
    const desk = world()
    desk.books.now += seconds(afterSeconds)
    const first = transfer({
      id: UUID_ZERO,
      flags: flags === 'imported' ? ['imported'] : [],
      timeMicros: flags === 'imported' ? 1n : 0n,
    })
    assert.equal(desk.move(first, transfer(state)).at(-1), expected)
  }
}

const WORST: WantedTransfer = {
  debit: UUID_MAX,
  credit: UUID_MAX,
  amount: 11n,
  pendingId: UUID_ZERO,
  timeoutS: 1,
  ledger: 9,
  code: 9,
  currency: 'USD',
}

describe('the checks of a post or void', () => {
  test('come in the order of the list, each before everything below it', () => {
    const posts = ['post_pending_transfer'] as const
    descend(
      [
        [
          'id_must_not_be_zero',
          { ...WORST, id: UUID_ZERO, flags: ['post_pending_transfer', 'void_pending_transfer'] },
        ],
        ['id_must_not_be_int_max', { id: UUID_MAX }],
        ['exists_with_different_flags', { id: PLAIN }],
        ['flags_are_mutually_exclusive', { id: id(200) }],
        ['flags_are_mutually_exclusive', { flags: [...posts, 'pending'] }],
        ['flags_are_mutually_exclusive', { flags: [...posts, 'balancing_debit'] }],
        ['flags_are_mutually_exclusive', { flags: [...posts, 'balancing_credit'] }],
        ['flags_are_mutually_exclusive', { flags: [...posts, 'closing_debit'] }],
        ['flags_are_mutually_exclusive', { flags: [...posts, 'closing_credit'] }],
        ['pending_id_must_not_be_zero', { flags: posts }],
        ['pending_id_must_not_be_int_max', { pendingId: UUID_MAX }],
        ['pending_id_must_be_different', { pendingId: id(200) }],
        ['timeout_reserved_for_pending_transfer', { pendingId: id(999) }],
        ['pending_transfer_not_found', { timeoutS: 0 }],
        ['pending_transfer_not_pending', { pendingId: PLAIN }],
        ['pending_transfer_has_different_debit_account_id', { pendingId: POSTED }],
        ['pending_transfer_has_different_credit_account_id', { debit: id(1) }],
        ['pending_transfer_has_different_ledger', { credit: id(2) }],
        ['pending_transfer_has_different_code', { ledger: 1 }],
        ['pending_transfer_has_different_currency', { code: 1 }],
        ['exceeds_pending_transfer_amount', { currency: 'EUR' }],
        ['pending_transfer_already_posted', { amount: 10n }],
        ['pending_transfer_already_voided', { pendingId: VOIDED }],
        ['pending_transfer_expired', { pendingId: EXPIRED }],
        ['pending_transfer_expired', { pendingId: DUE }, 2],
        ['created', { pendingId: HOLD }],
      ],
      'own time',
    )
  })

  test('a void must release the whole hold, and says so before it looks at the hold’s state', () => {
    const voids = ['void_pending_transfer'] as const
    descend(
      [
        [
          'exceeds_pending_transfer_amount',
          {
            ...WORST,
            id: id(200),
            debit: UUID_ZERO,
            credit: UUID_ZERO,
            ledger: 0,
            code: 0,
            currency: null,
            timeoutS: 0,
            pendingId: VOIDED,
            flags: voids,
          },
        ],
        ['pending_transfer_has_different_amount', { amount: 9n }],
        ['pending_transfer_already_voided', { amount: 10n }],
        ['created', { pendingId: HOLD }],
      ],
      'own time',
    )
  })

  test('an imported one looks at the time line after the hold’s state and before closed accounts', () => {
    const flags = ['post_pending_transfer', 'imported'] as const
    const own = { id: id(200), debit: UUID_ZERO, credit: UUID_ZERO, ledger: 0, code: 0, amount: 10n }
    descend(
      [
        ['pending_transfer_already_posted', { ...own, pendingId: POSTED, flags, timeMicros: 2n }],
        ['imported_event_timestamp_must_not_regress', { pendingId: CLOSES_BOTH }],
        ['debit_account_already_closed', { timeMicros: NOW + seconds(2) + 2_001n }],
        ['credit_account_already_closed', { pendingId: CLOSES_CREDIT }],
        ['created', { pendingId: HOLD }],
      ],
      'imported',
    )
  })

  test('an account that its own hold has closed refuses the post and takes the void, which opens it again', () => {
    const desk = world()
    assert.equal(desk.books.account(id(3))?.closed, true)
    assert.deepEqual(desk.move(secondPhase('post', { id: id(200), pendingId: CLOSES_BOTH })), [
      'debit_account_already_closed',
    ])
    assert.deepEqual(desk.move(secondPhase('void', { id: id(201), pendingId: CLOSES_BOTH })), ['created'])
    assert.equal(desk.books.account(id(3))?.closed, false)
    assert.equal(desk.books.account(id(4))?.closed, false)
  })
})

describe('what a post or void moves', () => {
  const amounts: readonly (readonly [kind: 'post' | 'void', amount: bigint, moved: bigint])[] = [
    ['post', 2n ** 63n - 1n, 10n],
    ['post', 10n, 10n],
    ['post', 4n, 4n],
    ['post', 0n, 0n],
    ['void', 0n, 0n],
    ['void', 10n, 0n],
  ]
  for (const [kind, amount, moved] of amounts) {
    test(`a ${kind} of ${amount} posts ${moved} and releases the whole hold`, () => {
      const desk = new Desk()
      desk.open({ id: id(1), currency: 'EUR' }, { id: id(2) })
      desk.move(
        transfer({ id: HOLD, amount: 10n, flags: ['pending'], userData: 7n, externalReference: 'order' }),
      )
      assert.deepEqual(desk.balances(id(1)), [10n, 0n, 0n, 0n])
      assert.deepEqual(desk.move(secondPhase(kind, { id: id(200), pendingId: HOLD, amount })), ['created'])
      assert.deepEqual(desk.balances(id(1)), [0n, moved, 0n, 0n])
      assert.deepEqual(desk.balances(id(2)), [0n, 0n, 0n, moved])
      const row = desk.books.transfer(id(200))
      assert.deepEqual(
        [
          row?.amount,
          row?.released,
          row?.debit,
          row?.credit,
          row?.ledger,
          row?.code,
          row?.userData,
          row?.externalReference,
        ],
        [kind === 'void' ? 10n : moved, 10n, id(1), id(2), 1, 1, 7n, 'order'],
      )
      const hold = desk.books.hold(HOLD)
      assert.deepEqual(
        [hold?.state, hold?.resolvedBy],
        [`${kind === 'post' ? 'post' : 'void'}ed`, row?.sequence],
      )
    })
  }
})
