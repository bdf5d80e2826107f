import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Generated } from 'kysely'
import pg from 'pg'
import { addTenant, type TestDatabase, withDatabase } from '../../../test/support/postgres.ts'
import { NEWEST_MIGRATION } from '../migrate/files.ts'
import { withClient } from './owner.ts'
import { openPools, type Pools, queriesOver, readAs } from './pools.ts'
import { olderReleases } from './session-name.ts'
import { classifyError, sqlstateOf } from './sqlstate.ts'

let database: TestDatabase
let pools: Pools
const errors: Error[] = []
before(async () => {
  database = await withDatabase()
  pools = openPools({ ...database, name: 'pools test', onError: (error) => errors.push(error) })
})
after(async () => {
  await pools.end()
  await database.close()
})

const refusedWith = (state: string) => (error: unknown) => {
  assert.equal(sqlstateOf(error), state)
  return true
}

test('64-bit integers are exact, dates are days, and both also in arrays or absent', async () => {
  const { rows } = await pools.plain.query(
    `select 9007199254740993::bigint as one, array[9223372036854775807, null]::bigint[] as many,
            date '2024-02-29' as day, null::bigint as none`,
  )
  assert.deepEqual(rows, [
    { one: 9_007_199_254_740_993n, many: [9_223_372_036_854_775_807n, null], day: '2024-02-29', none: null },
  ])
})

test('every session has its bounds and says whose it is', async () => {
  for (const pool of [pools.hot, pools.plain, pools.reader]) {
    const { rows } = await pool.query(
      `select name, setting <> '0' as is_set from pg_settings
        where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')`,
    )
    assert.equal(rows.length, 3)
    for (const { name, is_set: isSet } of rows) assert.equal(isSet, true, String(name))
    const shown = await pool.query('show application_name')
    assert.equal(shown.rows[0]?.application_name, `pools test ${NEWEST_MIGRATION} ${process.pid}`)
  }
})

test('a release that does not know a migration is seen at work beside one that does', async () => {
  const now = await olderReleases(pools.plain, NEWEST_MIGRATION)
  const older = new pg.Client({
    connectionString: database.appUrl,
    application_name: `evenkeel ${NEWEST_MIGRATION - 1} 4711`,
  })
  const oldest = new pg.Client({ connectionString: database.appUrl, application_name: 'evenkeel 4712' })
  await Promise.all([older.connect(), oldest.connect()])
  try {
    const found = await olderReleases(pools.plain, NEWEST_MIGRATION)
    assert.deepEqual(now, [])
    assert.deepEqual(
      found.toSorted((a, b) => a.pid - b.pid),
      [
        { newestMigration: NEWEST_MIGRATION - 1, pid: 4711 },
        { newestMigration: null, pid: 4712 },
      ],
    )
    assert.deepEqual(
      (await olderReleases(pools.plain, NEWEST_MIGRATION - 1)).map(({ pid }) => pid),
      [4712],
    )
  } finally {
    await Promise.all([older.end(), oldest.end()])
  }
})

test('statements on a hot connection are one round trip and answer in order', async () => {
  const client = await pools.hot.connect()
  const settled = await Promise.allSettled([
    client.query('begin'),
    client.query('select 1 / 0'),
    client.query('select 1'),
    client.query('rollback'),
  ])
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
  )
  client.release()
})

test('a connection that dies while it is checked out ends no process, and the pool goes on', async () => {
  for (const pool of [pools.hot, pools.plain, pools.reader]) {
    const client = await pool.connect()
    const { rows } = await client.query('select pg_backend_pid() as pid')
    await withClient(database.adminUrl, (admin) =>
      admin.query('select pg_terminate_backend($1)', [rows[0]?.pid]),
    )
    await sleep(50)
    const failure = await client.query('select 1').then(
      () => null,
      (error: unknown) => error,
    )
    assert.equal(classifyError(failure), 'transient')
    client.release(true)
    assert.equal((await pool.query('select 1 as one')).rows[0]?.one, 1)
  }
  assert.notEqual(errors.length, 0)
})

test('an idle connection that dies is replaced', async () => {
  const { rows } = await pools.plain.query('select pg_backend_pid() as pid')
  await withClient(database.adminUrl, (admin) =>
    admin.query('select pg_terminate_backend($1)', [rows[0]?.pid]),
  )
  await sleep(50)
  assert.equal((await pools.plain.query('select 1 as one')).rows[0]?.one, 1)
})

test('the reader sees all tenants and writes nothing', async () => {
  await addTenant(database, 1)
  await addTenant(database, 2)
  const seen = await pools.reader.query('select tenant from database.heads order by tenant')
  assert.deepEqual(seen.rows, [{ tenant: 1 }, { tenant: 2 }])
  await assert.rejects(pools.reader.query('create temporary table x ()'), refusedWith('25006'))
  await assert.rejects(
    pools.reader.query(`begin read write; delete from database.heads`),
    refusedWith('42501'),
  )
})

type Heads = { 'database.heads': { tenant: number; batch: Generated<bigint> } }

test('the app reads one tenant, and nothing without one', async () => {
  const queries = queriesOver<Heads>(pools.plain)
  const heads = await readAs(queries, await addTenant(database, 3), (read) =>
    read.selectFrom('database.heads').selectAll().select(['tenant', 'batch']).execute(),
  )
  assert.equal(heads.length, 1)
  assert.deepEqual([heads[0]?.tenant, heads[0]?.batch], [3, 0n])
  await assert.rejects(pools.plain.query('select * from database.heads'))
})

test('a read as a tenant cannot write', async () => {
  const queries = queriesOver<Heads>(pools.plain)
  const write = readAs(queries, await addTenant(database, 4), (read) =>
    read.updateTable('database.heads').set({ batch: 1n }).execute(),
  )
  await assert.rejects(write, refusedWith('25006'))
})
