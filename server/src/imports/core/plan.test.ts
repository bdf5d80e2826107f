import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identify } from '../identify.ts'
import berka from '../profiles/berka.json' with { type: 'json' }
import { createAgreement } from './agreement.ts'
import { checkProfile } from './check-profile.ts'
import type { TransferCommand } from './commands.ts'
import type { Movement } from './lines.ts'
import { createPlanner, type PlannedLine, type PlanOptions } from './plan.ts'
import type { Profile } from './profile.ts'

const profileOf = (changes: Readonly<Record<string, unknown>> = {}): Profile => {
  const checked = checkProfile({ ...berka, ...changes })
  assert.ok(checked.ok)
  return checked.profile
}

const movement = (changes: Partial<Movement>): Movement => ({
  line: 2,
  account: '704',
  date: '1993-01-02',
  day: 8402,
  valueDate: null,
  amount: 1000n,
  balance: 1000n,
  category: '',
  externalId: '207264',
  counterAccount: { reference: 'cash', code: 1000 },
  metadata: { operation: 'cash_deposit' },
  shortened: 0,
  ...changes,
})

const planAll = (movements: readonly Movement[], changes: Partial<PlanOptions> = {}): PlannedLine[] => {
  const agreement = createAgreement(100n)
  const planner = createPlanner({
    profile: profileOf(),
    identify,
    fileDigest: 'f',
    settle: false,
    ...changes,
  })
  return movements.map((one) => {
    const planned = planner.plan(one, agreement.judge(one))
    assert.ok(!('refused' in planned))
    return planned
  })
}

const idsOf = (planned: readonly PlannedLine[]): string[] =>
  planned.flatMap(({ transfers }) => transfers.map(({ id }) => id))

/** References of the accounts by id, from what the plan opens. */
const namesOf = (planned: readonly PlannedLine[]): ReadonlyMap<string, string> =>
  new Map(
    planned.flatMap(({ accounts }) => accounts.map(({ id, reference }) => [id, reference ?? ''] as const)),
  )

test('the first line opens our own accounts and its customer, a later one only a new customer', () => {
  const planned = planAll([
    movement({}),
    movement({ line: 3, externalId: '2' }),
    movement({ line: 4, account: '9', externalId: '3' }),
  ])
  assert.deepEqual(
    planned.map(({ accounts }) => accounts.map(({ reference }) => reference)),
    [
      [
        'cash',
        'other-banks',
        'card-network',
        'interest-paid',
        'interest-received',
        'fees',
        'unclassified',
        'import-differences',
        '704',
      ],
      [],
      ['9'],
    ],
  )
  const customer = planned[0]?.accounts.at(-1)
  assert.deepEqual(
    [customer?.ledger, customer?.code, customer?.currency, customer?.flags],
    [203, 2000, 'CZK', ['imported']],
  )
})

test('a credit moves money from the counter-account to the customer, a debit the other way', () => {
  const planned = planAll([
    movement({}),
    movement({ line: 3, externalId: '2', amount: -300n }),
    movement({ line: 4, externalId: '3', amount: 0n }),
  ])
  const names = namesOf(planned)
  const shown = planned.flatMap(({ transfers }) =>
    transfers.map(({ debit, credit, amount }) => [names.get(debit), names.get(credit), amount]),
  )
  assert.deepEqual(shown, [
    ['cash', '704', 1000n],
    ['704', 'cash', 300n],
    ['cash', '704', 0n],
  ])
})

test('where the accounts are debit-normal, a credit of the file debits them', () => {
  const profile = profileOf({ accounts: { code: 1, normal_side: 'debit', reference_prefix: 'bank ' } })
  const planned = planAll([movement({})], { profile })
  const [transfer] = planned[0]?.transfers ?? []
  assert.equal(namesOf(planned).get(transfer?.debit ?? ''), 'bank 704')
})

test('a transfer carries the book date, the old id, the code of its counter-account and the metadata', () => {
  const [planned] = planAll([movement({ valueDate: '1993-01-05' })])
  const [transfer] = planned?.transfers ?? []
  const {
    id: _id,
    debit: _debit,
    credit: _credit,
    timeMicros: _time,
    ...rest
  }: Partial<TransferCommand> = transfer ?? {}
  assert.deepEqual(rest, {
    amount: 1000n,
    pendingId: null,
    ledger: 203,
    code: 1000,
    flags: ['imported'],
    timeoutS: 0,
    userData: 0n,
    currency: null,
    externalReference: '207264',
    bookDate: '1993-01-02',
    valueDate: '1993-01-05',
    metadata: { operation: 'cash_deposit' },
  })
})

