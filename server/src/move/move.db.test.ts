import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { dropChecks, fillTables } from '../../test/support/fill-tables.ts'
import {
  addTenant,
  type TestDatabase,
  testMasterKey,
  withDatabase,
  withEmptyDatabase,
} from '../../test/support/postgres.ts'
import { MIGRATION_TABLES, withClient } from '../database/index.ts'
import { rolePassword } from '../vault/index.ts'
import type { Marker } from './core/marker.ts'
import { giveUpMove, type Moved, type MoveWanted, move, readMarker, refuseUnfinishedMove } from './index.ts'
import { writeMarker } from './marker.ts'

const ROWS = 12
/** Two pages, so that a table of the test has several runs. */
const CHUNK_PAGES = 2

let source: TestDatabase
let target: Awaited<ReturnType<typeof withEmptyDatabase>>
const clusterFolder = mkdtempSync(join(tmpdir(), 'evenkeel-move-'))

before(async () => {
  source = await withDatabase()
  await addTenant(source, 1)
  await dropChecks(source.adminUrl)
  await fillTables(source.adminUrl, { tenant: 1, first: 0, count: ROWS }, MIGRATION_TABLES)
  await withClient(source.adminUrl, (admin) =>
    // One table of several runs, with holes where rows were.
    admin.query(`
      insert into ledger.accounts select (jsonb_populate_record(null::ledger.accounts, to_jsonb(a) || jsonb_build_object(
        'id', gen_random_uuid(), 'time_micros', g, 'reference', g::text))).*
        from generate_series(1, 1500) g, (select * from ledger.accounts limit 1) a;
      delete from ledger.accounts where time_micros between 300 and 420;`),
  )
})
after(async () => {
  await source.close()
  rmSync(clusterFolder, { recursive: true })
})

const wanted = (more: Partial<MoveWanted> = {}): MoveWanted => ({
  source: { clusterFolder, adminUrl: source.adminUrl },
  target: { admin: target.url },
  passwords: { app: rolePassword(testMasterKey, 'app'), reader: rolePassword(testMasterKey, 'reader') },
  release: 'test',
  clock: { now: () => Date.UTC(2026, 10, 23) },
  allowUnsafe: true,
  despiteDangers: false,
  prove: async () => undefined,
  chunkPages: CHUNK_PAGES,
  othersEndWithinMs: 300,
  ...more,
})

/** Stops when asked for the nth time: between any two steps of the move. */
const stopAt = (step: number): { isStopped: () => boolean } => {
  let asked = 0
  return { isStopped: () => asked++ === step }
}

const stopped = { name: 'SetupProblem', message: /was stopped/ }

const stoppedAt = (step: number): Promise<void> => assert.rejects(move(wanted(stopAt(step))), stopped)

/** Before anything is made in the target, and before anything is copied. */
const [BEGUN, PREPARED] = [0, 1]

const inTarget = async (statement: string): Promise<unknown> =>
  withClient(target.url, async (client) => (await client.query(statement)).rows[0]?.found)

const isReadOnly = (): Promise<unknown> =>
  withClient(
    source.adminUrl,
    async (client) => (await client.query('show default_transaction_read_only')).rows[0],
  )

const rowsOf = ({ holdings }: Moved): bigint => holdings.reduce((sum, { rows }) => sum + rows, 0n)

const refusesServers = (): Promise<void> =>
  assert.rejects(withClient(target.url, refuseUnfinishedMove), /is not finished: not all of the books/)

