import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { dropChecks, type Filled, fillTables } from '../../test/support/fill-tables.ts'
import { type TestDatabase, testKeyring, withDatabase } from '../../test/support/postgres.ts'
import { PLATFORM } from '../audit/index.ts'
import { MIGRATION_TABLES, openPools, type Pools, withClient, withOwner } from '../database/index.ts'
import type { TenantId } from '../kit/index.ts'
import { createDataKey } from '../vault/index.ts'
import { createTenants, type Tenants } from './tenants.ts'

const ROWS = 4
/** What belongs to no tenant: a table without the column is looked at by somebody before it is added here. */
const OF_NO_TENANT = ['vault.master_key', 'vault.secrets', 'vault.servers']
/** The line that keeps the number from being given again. */
const LIST = 'tenants.tenants'

let database: TestDatabase
let pools: Pools
let tenants: Tenants

before(async () => {
  database = await withDatabase()
  pools = openPools(database)
  tenants = createTenants({
    asOwner: (work) => withOwner(database.adminUrl, work),
    makeDataKey: (owner, tenant) => createDataKey(owner, testKeyring, tenant),
    plain: pools.plain,
    reader: pools.reader,
    clock: { now: Date.now },
    actor: PLATFORM('test'),
    findPerson: async () => null,
  })
  await tenants.ensureFirst()
  await dropChecks(database.adminUrl)
})
after(async () => {
  await pools.end()
  await database.close()
})

const sandbox = async (name: string): Promise<TenantId> => {
  const made = await tenants.createSandbox({ name })
  assert.ok(made.ok)
  return made.tenant.id
}

type Counts = ReadonlyMap<string, number>

const countsOf = (tables: readonly Filled[], tenant: TenantId): Promise<Counts> =>
  withClient(database.adminUrl, async (admin) => {
    const counts = new Map<string, number>()
    for (const { name } of tables) {
      const { rows } = await admin.query(`select count(*)::integer as held from ${name} where tenant = $1`, [
        tenant,
      ])
      counts.set(name, rows[0].held)
    }
    return counts
  })

test('a sandbox that is deleted leaves no row in any table that the catalogue has, and takes none of another one', async () => {
  const [doomed, kept] = [await sandbox('doomed'), await sandbox('kept')]
  const fill = (tenant: TenantId, first: number) =>
    fillTables(database.adminUrl, { tenant, first, count: ROWS }, [...MIGRATION_TABLES, LIST])
  const filled = await fill(doomed, 0)
  await fill(kept, ROWS)
  const shared = filled.filter(({ hasTenant }) => !hasTenant).map(({ name }) => name)
  assert.deepEqual(shared, OF_NO_TENANT)
  const tables = filled.filter(({ hasTenant }) => hasTenant)
  const [before, ofKept] = [await countsOf(tables, doomed), await countsOf(tables, kept)]
  for (const [name, held] of before) assert.ok(held > 0, `${name} has rows of the sandbox`)
  const deleted = await tenants.deleteSandbox('doomed')
  assert.ok(deleted.ok)
  assert.equal(
    deleted.rows,
    [...before.values()].reduce((sum, held) => sum + held, 0),
  )
  for (const [name, held] of await countsOf(tables, doomed)) assert.equal(held, 0, name)
  assert.deepEqual(await countsOf(tables, kept), ofKept)
  const line = await pools.reader.query(
    'select deleted_at is not null as deleted from tenants.tenants where tenant = $1',
    [doomed],
  )
  assert.deepEqual(line.rows, [{ deleted: true }])
})
