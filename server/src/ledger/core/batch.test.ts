import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Desk, id, transfer, type WantedTransfer } from '../../../test/support/commands.ts'
import { UUID_ZERO } from '../../kit/index.ts'

const world = (): Desk => {
  const desk = new Desk()
  desk.open(
    { id: id(1), currency: 'EUR', flags: ['imported'], timeMicros: 1n },
    { id: id(2), flags: ['imported'], timeMicros: 2n },
  )
  return desk
}

/** One request of transfers with the ids 100, 101, …; `bad` is refused for its code. */
const send = (desk: Desk, ...items: readonly ('ok' | 'bad' | 'linked' | 'linked bad')[]): string[] =>
  desk.move(
    ...items.map((item, index) =>
      transfer({
        id: id(100 + index),
        flags: item.startsWith('linked') ? ['linked'] : [],
        code: item.endsWith('bad') ? 0 : 1,
      }),
    ),
  )

const BAD = 'code_must_not_be_zero'
const FAILED = 'linked_event_failed'
const OPEN = 'linked_event_chain_open'

describe('a chain', () => {
  const rows: readonly (readonly [
    what: string,
    items: Parameters<typeof send>[1][],
    expected: readonly string[],
  ])[] = [
    ['that is whole happens as one', ['linked', 'linked', 'ok'], ['created', 'created', 'created']],
    ['of one failing first member is undone', ['linked bad', 'ok', 'ok'], [BAD, FAILED, 'created']],
    [
      'that fails at its last member is undone',
      ['linked', 'linked', 'bad', 'ok'],
      [FAILED, FAILED, BAD, 'created'],
    ],
    [
      'that fails in the middle says why in one place only',
      ['linked', 'linked bad', 'linked bad', 'bad'],
      [FAILED, BAD, FAILED, FAILED],
    ],
    ['that the batch leaves open is undone', ['ok', 'linked', 'linked'], ['created', FAILED, OPEN]],
    ['of one open member is refused', ['linked'], [OPEN]],
    ['that is broken and open says so at its end', ['linked bad', 'linked', 'linked'], [BAD, FAILED, OPEN]],
    [
      'ends before the next one begins',
      ['linked', 'bad', 'linked', 'ok', 'ok'],
      [FAILED, BAD, 'created', 'created', 'created'],
    ],
  ]
  for (const [what, items, expected] of rows) {
    test(what, () => {
      const desk = world()
      assert.deepEqual(send(desk, ...items), expected)
      const created = expected.filter((status) => status === 'created').length
      assert.equal(desk.books.transfers.size, created)
      assert.deepEqual(desk.balances(id(1)), [0n, 5n * BigInt(created), 0n, 0n])
    })
  }

  test('sees what its own members did before', () => {
    const desk = world()
    desk.open({ id: id(3), flags: ['debits_must_not_exceed_credits'] })
    const fund = transfer({ id: id(100), debit: id(1), credit: id(3), amount: 8n, flags: ['linked'] })
    const spend = transfer({ id: id(101), debit: id(3), credit: id(2), amount: 8n })
    assert.deepEqual(desk.move(fund, spend), ['created', 'created'])
  })

  test('breaks on a member that exists already', () => {
    const desk = world()
    desk.move(transfer({ id: id(101) }))
    assert.deepEqual(desk.move(transfer({ id: id(100), flags: ['linked'] }), transfer({ id: id(101) })), [
      FAILED,
      'exists',
    ])
  })

  test('that is undone gives its times and its numbers back', () => {
    const desk = world()
    send(desk, 'linked', 'linked', 'bad', 'ok')
    const only = [...desk.books.transfers.values()]
    assert.deepEqual(
      only.map(({ sequence, timeMicros }) => [sequence, timeMicros]),
      [[1n, desk.books.now]],
    )
    assert.deepEqual(desk.books.newestTransfer(), desk.books.now)
  })

  test('of imported transfers that is undone lets their times be used again', () => {
    const desk = world()
    const imported = (number: number, timeMicros: bigint, more: WantedTransfer = {}) =>
      transfer({ id: id(number), timeMicros, ...more, flags: ['imported', ...(more.flags ?? [])] })
    assert.deepEqual(desk.move(imported(100, 50n, { flags: ['linked'] }), imported(101, 60n, { code: 0 })), [
      FAILED,
      BAD,
    ])
    assert.deepEqual(desk.move(imported(102, 50n), imported(103, 60n)), ['created', 'created'])
  })

  test('of accounts follows the same rules', () => {
    const desk = world()
    const linked = ['linked'] as const
    assert.deepEqual(desk.open({ id: id(10), flags: linked }, { id: id(11), code: 0 }, { id: id(12) }), [
      FAILED,
      BAD,
      'created',
    ])
    assert.equal(desk.books.account(id(10)), undefined)
  })

  test('never reaches into the next request', () => {
    const desk = world()
    assert.deepEqual(send(desk, 'linked'), [OPEN])
    assert.deepEqual(desk.move(transfer({ id: id(200) })), ['created'])
    assert.deepEqual(send(desk, 'linked bad', 'linked'), [BAD, OPEN])
    assert.deepEqual(desk.move(transfer({ id: id(201) })), ['created'])
  })
})

