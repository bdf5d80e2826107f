import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { addTenant, type TestDatabase, withDatabase } from '../../../test/support/postgres.ts'
import { asSuperuser, type Books, id, openBooks } from '../../../test/verify/books.ts'
import { DATABASE_TAMPERS } from '../../../test/verify/database-tampers.ts'
import { ALICE, CASH, SHOP, writeHistory } from '../../../test/verify/history.ts'
import { LEDGER_TAMPERS, type Tamper } from '../../../test/verify/tampers.ts'
import type { TenantId } from '../../kit/index.ts'
import { type VerifyReport, verifyLedger, verifyWithin } from './verify-ledger.ts'

const ONE = 1 as TenantId
const OTHER = 2 as TenantId

const failed = ({ checks }: VerifyReport): string[] => checks.filter(({ ok }) => !ok).map(({ name }) => name)

const findingsOf = ({ checks }: VerifyReport): string =>
  JSON.stringify(
    checks.flatMap(({ name, findings }) => findings.map((finding) => ({ name, ...finding }))),
    null,
    1,
  )

describe('verify', () => {
  let database: TestDatabase
  let books: Books

  before(async () => {
    database = await withDatabase()
    await addTenant(database, ONE)
    await addTenant(database, OTHER, 'Europe/Prague')
    books = openBooks(database)
    await writeHistory(books, ONE, OTHER)
  })

  after(async () => {
    await books.close()
    await database.close()
  })

  const asReader = async <Value>(work: (client: pg.Client) => Promise<Value>): Promise<Value> => {
    const client = new pg.Client({ connectionString: database.readerUrl })
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }

  /** Plants it in a transaction that is never committed, and looks at it as the reader. */
  const verifyWith = (tamper: Tamper): Promise<VerifyReport> =>
    asSuperuser(database, async (client) => {
      await client.query('begin')
      await client.query(tamper.sql)
      await client.query('set local role evenkeel_reader')
      return verifyWithin(client, { durability: 'noted' })
    })

  test('a clean database passes every check, and each says over how many rows', async () => {
    const report = await asReader((client) => verifyLedger(client, { durability: 'noted' }))
    assert.deepEqual(failed(report), [], findingsOf(report))
    assert.equal(report.ok, true)
    assert.equal(report.rows, 24)
    assert.deepEqual(report.tenants, [
      { tenant: ONE, accounts: 9, transfers: 21, holdsOpen: 3 },
      { tenant: OTHER, accounts: 2, transfers: 3, holdsOpen: 0 },
    ])
    for (const check of report.checks) {
      // No period of these books is closed; closing/closing.db.test.ts has some.
      if (check.name !== 'closed_periods') assert.ok(check.rows > 0, `${check.name} looked at nothing`)
      assert.match(check.proved, /\.$/)
    }
  })

  test('one tenant can be asked for, and one that there is not is reported', async () => {
    const one = await asReader((client) => verifyLedger(client, { durability: 'noted', tenants: [OTHER] }))
    assert.deepEqual(
      one.tenants.map(({ tenant }) => tenant),
      [OTHER],
    )
    assert.equal(one.ok, true, findingsOf(one))
    const none = await asReader((client) =>
      verifyLedger(client, { durability: 'noted', tenants: [77 as TenantId] }),
    )
    assert.deepEqual(failed(none), ['tenants'])
  })

  test('progress ends at the number of transfers that was told at the beginning', async () => {
    const told: string[] = []
    await asReader((client) =>
      verifyLedger(client, {
        durability: 'noted',
        tenants: [ONE],
        onProgress: ({ step, done, total }) => told.push(`${step} ${done}/${total}`),
      }),
    )
    assert.deepEqual(told, [
      'accounts 0/21',
      'transfers 0/21',
      'holds 21/21',
      'balances 21/21',
      'book dates 21/21',
      'ids 21/21',
    ])
  })

  test('durability that was given up is a finding, and for tests a note', async () => {
    const strict = await asReader((client) => verifyLedger(client))
    assert.deepEqual(failed(strict), ['durability'])
    const noted = await asReader((client) => verifyLedger(client, { durability: 'noted' }))
    const notes = noted.checks.find(({ name }) => name === 'durability')?.notes ?? []
    assert.ok(
      notes.some((note) => note.includes('fsync')),
      notes.join(),
    )
  })

  test('a role that confirms before it writes is a finding', async () => {
    const report = await asSuperuser(database, async (client) => {
      await client.query('begin')
      await client.query('alter role evenkeel_app set synchronous_commit = off')
      return verifyWithin(client)
    })
    assert.match(findingsOf(report), /synchronous_commit=off/)
  })

  test('an idempotency key that nobody goes on with is told of, and is no fault', async () => {
    const report = await verifyWith({
      name: '',
      sql: `update database.idempotency_keys set lease_until_ms = lease_until_ms - 7200000 where key = 'left'`,
      reported: [],
    })
    assert.deepEqual(failed(report), [])
    assert.match(JSON.stringify(report.checks.map(({ notes }) => notes)), /Tenant 1 has 1 requests/)
  })

  for (const tamper of [...LEDGER_TAMPERS, ...DATABASE_TAMPERS]) {
    test(`when ${tamper.name}, verify says so: ${tamper.reported.join(', ')}`, async () => {
      const report = await verifyWith(tamper)
      assert.deepEqual(failed(report), tamper.reported, findingsOf(report))
      assert.equal(report.ok, false)
    })
  }

  test('every check is made to fail by something', async () => {
    const report = await asReader((client) => verifyLedger(client))
    const provoked = new Set([...LEDGER_TAMPERS, ...DATABASE_TAMPERS].flatMap(({ reported }) => reported))
    for (const { name, ok } of report.checks)
      assert.ok(provoked.has(name) || !ok, `nothing makes ${name} fail`)
  })

  test('a wrong amount is found at its transfer, with both sums', async () => {
    const report = await verifyWith({
      name: '',
      sql: `update ledger.transfers set amount = amount + 1 where tenant = 1 and id = '${id(103)}'`,
      reported: [],
    })
    const entries = report.checks.find(({ name }) => name === 'entries')
    assert.deepEqual(
      entries?.findings.map(({ tenant, details }) => ({ tenant, ...details })),
      [
        {
          tenant: 1,
          sequence: '3',
          transfer: 'lt_00000000000040008000000000000103',
          account: 'la_00000000000040008000000000000002',
          side: 'debit',
          debits_posted: '3200, the sum is 3201',
        },
        {
          tenant: 1,
          sequence: '3',
          transfer: 'lt_00000000000040008000000000000103',
          account: 'la_00000000000040008000000000000004',
          side: 'credit',
          credits_posted: '3200, the sum is 3201',
        },
      ],
    )
    assert.equal(entries?.findingsCount, 2)
  })

  test('it proves one moment while money moves', async () => {
    let moving = true
    let next = 1_000
    const move = async (): Promise<void> => {
      while (moving) {
        const commands = Array.from({ length: 50 }, () => {
          next += 1
          return { id: id(next), debit: CASH, credit: next % 2 === 0 ? ALICE : SHOP, amount: BigInt(next) }
        })
        await books.transfers(ONE, commands)
      }
    }
    const moved = move()
    try {
      for (let run = 0; run < 5; run += 1) {
        const report = await asReader((client) => verifyLedger(client, { durability: 'noted' }))
        assert.deepEqual(failed(report), [], findingsOf(report))
      }
    } finally {
      moving = false
      await moved
    }
    const last = await asReader((client) => verifyLedger(client, { durability: 'noted' }))
    assert.equal(last.tenants[0]?.transfers, 21 + next - 1_000)
  })
})
