import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  addTenant,
  type TestDatabase,
  testKeyring,
  testMasterKey,
  withDatabase,
} from '../../test/support/postgres.ts'
import { openPools, type Pools, withClient, withOwner } from '../database/index.ts'
import type { TenantId } from '../kit/index.ts'
import { examineKeys } from './examine.ts'
import { checkFingerprint, readMark } from './fingerprint.ts'
import { keyringOf } from './keyring.ts'
import { fingerprintOf, newMasterKey } from './master-key.ts'
import { announce, rewrapAll, tenantsWithKeys } from './rotation.ts'
import type { Place } from './seal.ts'
import { ensureSecrets } from './secrets.ts'
import { openVault } from './vault.ts'
import { readSeen, startWitness } from './witness.ts'

let database: TestDatabase
let pools: Pools
let tenants: readonly TenantId[]
before(async () => {
  database = await withDatabase()
  pools = openPools(database)
  tenants = [await addTenant(database, 1), await addTenant(database, 2), await addTenant(database, 3)]
  await withOwner(database.adminUrl, (owner) => checkFingerprint(owner, testKeyring))
  await withOwner(database.adminUrl, (owner) => ensureSecrets(owner, testKeyring))
})
after(async () => {
  await pools.end()
  await database.close()
})

const place: Place = { table: 'webhooks', column: 'secret', row: 'we_1' }
const next = newMasterKey()
const keys = { from: testMasterKey, to: next }
const both = keyringOf(next, testMasterKey)
const quiet = { info: () => undefined, error: () => undefined }

const untilItWaits = async (): Promise<void> => {
  const waiting = `select count(*)::integer as n from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock'`
  await withClient(database.adminUrl, async (admin) => {
    for (;;) {
      const { rows } = await admin.query<{ n: number }>(waiting)
      if ((rows[0]?.n ?? 0) > 0) return
    }
  })
}

test('while a key is announced everybody says whether he knows it', async () => {
  await withOwner(database.adminUrl, (owner) => announce(owner, keys))
  const witnesses = [
    startWitness({ ring: both, plain: pools.plain, session: 'evenkeel 21 1', log: quiet }),
    startWitness({ ring: testKeyring, plain: pools.plain, session: 'evenkeel 21 2', log: quiet }),
  ]
  for (const witness of witnesses) {
    await witness.look()
    await witness.look()
    witness.stop()
  }
  const seen = await readSeen(pools.plain, fingerprintOf(next))
  assert.deepEqual(
    seen.map(({ session, knows }) => [session, knows]),
    [
      ['evenkeel 21 1', true],
      ['evenkeel 21 2', false],
    ],
  )
})

test('all is wrapped anew in one transaction, what is made beside it goes by the new key, and values stay', async () => {
  const vault = openVault(both, pools.plain)
  const [first, second, third] = tenants as [TenantId, TenantId, TenantId]
  const sealed = await vault.seal(first, place, Buffer.from('whsec_1'))
  await vault.rotate(first)
  await vault.dataKey(second)
  const before = await withOwner(database.adminUrl, (owner) => ensureSecrets(owner, both))

  let made: Promise<unknown> = Promise.resolve()
  await withOwner(database.adminUrl, async (owner) => {
    await owner.query('begin')
    const done = await rewrapAll(owner, keys, () => tenantsWithKeys(pools.reader))
    assert.deepEqual(done, { tenants: 2, dataKeys: 3, secrets: 3 })
    // Values open meanwhile, and a tenant's first key waits.
    assert.deepEqual(await openVault(both, pools.plain).open(first, place, sealed), Buffer.from('whsec_1'))
    made = openVault(both, pools.plain).dataKey(third)
    await untilItWaits()
    await owner.query('commit')
  })
  await made

  const after = keyringOf(next)
  assert.deepEqual((await examineKeys(pools.reader, after)).unreadable, [])
  assert.equal((await examineKeys(pools.reader, keyringOf(testMasterKey))).unreadable.length, 4 + 3)
  assert.deepEqual(await openVault(after, pools.plain).open(first, place, sealed), Buffer.from('whsec_1'))
  const secrets = await withOwner(database.adminUrl, (owner) => ensureSecrets(owner, after))
  for (const [purpose, key] of before) assert.deepEqual(secrets.get(purpose)?.export(), key.export(), purpose)
  assert.deepEqual((await readMark(pools.plain))?.fingerprint, fingerprintOf(next))
})

test('a second rotation from a key that is gone changes nothing', async () => {
  await withOwner(database.adminUrl, async (owner) => {
    await owner.query('begin')
    const again = { from: testMasterKey, to: newMasterKey() }
    await assert.rejects(
      rewrapAll(owner, again, () => tenantsWithKeys(pools.reader)),
      /was changed by somebody else meanwhile/,
    )
  })
})

test('a secret that was lost after a rotation is never made anew', async () => {
  const after = keyringOf(next, testMasterKey)
  await withOwner(database.adminUrl, async (owner) => {
    await owner.query(`update vault.master_key set rotated_at = now()`)
  })
  await withOwner(database.adminUrl, (owner) =>
    owner.query(`delete from vault.secrets where purpose = 'client_secret'`),
  )
  await assert.rejects(
    withOwner(database.adminUrl, (owner) => ensureSecrets(owner, after)),
    { name: 'SetupProblem', message: /"client_secret" of the vault: missing in the database/ },
  )
})
