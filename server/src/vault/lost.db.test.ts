import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  addTenant,
  TEST_MASTER_KEY_TEXT,
  type TestDatabase,
  testKeyring,
  testMasterKey,
  withDatabase,
} from '../../test/support/postgres.ts'
import { openPools, type Pools, withOwner } from '../database/index.ts'
import type { TenantId } from '../kit/index.ts'
import { examineKeys } from './examine.ts'
import { checkFingerprint } from './fingerprint.ts'
import { masterKeyFromText } from './key-sources.ts'
import { keyringOf, obtainKeyring } from './keyring.ts'
import { newMasterKey } from './master-key.ts'
import { rewrapAll, tenantsWithKeys } from './rotation.ts'
import type { Place } from './seal.ts'
import { ensureSecrets } from './secrets.ts'
import { openVault } from './vault.ts'

// A key that is lost, or a value that is damaged: a refusal by name at every place, and never something else in its stead.

let database: TestDatabase
let pools: Pools
let tenant: TenantId
let folder: string
before(async () => {
  database = await withDatabase()
  pools = openPools(database)
  tenant = await addTenant(database, 1)
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-lost-'))
  await withOwner(database.adminUrl, (owner) => checkFingerprint(owner, testKeyring))
  await withOwner(database.adminUrl, (owner) => ensureSecrets(owner, testKeyring))
  await openVault(testKeyring, pools.plain).dataKey(tenant)
})
after(async () => {
  await pools.end()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const place: Place = { table: 'webhooks', column: 'secret', row: 'we_1' }
const other = masterKeyFromText(Buffer.alloc(32, 1).toString('hex'))

/** The refusal: a 503 that names what is the matter and says that nothing was done. */
const unreadable = (what: RegExp) => (error: Error) => {
  assert.match(error.message, what)
  assert.match(error.message, /Nothing was done/)
  assert.deepEqual([error.name, 'code' in error && error.code], ['Fault', 'secret_unreadable'])
  return true
}

const asOwner = (statement: string, values: readonly unknown[] = []): Promise<unknown> =>
  withOwner(database.adminUrl, async (owner) => {
    await owner.query(`select set_config('evenkeel.tenant', $1, false)`, [String(tenant)])
    await owner.query(statement, [...values])
  })

test('a file that is empty, cut short, no file, or not to be read is refused by its name', async () => {
  const file = join(folder, 'master.key')
  const obtain = () => obtainKeyring({ file, hasDatabase: () => true })
  for (const text of ['', '\n', TEST_MASTER_KEY_TEXT.slice(0, 30), `${TEST_MASTER_KEY_TEXT} and more`]) {
    writeFileSync(file, text, { mode: 0o600 })
    await assert.rejects(obtain(), {
      name: 'SetupProblem',
      message: `The master key file ${file} is not a key of 32 bytes in base64 or hexadecimal`,
      fix: /Put the right one back from your copy/,
    })
  }
  const three = [1, 2, 3].map((byte) => Buffer.alloc(32, byte).toString('hex')).join('\n')
  writeFileSync(file, three, { mode: 0o600 })
  await assert.rejects(obtain(), /holds 3 keys/)
  rmSync(file)
  mkdirSync(file)
  await assert.rejects(obtain(), /cannot be read/)
  chmodSync(file, 0o700)
  rmSync(file, { recursive: true })
  await assert.rejects(obtain(), /The master key is gone/)
})

test('a server goes on with the key it knows when somebody breaks the file under it', async () => {
  const file = join(folder, 'broken.key')
  writeFileSync(file, TEST_MASTER_KEY_TEXT, { mode: 0o600 })
  const ring = await obtainKeyring({ file, hasDatabase: () => true })
  for (const text of ['', 'nonsense']) {
    writeFileSync(file, text)
    assert.deepEqual(ring.candidates()[0].export(), testMasterKey.export())
  }
  rmSync(file)
  assert.deepEqual(ring.candidates()[0].export(), testMasterKey.export())
})

test('another key opens nothing, makes nothing and is noted nowhere', async () => {
  const stranger = keyringOf(other)
  const vault = openVault(stranger, pools.plain)
  const sealed = await openVault(testKeyring, pools.plain).seal(tenant, place, Buffer.from('whsec_1'))
  await assert.rejects(
    vault.open(tenant, place, sealed),
    unreadable(/The data key 1 of tenant 1 does not open/),
  )
  await assert.rejects(vault.rotate(tenant), unreadable(/What this master key would protect/))
  await assert.rejects(
    withOwner(database.adminUrl, (owner) => ensureSecrets(owner, stranger)),
    unreadable(/The secret "card" of the vault/),
  )
  await assert.rejects(
    withOwner(database.adminUrl, (owner) => checkFingerprint(owner, stranger)),
    /not the one that the database was made with/,
  )
})

test('a sealed value that was damaged, cut or moved is refused by the place where it stands', async () => {
  const vault = openVault(testKeyring, pools.plain)
  const sealed = await vault.seal(tenant, place, Buffer.from('whsec_1'))
  const changed = Buffer.from(sealed)
  changed[20] = (changed[20] ?? 0) ^ 1
  const where = unreadable(/What webhooks.secret holds of we_1 does not open/)
  for (const wrong of [changed, sealed.subarray(0, 8), Buffer.alloc(0), Buffer.from('plain text of old')])
    await assert.rejects(vault.open(tenant, place, wrong), where)
  const unknown = Buffer.from(sealed)
  unknown.writeUInt32BE(77, 1)
  await assert.rejects(
    vault.open(tenant, place, unknown),
    unreadable(/The data key 77 of tenant 1 is missing/),
  )
})

test('a wrapped key that was damaged in the database is found, and no rotation goes past it', async () => {
  const examine = () => examineKeys(pools.reader, testKeyring)
  assert.deepEqual((await examine()).unreadable, [])
  const damage = `set wrapped = overlay(wrapped placing '\\x00'::bytea from 30)`
  await asOwner(`update vault.data_keys ${damage} where tenant = $1 and version = 1`, [tenant])
  await asOwner(`update vault.secrets ${damage} where purpose = 'card'`)
  await asOwner(`delete from vault.secrets where purpose = 'client_secret'`)
  assert.deepEqual((await examine()).unreadable, [
    'The data key 1 of tenant 1',
    'The secret "card" of the vault',
    'The secret "client_secret" of the vault, which is missing',
  ])
  const vault = openVault(testKeyring, pools.plain)
  await assert.rejects(vault.dataKey(tenant), unreadable(/The data key 1 of tenant 1 does not open/))
  const keys = { from: testMasterKey, to: newMasterKey() }
  await assert.rejects(
    withOwner(database.adminUrl, async (owner) => {
      await owner.query('begin')
      await rewrapAll(owner, keys, () => tenantsWithKeys(pools.reader))
    }),
    { name: 'SetupProblem', message: /The data key 1 of tenant 1 does not open .* Nothing was changed/ },
  )
})