test('recorded times rise from line to line, also where the dates go back, and never meet', () => {
  const days = [8402, 8402, 8405, 8403, 8405, 8406]
  const planned = planAll(
    days.map((day, index) =>
      movement({ line: index + 2, day, account: String(index), externalId: String(index) }),
    ),
    { settle: true },
  )
  const accounts = planned.flatMap((one) => one.accounts.map(({ timeMicros }) => timeMicros))
  const transfers = planned.flatMap((one) => one.transfers.map(({ timeMicros }) => timeMicros))
  assert.equal(new Set([...accounts, ...transfers]).size, accounts.length + transfers.length)
  for (const times of [accounts, transfers]) {
    assert.deepEqual(
      times,
      times.toSorted((a, b) => (a < b ? -1 : 1)),
    )
  }
  const recordedDays = planned.map((one) => Number((one.transfers[0]?.timeMicros ?? 0n) / 86_400_000_000n))
  assert.deepEqual(recordedDays, [8402, 8402, 8405, 8405, 8405, 8406])
  for (const [index, { accounts: opened, transfers: made }] of planned.entries()) {
    const latest = opened.at(-1)?.timeMicros ?? 0n
    assert.ok(
      made.every(({ timeMicros }) => timeMicros > latest),
      `line ${index}`,
    )
  }
})

test('ids stand for profile, account and old id, not for the place in the file or the file', () => {
  const lines = [movement({}), movement({ line: 3, externalId: '2' })]
  const first = idsOf(planAll(lines))
  assert.deepEqual(idsOf(planAll(lines, { fileDigest: 'g' })), first)
  const settled = idsOf(planAll(lines, { settle: true }))
  assert.deepEqual(settled.slice(0, 2), first)
  assert.deepEqual(idsOf(planAll(lines.toReversed())).toReversed(), first)
  assert.notDeepEqual(idsOf(planAll(lines, { profile: profileOf({ name: 'other' }) })), first)
  assert.notEqual(idsOf(planAll([movement({ account: '705' })]))[0], first[0])
})

test('a line without an id of its own is known by file and line', () => {
  const lines = [movement({ externalId: null }), movement({ line: 3, externalId: null })]
  const planned = planAll(lines)
  const first = idsOf(planned)
  assert.equal(new Set(first).size, 2)
  assert.deepEqual(idsOf(planAll(lines)), first)
  assert.notDeepEqual(idsOf(planAll(lines, { fileDigest: 'g' })), first)
  assert.deepEqual(planned[1]?.transfers[0]?.metadata, { operation: 'cash_deposit', import_line: '3' })
})

test('an id that is used again in its account is a movement of its own; in another account it is no repeat', () => {
  const lines = [
    movement({}),
    movement({ line: 3 }),
    movement({ line: 4 }),
    movement({ line: 5, account: '9' }),
  ]
  const planned = planAll(lines)
  assert.equal(new Set(idsOf(planned)).size, 4)
  assert.deepEqual(
    planned.map(({ repeatedId }) => repeatedId),
    [false, true, true, false],
  )
  assert.deepEqual(idsOf(planAll(lines)), idsOf(planned))
})

test('a settlement moves the difference against the differences account, dated as its line', () => {
  const lines = [movement({}), movement({ line: 3, externalId: '2', amount: 500n, balance: 1490n })]
  const planned = planAll(lines, { settle: true })
  const [, settlement] = planned[1]?.transfers ?? []
  const names = namesOf(planned)
  assert.deepEqual(
    [names.get(settlement?.debit ?? ''), names.get(settlement?.credit ?? ''), settlement?.amount],
    ['704', 'import-differences', 10n],
  )
  assert.equal(settlement?.bookDate, '1993-01-02')
  assert.deepEqual(settlement?.metadata, { import_line: '3', difference: 'rounding' })
  assert.equal(planAll(lines)[1]?.transfers.length, 1)
})

test('what lies before 1970 gets the time 0, so that the ledger takes it as ordinary', () => {
  const [planned] = planAll([movement({ day: -1, date: '1969-12-31' })])
  assert.equal(planned?.transfers[0]?.timeMicros, 0n)
  assert.equal(planned?.transfers[0]?.bookDate, '1969-12-31')
})
