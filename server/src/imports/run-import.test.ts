import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMemoryLedger, type MemoryLedger } from './memory-ledger.ts'
import type { Progress } from './progress.ts'
import { base, fileOf, folder, many, messageOf, profileOf, reportOf, run } from './small-bank.ts'

/** Balances of credit-normal accounts in the ledger, by reference. */
const balancesOf = async (port: MemoryLedger, ...references: readonly string[]): Promise<unknown[]> => {
  const found = await port.balances(references)
  return references.map((reference) => {
    const balance = found.get(reference)
    return balance === undefined ? null : balance.creditsPosted - balance.debitsPosted
  })
}

const SMALL = [
  '1,A,2024-01-01,100.00,100.00',
  '2,B,2024-01-01,50.00,70.00',
  '3,A,2024-01-02,-30.00,70.10',
  '4,A,2024-01-03,5.00,75.10',
  '5,B,2024-01-03,10.00,70.00',
]

test('a file is posted, compared and reported', async () => {
  const port = createMemoryLedger()
  const report = reportOf(await run(await fileOf(...SMALL), port))
  assert.deepEqual(
    [
      report.lines,
      report.accounts,
      report.agree,
      report.closing_sum,
      report.our_closing_sum,
      report.drift_sum,
    ],
    [5, 2, 2, 14_510, 13_500, 1010],
  )
  assert.deepEqual(report.differences, [
    [10, 1],
    [-1000, 1],
    [2000, 1],
  ])
  assert.deepEqual(
    report.kinds.map(({ kind, lines }) => [kind, lines]),
    [
      ['opening', 1],
      ['rounding', 1],
      ['not_counted', 1],
    ],
  )
  assert.deepEqual(
    report.per_account.map(({ account, drift, first_cause }) => [account, drift, first_cause.line]),
    [
      ['B', 1000, 3],
      ['A', 10, 4],
    ],
  )
  assert.deepEqual([report.mode, report.imported_transfers, report.complete], ['imported', 5, true])
  assert.deepEqual(
    [report.ledger_check.balanced, report.ledger_check.accounts_equal, report.ledger_check.customers_sum],
    [true, 2, 13_500],
  )
  assert.deepEqual(await balancesOf(port, 'A', 'B', 'cash', 'differences'), [7500n, 6000n, -13_500n, 0n])
})

test('with settle the customers hold what the file states last, and the differences stand in one account', async () => {
  const port = createMemoryLedger()
  const report = reportOf(await run(await fileOf(...SMALL), port, { settle: true }))
  assert.deepEqual(report.settled, { account: 'differences', transfers: 3, sum: 1010 })
  assert.equal(report.our_closing_sum, 13_500)
  assert.deepEqual([report.ledger_check.accounts_equal, report.ledger_check.customers_sum], [2, 14_510])
  assert.deepEqual(await balancesOf(port, 'A', 'B', 'differences'), [7510n, 7000n, -1010n])
})

test('a second run posts nothing and reports the same; a later settle adds only the settlements', async () => {
  const port = createMemoryLedger()
  const file = await fileOf(...SMALL)
  const first = await run(file, port)
  const second = await run(file, port)
  assert.deepEqual(reportOf(second), reportOf(first))
  assert.deepEqual(second.ok && second.made, { accounts: 0, transfers: 0 })
  const settled = await run(file, port, { settle: true })
  assert.deepEqual(settled.ok && settled.made, { accounts: 0, transfers: 3 })
  assert.deepEqual([reportOf(settled).mode, reportOf(settled).imported_transfers], ['mixed', 5])
  assert.deepEqual(await balancesOf(port, 'A', 'B'), [7510n, 7000n])
  assert.deepEqual(reportOf(await run(file, port, { settle: true })), reportOf(settled))
})