describe('a batch', () => {
  test('is imported wholly or not at all, as its first item says', () => {
    const desk = world()
    const imported = transfer({ id: id(100), flags: ['imported'], timeMicros: 50n })
    const ours = transfer({ id: id(101) })
    assert.deepEqual(desk.move(imported, ours), ['created', 'imported_event_expected'])
    assert.deepEqual(desk.move(ours, { ...imported, id: id(102) }), [
      'created',
      'imported_event_not_expected',
    ])
    assert.deepEqual(desk.move({ ...imported, id: UUID_ZERO }, { ...ours, id: id(103) }), [
      'id_must_not_be_zero',
      'imported_event_expected',
    ])
  })

  test('of nothing has no answers', () => {
    assert.deepEqual(world().move(), [])
  })
})

describe('an imported transfer’s checks', () => {
  test('of time come before its id, and the others after the accounts’ ledger and before whether they are closed', () => {
    const newest = 1_000n
    const accountAt = 2_000n
    const attempt = (wanted: WantedTransfer): string | undefined => {
      const desk = world()
      desk.open(
        { id: id(7), flags: ['imported', 'closed'], timeMicros: accountAt },
        { id: id(8), flags: ['imported', 'closed'], timeMicros: accountAt + 500n },
      )
      desk.open({ id: id(9), flags: ['closed'] })
      desk.move(transfer({ id: id(50), flags: ['imported'], timeMicros: newest }))
      return desk
        .move(transfer({ id: UUID_ZERO, flags: ['imported'], timeMicros: 1n }), transfer(wanted))
        .at(-1)
    }
    const flags = ['imported', 'pending'] as const
    const rows: readonly (readonly [string, WantedTransfer])[] = [
      [
        'imported_event_expected',
        {
          id: UUID_ZERO,
          timeMicros: 0n,
          debit: id(8),
          credit: id(9),
          ledger: 2,
          timeoutS: 1,
          flags: ['pending'],
        },
      ],
      ['imported_event_timestamp_out_of_range', { flags }],
      ['imported_event_timestamp_must_not_advance', { timeMicros: 2n ** 62n }],
      ['id_must_not_be_zero', { timeMicros: newest }],
      ['transfer_must_have_the_same_ledger_as_accounts', { id: id(100) }],
      ['imported_event_timestamp_must_not_regress', { ledger: 1 }],
      ['imported_event_timestamp_must_not_regress', { timeMicros: accountAt }],
      ['imported_event_timestamp_must_postdate_debit_account', { timeMicros: accountAt - 1n }],
      ['imported_event_timestamp_must_postdate_credit_account', { debit: id(7), timeMicros: accountAt + 1n }],
      ['imported_event_timeout_must_be_zero', { credit: id(8), timeMicros: accountAt + 501n }],
      ['debit_account_already_closed', { timeoutS: 0 }],
      ['credit_account_already_closed', { debit: id(1) }],
      ['created', { credit: id(2) }],
    ]
    let state: WantedTransfer = {}
    for (const [expected, fix] of rows) {
      state = { ...state, ...fix }
      assert.equal(attempt(state), expected)
    }
  })
})
