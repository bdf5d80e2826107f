import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  type TestCluster,
  type TestDatabase,
  withCluster,
  withDatabase,
} from '../../../test/support/postgres.ts'
import { withClient } from '../connect/owner.ts'
import { examine, examineDisk } from './doctor.ts'
import { refusePowerfulRole, refuseUnsafeSettings } from './refuse.ts'

let unsafe: TestDatabase
let durable: TestCluster
before(async () => {
  unsafe = await withDatabase()
  durable = await withCluster()
})
after(async () => {
  await unsafe.close()
  await durable.close()
})

const check = (url: string, allowUnsafe = false): Promise<void> =>
  withClient(url, (client) => refuseUnsafeSettings(client, allowUnsafe))

test('a database that loses what it confirmed is refused with every setting and its remedy', async () => {
  await assert.rejects(check(unsafe.appUrl), {
    name: 'SetupProblem',
    message: /fsync, full_page_writes, synchronous_commit are off/,
    fix: /alter system set fsync = on; alter system set full_page_writes = on/,
  })
})

test('only the flag of tests lets such a database pass', async () => {
  await check(unsafe.appUrl, true)
})

test('our own cluster passes, until somebody turns synchronous_commit off for the app’s role', async () => {
  await check(durable.access.appUrl)
  const set = (value: string) =>
    withClient(durable.cluster.url, (client) =>
      client.query(`alter role evenkeel_app set synchronous_commit = ${value}`),
    )
  await set('off')
  await assert.rejects(check(durable.access.appUrl), /synchronous_commit is off/)
  await set('local')
  await check(durable.access.appUrl)
})

test('doctor finds nothing to change in our own cluster', async () => {
  const findings = await withClient(durable.access.readerUrl, examine)
  const wrong = findings.filter(({ severity }) => severity !== 'fine').map(({ name }) => name)
  // The cluster of a test is small on purpose.
  assert.deepEqual(wrong.toSorted(), ['max_wal_size', 'shared_buffers'])
  assert.equal(examineDisk(durable.cluster.dataFolder).name, 'free disk')
})

test('a server does not work as a role that row-level security does not bind', async () => {
  const refuse = (url: string): Promise<void> => withClient(url, refusePowerfulRole)
  await refuse(unsafe.appUrl)
  await assert.rejects(refuse(unsafe.adminUrl), /evenkeel_admin, which is a superuser/)
  await assert.rejects(refuse(unsafe.readerUrl), /evenkeel_reader, which is not a member of evenkeel_app/)
})

test('a role that became powerful is refused for what it became', async () => {
  const asAdmin = (statement: string) => withClient(durable.cluster.url, (client) => client.query(statement))
  const refused = (pattern: RegExp) =>
    assert.rejects(withClient(durable.access.appUrl, refusePowerfulRole), {
      name: 'SetupProblem',
      message: pattern,
    })
  await asAdmin('alter role evenkeel_app bypassrls')
  await refused(/bypasses row-level security/)
  await asAdmin('alter role evenkeel_app nobypassrls')
  await asAdmin('revoke evenkeel_app from evenkeel_owner')
  await asAdmin('grant evenkeel_owner to evenkeel_app')
  await refused(/owner of the tables, or a member of it/)
  await asAdmin('revoke evenkeel_owner from evenkeel_app')
  await asAdmin('create table own (); alter table own owner to evenkeel_app')
  await refused(/owns public\.own/)
  await asAdmin('drop table own')
  await withClient(durable.access.appUrl, refusePowerfulRole)
})