test('while the tenant holds something newer, everything is ordinary and carries its book date', async () => {
  const port = createMemoryLedger()
  const newer = await fileOf('900,Z,2024-06-01,1.00,1.00')
  reportOf(
    await run(newer, port, {
      profile: profileOf({
        name: 'other',
        counter_accounts: [{ reference: 'other cash', code: 1 }],
        default_counter_account: 'other cash',
        differences_account: { reference: 'other differences', code: 2 },
      }),
    }),
  )
  const file = await fileOf(...SMALL)
  const report = reportOf(await run(file, port))
  assert.deepEqual([report.mode, report.imported_transfers, report.ordinary_transfers], ['ordinary', 0, 5])
  assert.match(report.mode_reason, /carry the book date/)
  const posted = port.journal.slice(1).map(({ id }) => port.transfers.get(id))
  assert.deepEqual(
    posted.map((transfer) => [transfer?.externalReference, transfer?.bookDate, transfer?.flags]),
    SMALL.map((line) => [line.split(',')[0], line.split(',')[2], []]),
  )
  assert.deepEqual(reportOf(await run(file, port)), report)
})

test('a second file of the same system goes on with the same accounts', async () => {
  const port = createMemoryLedger()
  reportOf(await run(await fileOf('1,A,2024-01-01,100.00,100.00'), port))
  const result = await run(await fileOf('1,A,2024-01-01,100.00,100.00', '2,A,2024-02-01,5.00,105.00'), port)
  assert.deepEqual(result.ok && result.made, { accounts: 0, transfers: 1 })
  assert.equal(reportOf(result).mode, 'imported')
  assert.deepEqual(await balancesOf(port, 'A'), [10_500n])
})

test('bad lines are listed with line and reason and the rest is posted; strict stops at the first', async () => {
  const lines = [SMALL[0] ?? '', '2,A,2024-13-01,1.00,1.00', '"3,A', '4,A,2024-01-03,1.00,101.00', '5,A,x']
  const file = await fileOf(...lines)
  const report = reportOf(await run(file, createMemoryLedger()))
  assert.deepEqual([report.lines, report.bad_line_count, report.complete], [2, 3, true])
  assert.deepEqual(report.bad_lines, [
    { line: 3, column: 'date', reason: '"2024-13-01" is not a day of the calendar' },
    { line: 4, column: null, reason: 'a quote that opens here is not closed within 65536 characters' },
    { line: 6, column: null, reason: 'has 3 fields where the header has 5' },
  ])
  const port = createMemoryLedger()
  const strict = reportOf(await run(file, port, { strict: true }))
  assert.deepEqual(strict.stopped, { line: 3, reason: 'date: "2024-13-01" is not a day of the calendar' })
  assert.deepEqual([strict.complete, strict.lines, port.transfers.size], [false, 1, 1])
})

test('a movement that the ledger refuses is listed with its line; strict stops there', async () => {
  const port = createMemoryLedger()
  reportOf(await run(await fileOf('1,A,2024-01-01,100.00,100.00'), port))
  const file = await fileOf('1,A,2024-01-01,99.00,99.00', '2,A,2024-01-02,1.00,100.00')
  const report = reportOf(await run(file, port))
  assert.deepEqual(report.refused_lines, [{ line: 2, account: 'A', status: 'exists_with_different_amount' }])
  assert.deepEqual(
    [report.ledger_check.accounts_equal, report.ledger_check.differing],
    [0, [{ account: 'A', expected: 10_000, held: 10_100 }]],
  )
  const strict = reportOf(await run(file, port, { strict: true }))
  assert.match(strict.stopped?.reason ?? '', /refused it: exists_with_different_amount/)
})

test('an id that the file uses twice makes two movements and is listed', async () => {
  const file = await fileOf('1,A,2024-01-01,1.00,1.00', '1,A,2024-01-01,1.00,2.00')
  const report = reportOf(await run(file, createMemoryLedger()))
  assert.deepEqual(report.repeated_ids, [{ line: 3, account: 'A', external_id: '1' }])
  assert.deepEqual([report.agree, report.ledger_check.accounts_equal], [2, 1])
})