// Each test goes on where the one before has left the two databases.
describe('a move, from its first step to its last', () => {
  before(async () => {
    target = await withEmptyDatabase()
  })
  after(() => target.close())

  test('refuses a target that is not empty with what stands there', async () => {
    await withClient(target.url, (client) => client.query('create schema events'))
    await assert.rejects(move(wanted()), {
      name: 'SetupProblem',
      message: /is not empty: it has the schemas events/,
    })
    await withClient(target.url, (client) => client.query('drop schema events'))
  })

  test('names somebody who still works on the source', async () => {
    await withClient(source.readerUrl, () =>
      assert.rejects(move(wanted()), {
        name: 'SetupProblem',
        message: /Somebody else works on this database: evenkeel/,
      }),
    )
  })

  test('names what it does not carry, and has changed nothing until then', async () => {
    const asOwner = (statement: string) =>
      withClient(source.adminUrl, (client) => client.query(`set role evenkeel_owner; ${statement}`))
    await asOwner('create sequence ledger.numbers')
    await assert.rejects(move(wanted()), { name: 'SetupProblem', message: /does not carry: ledger\.numbers/ })
    await asOwner('drop sequence ledger.numbers')
    assert.equal(readMarker(clusterFolder), null)
    assert.deepEqual(await isReadOnly(), { default_transaction_read_only: 'off' })
  })

  test('that has begun leaves a source that is read-only for everybody, and goes nowhere else', async () => {
    await stoppedAt(BEGUN)
    assert.deepEqual(await isReadOnly(), { default_transaction_read_only: 'on' })
    await assert.rejects(
      withClient(source.adminUrl, (client) => client.query('delete from database.due')),
      /read-only transaction/,
    )
    const elsewhere = wanted({ target: { admin: source.adminUrl } })
    await assert.rejects(move(elsewhere), /A move to postgresql:.* has begun and is not finished/)
    await refusesServers()
  })

  test('that is stopped at any of its steps goes on', async () => {
    await stoppedAt(PREPARED)
    // The rows of this test are such as only a table without checks takes.
    await dropChecks(target.url)
    for (const step of [2, 60, 110, 190]) await stoppedAt(step)
    await refusesServers()
  })

  test('whose connection dies in the middle of a table goes on, and copies nothing twice', async () => {
    await withClient(target.url, (client) =>
      client.query(`delete from move.chunks where part = 'ledger.accounts' and from_page > 0;
                    delete from ledger.accounts where ctid >= '(2,0)'`),
    )
    let kill: Promise<unknown> | null = null
    const onProgress: MoveWanted['onProgress'] = ({ table }) => {
      if (table !== 'ledger.accounts') return
      kill ??= withClient(target.url, (client) =>
        client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()`,
        ),
      )
    }
    await assert.rejects(move(wanted({ onProgress })))
    assert.ok(kill !== null)
    await kill
    const copied = await inTarget('select count(*)::integer as found from ledger.accounts')
    const noted = await inTarget(
      `select sum(rows)::integer as found from move.chunks where part = 'ledger.accounts'`,
    )
    assert.equal(copied, noted)
  })

  test('is refused by name where a row differs', async () => {
    const change = (by: string) =>
      withClient(target.url, (client) =>
        client.query(`update database.timers set due_micros = due_micros ${by}
                       where subject::text = (select min(subject::text) from database.timers)`),
      )
    let changed: Promise<unknown> | null = null
    const onProgress: MoveWanted['onProgress'] = ({ phase }) => {
      if (phase === 'settling') changed ??= change('+ 1')
    }
    await assert.rejects(move(wanted({ onProgress })), {
      name: 'SetupProblem',
      message:
        /^The new database does not hold what the old one holds:\ndatabase\.timers has rows with other content$/,
    })
    assert.ok(changed !== null)
    await refusesServers()
    await change('- 1')
  })

  test('does not count before the books are proven', async () => {
    const unproven = move(wanted({ prove: () => Promise.reject(new Error('not proven')) }))
    await assert.rejects(unproven, /not proven/)
    assert.equal(readMarker(clusterFolder)?.state, 'moving')
    await refusesServers()
  })

  test('carries every row of every table, whatever is in it, and nobody fills the target beside it', async () => {
    const told: string[] = []
    const onProgress: MoveWanted['onProgress'] = ({ phase }) => told.push(phase)
    const prove = () => assert.rejects(move(wanted()), /Another move into this database is at work/)
    const moved = await move(wanted({ onProgress, prove }))
    assert.deepEqual([...new Set(told)], ['copying', 'settling', 'comparing', 'proving'])
    assert.equal(moved.isNew, true)
    const empty = moved.holdings.filter(({ rows }) => rows === 0n).map(({ table }) => table)
    assert.deepEqual(empty, [], 'every table of the test had rows')
    assert.equal(BigInt(moved.rows), rowsOf(moved))
    const old = `select count(*)::integer as found from database.events where created_day = '2019-02-28'`
    assert.equal(await inTarget(old), ROWS / 3)
  })

  test('that is finished says so when it is run again, and is not given up', async () => {
    assert.equal(readMarker(clusterFolder)?.state, 'moved')
    assert.equal(await inTarget(`select to_regnamespace('move') is null as found`), true)
    await withClient(target.url, refuseUnfinishedMove)
    assert.equal((await move(wanted())).isNew, false)
    await assert.rejects(giveUpMove(clusterFolder, source.adminUrl), /was finished on 2026-11-23T00:00/)
  })

  test('that was killed after the source was told takes its notes away when it is run again', async () => {
    const { id } = readMarker(clusterFolder) as Marker
    await withClient(target.url, (client) =>
      client.query(`set role evenkeel_owner; create schema move;
                    create table move.moves (id uuid, chunk_pages integer, is_prepared boolean);
                    insert into move.moves values ('${id}', 1, true)`),
    )
    await refusesServers()
    assert.equal((await move(wanted())).isNew, false)
    await withClient(target.url, refuseUnfinishedMove)
  })
})

test('a move that is given up leaves the source as it was, and its target to nobody', async () => {
  const earlier = readMarker(clusterFolder)
  if (earlier !== null) {
    writeMarker(clusterFolder, { ...earlier, state: 'moving' })
    await giveUpMove(clusterFolder, source.adminUrl)
  }
  target = await withEmptyDatabase()
  await stoppedAt(BEGUN)
  assert.deepEqual(await isReadOnly(), { default_transaction_read_only: 'on' })
  await giveUpMove(clusterFolder, source.adminUrl)
  assert.deepEqual(await isReadOnly(), { default_transaction_read_only: 'off' })
  assert.equal(readMarker(clusterFolder), null)
  // What was copied is no base for another move: rows may have changed since.
  await assert.rejects(move(wanted()), {
    name: 'SetupProblem',
    message: /unfinished move of another database/,
  })
  await target.close()
})
