import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { addTenant, type TestDatabase, testKeyring, withDatabase } from '../../test/support/postgres.ts'
import { openPools, type Pools, withClient, withOwner } from '../database/index.ts'
import type { TenantId } from '../kit/index.ts'
import { checkFingerprint, hasMasterKey } from './fingerprint.ts'
import { masterKeyFromText } from './key-sources.ts'
import { keyringOf } from './keyring.ts'
import type { Place } from './seal.ts'
import { openVault } from './vault.ts'

let database: TestDatabase
let pools: Pools
let tenant: TenantId
let other: TenantId
before(async () => {
  database = await withDatabase()
  pools = openPools(database)
  tenant = await addTenant(database, 1)
  other = await addTenant(database, 2)
})
after(async () => {
  await pools.end()
  await database.close()
})

const place: Place = { table: 'webhooks', column: 'secret', row: 'we_1' }
const plain = Buffer.from('whsec_1')
const open = () => openVault(testKeyring, pools.plain)

test('what one process sealed another one opens', async () => {
  const sealed = await open().seal(tenant, place, plain)
  assert.deepEqual(await open().open(tenant, place, sealed), plain)
  await assert.rejects(open().open(other, place, sealed))
  await assert.rejects(open().open(tenant, { ...place, row: 'we_2' }, sealed))
})

test('processes that need a tenant’s first key at once get the same one', async () => {
  const fresh = await addTenant(database, 3)
  const keys = await Promise.all([1, 2, 3, 4].map(() => open().dataKey(fresh)))
  assert.equal(new Set(keys.map(({ bytes }) => bytes.toString('hex'))).size, 1)
})

test('after a rotation, here or elsewhere, old and new values open', async () => {
  const [here, elsewhere] = [open(), open()]
  const old = await here.seal(tenant, place, plain)
  await elsewhere.rotate(tenant)
  const fresh = await elsewhere.seal(tenant, place, plain)
  assert.notEqual(old.readUInt32BE(1), fresh.readUInt32BE(1))
  for (const vault of [here, elsewhere, open()])
    for (const sealed of [old, fresh]) assert.deepEqual(await vault.open(tenant, place, sealed), plain)
})

test('two tenants have different keys', async () => {
  const vault = open()
  const [one, two] = [await vault.dataKey(tenant), await vault.dataKey(other)]
  assert.equal(one.bytes.equals(two.bytes), false)
})

test('a database remembers its master key and refuses another', async () => {
  assert.equal(await withClient(database.appUrl, hasMasterKey), true)
  const check = (ring = testKeyring) => withOwner(database.adminUrl, (owner) => checkFingerprint(owner, ring))
  await Promise.all([check(), check()])
  await check()
  await assert.rejects(check(keyringOf(masterKeyFromText(Buffer.alloc(32, 1).toString('hex')))), {
    name: 'SetupProblem',
    message: /not the one that the database was made with/,
  })
})
