import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { type TestDatabase, withDatabase } from '../../../test/support/postgres.ts'
import { withClient } from './owner.ts'
import { openPools, type Pools } from './pools.ts'
import { scramVerifier } from './scram.ts'
import { withLogin } from './url.ts'

// With a role of its own: those of the tests are everybody's.
const ROLE = `evenkeel_test_${randomBytes(4).toString('hex')}`

let database: TestDatabase
let pools: Pools
let known: readonly [string, ...string[]] = ['first']
const urls = (): readonly [string, ...string[]] => {
  const [likeliest, ...others] = known.map((password) => withLogin(database.adminUrl, ROLE, password))
  return [likeliest ?? '', ...others]
}

const asAdmin = (statement: string): Promise<unknown> =>
  withClient(database.adminUrl, (admin) => admin.query(statement))

before(async () => {
  database = await withDatabase()
  await asAdmin(`create role ${ROLE} login password '${scramVerifier('first')}'`)
  pools = openPools({ appUrl: urls, readerUrl: urls })
})
after(async () => {
  await pools.end()
  await asAdmin(`drop role ${ROLE}`)
  await database.close()
})

/** As many sessions at once as the pool has, so that new ones must be opened. */
const ask = async (count: number): Promise<void> => {
  const clients = await Promise.all(Array.from({ length: count }, () => pools.plain.connect()))
  for (const client of clients) {
    await client.query('select 1')
    client.release()
  }
  await Promise.all(Array.from({ length: count }, () => pools.plain.query('select 1')))
}

test('a pool whose password is replaced goes on, whether or not it was told before', async () => {
  await ask(1)
  known = ['first', 'second']
  await asAdmin(`alter role ${ROLE} password '${scramVerifier('second')}'`)
  await ask(6)
  known = ['second']
  await ask(12)
  const direct = await withClient(urls, (client) => client.query('select current_user::text as name'))
  assert.equal(direct.rows[0]?.name, ROLE)
})

test('a password that nobody knows is refused as it is', async () => {
  await asAdmin(`alter role ${ROLE} password '${scramVerifier('unknown')}'`)
  const sessions = `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${ROLE}'`
  await asAdmin(sessions)
  await assert.rejects(
    withClient(urls, (client) => client.query('select 1')),
    { code: '28P01' },
  )
})
