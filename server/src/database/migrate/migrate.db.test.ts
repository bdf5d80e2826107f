import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, beforeEach, test } from 'node:test'
import { TEST_MASTER_KEY_TEXT, withEmptyDatabase } from '../../../test/support/postgres.ts'
import { masterKeyFromText, rolePassword } from '../../vault/index.ts'
import { prepareAccess } from '../connect/access.ts'
import { withClient } from '../connect/owner.ts'
import { type Migration, readMigrations } from './files.ts'
import { migrate } from './migrate.ts'

const key = masterKeyFromText(TEST_MASTER_KEY_TEXT)
const passwords = { app: rolePassword(key, 'app'), reader: rolePassword(key, 'reader') }

let database: Awaited<ReturnType<typeof withEmptyDatabase>>
const opened: (typeof database)[] = []
beforeEach(async () => {
  database = await withEmptyDatabase()
  opened.push(database)
  await prepareAccess({ admin: database.url }, passwords)
})
after(async () => {
  for (const one of opened) await one.close()
})

const file = (number: number, sql: string, inTransaction = true): Migration => ({
  number,
  name: `000${number}_x.sql`,
  sql,
  sha256: createHash('sha256').update(sql).digest('hex'),
  inTransaction,
})

const run = async (migrations: readonly Migration[]): Promise<string[]> => {
  const applied: string[] = []
  await migrate({
    adminUrl: database.url,
    release: '1.2.3',
    migrations,
    onApplied: (name) => applied.push(name),
  })
  return applied
}

const ask = async (statement: string): Promise<readonly unknown[]> =>
  (await withClient(database.url, (client) => client.query(statement))).rows

test('all migrations of the release run once, and are noted with the release', async () => {
  const migrations = readMigrations()
  assert.deepEqual(
    await run(migrations),
    migrations.map(({ name }) => name),
  )
  assert.deepEqual(await run(migrations), [])
  const noted = await ask(`select count(*)::int as count, min(release) as release from database.migrations`)
  assert.deepEqual(noted, [{ count: migrations.length, release: '1.2.3' }])
})

test('of several processes at once one migrates and all succeed', async () => {
  const migrations = [
    file(1, 'create schema s; create table s.a (); select pg_sleep(0.2)'),
    file(2, 'create table s.b ()'),
  ]
  const applied = await Promise.all([run(migrations), run(migrations), run(migrations)])
  assert.deepEqual(applied.flat(), ['0001_x.sql', '0002_x.sql'])
})

test('an edited file is refused by its name', async () => {
  await run([file(1, 'create schema s')])
  await assert.rejects(run([file(1, 'create schema t')]), {
    name: 'SetupProblem',
    message: /0001_x\.sql is not the file/,
  })
})

test('a file that fails leaves nothing of itself, and what ran before it stays', async () => {
  const failing = [file(1, 'create schema s'), file(2, 'create table s.a (); select 1 / 0')]
  await assert.rejects(run(failing), /The migration 0002_x\.sql failed: division by zero/)
  assert.deepEqual(
    await ask(`select to_regclass('s.a') as a, count(*)::int as count from database.migrations`),
    [{ a: null, count: 1 }],
  )
  assert.deepEqual(await run([file(1, 'create schema s'), file(2, 'create table s.a ()')]), ['0002_x.sql'])
})

test('a release that is too old for the schema refuses to start', async () => {
  const files = [
    file(1, 'create schema s'),
    file(2, 'update database.schema_floor set oldest_migration = 2'),
    file(3, 'create table s.a ()'),
  ]
  await run(files)
  assert.deepEqual(await run(files.slice(0, 2)), [])
  await assert.rejects(
    run(files.slice(0, 1)),
    /knows migrations up to 1; the database needs a release that knows 2/,
  )
})

test('a migration gives way to running work and tries again', async () => {
  const first = file(1, 'create schema s; create table s.a ()')
  await run([first])
  const gaveWay: string[] = []
  await withClient(database.url, async (busy) => {
    await busy.query('begin; lock table s.a in access share mode')
    await migrate({
      adminUrl: database.url,
      release: '1.2.3',
      migrations: [first, file(2, 'alter table s.a add x int')],
      onGaveWay: (name) => {
        gaveWay.push(name)
        void busy.query('commit')
      },
    })
  })
  assert.deepEqual(gaveWay, ['0002_x.sql'])
  assert.deepEqual(await ask(`select count(*)::int as count from database.migrations`), [{ count: 2 }])
})

test('a file marked so runs in no transaction', async () => {
  await run([
    file(1, 'create schema s; create table s.a (x int)'),
    file(2, '-- no-transaction\ncreate index concurrently if not exists a_by_x on s.a (x)', false),
  ])
  assert.deepEqual(
    await ask(`select indisvalid as valid from pg_index where indexrelid = 's.a_by_x'::regclass`),
    [{ valid: true }],
  )
})

test('an index that was left unfinished is not taken for one that is there', async () => {
  await run([file(1, 'create schema s; create table s.a (x int); insert into s.a values (1), (1)')])
  const index = 'create unique index concurrently if not exists a_by_x on s.a (x)'
  const marked = `-- no-transaction\n${index}`
  await withClient(database.url, async (client) => {
    await client.query('set role evenkeel_owner')
    await assert.rejects(client.query(index), /could not create unique index/)
    await client.query('delete from s.a')
  })
  const migrations = [
    file(1, 'create schema s; create table s.a (x int); insert into s.a values (1), (1)'),
    file(2, marked, false),
  ]
  assert.deepEqual(await run(migrations), ['0002_x.sql'])
  assert.deepEqual(
    await ask(`select indisvalid as valid from pg_index where indexrelid = 's.a_by_x'::regclass`),
    [{ valid: true }],
  )
})