test('what keeps an import from beginning is said in words', async () => {
  const port = createMemoryLedger()
  const file = await fileOf(...SMALL)
  assert.match(messageOf(await run(join(folder, 'none.csv'), port)), /none\.csv cannot be read \(ENOENT\)/)
  assert.match(messageOf(await run(folder, port)), /is not a file/)
  const empty = join(folder, 'empty.csv')
  await writeFile(empty, '')
  assert.match(messageOf(await run(empty, port)), /is empty; its first line must name the columns/)
  const columns = { ...base.columns, balance: 'saldo' }
  assert.match(
    messageOf(await run(file, port, { profile: profileOf({ columns }) })),
    /does not fit the profile "bank":\n {2}columns\.balance names the column "saldo"/,
  )
  assert.equal(port.accounts.size, 0)
  reportOf(await run(file, port))
  assert.match(
    messageOf(await run(file, port, { profile: profileOf({ name: 'second' }) })),
    /"cash" cannot be opened: another account bears that reference/,
  )
  assert.match(
    messageOf(await run(file, port, { profile: profileOf({ accounts: { code: 2 } }) })),
    /"A" exists with another code; an earlier import used another profile of this name/,
  )
})

test('an import that is told to stop does so after a batch, and the next run goes on', async () => {
  const file = await fileOf(...many(400))
  const stop = new AbortController()
  const port = createMemoryLedger()
  const onProgress = (): void => stop.abort()
  const report = reportOf(await run(file, port, { signal: stop.signal, onProgress, batchItems: 50 }))
  assert.equal(report.complete, false)
  assert.ok(report.lines < 400)
  assert.equal(port.transfers.size, report.lines)
  assert.equal(reportOf(await run(file, port)).lines, 400)
  assert.equal(port.transfers.size, 400)
})

test('progress says how many lines are in the ledger, the rate and the time that remains', async () => {
  const file = await fileOf(...many(400))
  let nowMs = 0
  const seen: Progress[] = []
  await run(file, createMemoryLedger(), {
    clock: { now: () => nowMs },
    batchItems: 50,
    onProgress: (progress) => {
      nowMs += 1000
      seen.push(progress)
    },
  })
  assert.equal(seen.at(-1)?.lines, 400)
  assert.equal(seen.at(-1)?.bytes, seen.at(-1)?.totalBytes)
  assert.equal(seen.at(-1)?.remainingS, 0)
  assert.ok(seen.every(({ bytes, totalBytes }) => bytes <= totalBytes))
})

test('batches are as full as the ledger allows', async () => {
  const port = createMemoryLedger()
  await run(await fileOf(...many(20_000)), port)
  assert.ok(port.batches.every((size) => size <= 8000))
  assert.equal(port.batches.length, 3)
})

test('whatever is planted in a file, the report finds exactly that', async () => {
  const line = fc.record({
    account: fc.integer({ min: 0, max: 3 }),
    amount: fc.integer({ min: -100_000, max: 100_000 }),
    planted: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: -300, max: 300 })),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 60 }), fc.boolean(), async (lines, settle) => {
      const stated = new Map<number, number>()
      const rows = lines.map(({ account, amount, planted }, index) => {
        const balance = (stated.get(account) ?? 0) + amount + planted
        stated.set(account, balance)
        return `${index},K${account},2024-01-01,${(amount / 100).toFixed(2)},${(balance / 100).toFixed(2)}`
      })
      const port = createMemoryLedger()
      const report = reportOf(await run(await fileOf(...rows), port, { settle }))
      const planted = lines.flatMap((one, index) => (one.planted === 0 ? [] : [[index + 2, one.planted]]))
      assert.deepEqual(
        report.disagreements.map((one) => [one.line, one.difference]),
        planted,
      )
      const counted = report.differences.reduce((sum, [, count]) => sum + count, 0)
      assert.equal(counted + report.agree, lines.length)
      const closing = [...stated.values()].reduce((sum, one) => sum + one, 0)
      const ours = lines.reduce((sum, one) => sum + one.amount, 0)
      assert.deepEqual([report.closing_sum, report.our_closing_sum], [closing, ours])
      assert.equal(report.ledger_check.customers_sum, settle ? closing : ours)
      assert.equal(report.ledger_check.accounts_equal, report.accounts)
    }),
    { numRuns: 60 },
  )
})
