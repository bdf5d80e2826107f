import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { withClient } from '../../src/database/index.ts'
import type { TenantId } from '../../src/kit/index.ts'
import { openPotsDatabase, type PotsDatabase } from '../support/pots-database.ts'
import { as, attempt, fillEverything, hidesTenants, listTables, type TenantTable } from './stranger.ts'

/** A tenant's rows, and a stranger who tries to get at them with the app's own role. */
let world: PotsDatabase
let victim: TenantId
let stranger: TenantId
let tables: readonly TenantTable[]

/** Tables with a tenant in them that all tenants share on purpose. */
const SHARED = ['database.due', 'events.listening', 'rails.due', 'tenants.tenants']

before(async () => {
  world = await openPotsDatabase()
  victim = await world.addTenant()
  stranger = await world.addTenant()
  await fillEverything(world, victim)
  tables = (await listTables(world)).filter(
    ({ name, columns }) => columns.includes('tenant') && !SHARED.includes(name),
  )
})
after(() => world.close())

const NO_RIGHT = '42501'

/** One of the victim's rows, as JSON. */
const rowOf = async (table: string): Promise<string> => {
  const { rows } = await withClient(world.database.adminUrl, (client) =>
    client.query<{ row: string }>(
      `select to_jsonb(t)::text as row from ${table} t where tenant = $1 limit 1`,
      [victim],
    ),
  )
  assert.ok(rows[0], `the victim has a row in ${table}: fill it in stranger.ts`)
  return rows[0].row
}

/** What only the owner writes: the app has no right to add to them, not even its own. */
const OWNERS_ALONE = ['database.heads', 'people.people', 'tenants.api_keys']

describe('a stranger with the app’s role', () => {
  test('meets row-level security on every table that holds a tenant’s rows', async () => {
    assert.ok(tables.length >= 14, `${tables.length} tables`)
    for (const { name } of tables) assert.equal(await hidesTenants(world, name), true, name)
  })

  test('sees no row of another tenant, in any table', async () => {
    for (const { name } of tables) await rowOf(name)
    await as(world.database.appUrl, stranger, async (client) => {
      for (const { name } of tables) {
        assert.equal(await attempt(client, `select from ${name} where tenant = $1`, [victim]), 0, name)
        assert.equal(await attempt(client, `select from ${name} where tenant <> $1`, [stranger]), 0, name)
      }
    })
  })

  test('can change and remove no row of another tenant: either none is found, or the right is missing', async () => {
    await as(world.database.appUrl, stranger, async (client) => {
      for (const { name, columns } of tables) {
        for (const column of columns) {
          const got = await attempt(client, `update ${name} set ${column} = ${column} where tenant = $1`, [
            victim,
          ])
          assert.ok(got === 0 || got === NO_RIGHT, `update ${name}.${column}: ${got}`)
        }
        const removed = await attempt(client, `delete from ${name} where tenant = $1`, [victim])
        assert.ok(removed === 0 || removed === NO_RIGHT, `delete from ${name}: ${removed}`)
        assert.equal(await attempt(client, `truncate ${name}`), NO_RIGHT, name)
      }
    })
  })

  test('can add no row to another tenant, not even one of the tenant’s own', async () => {
    for (const { name } of tables) {
      const row = await rowOf(name)
      await as(world.database.appUrl, stranger, async (client) => {
        const sql = `insert into ${name} select * from jsonb_populate_record(null::${name}, $1::jsonb)`
        assert.equal(await attempt(client, sql, [row]), NO_RIGHT, name)
        const taken = JSON.stringify({ ...JSON.parse(row), tenant: stranger })
        const own = await attempt(client, sql, [taken])
        assert.ok(
          own !== NO_RIGHT || OWNERS_ALONE.includes(name),
          `with its own number it may, so the test means something: ${name}`,
        )
      })
    }
  })

  test('can hand over no row: the tenant of a row cannot be changed', async () => {
    await fillEverything(world, stranger)
    await as(world.database.appUrl, stranger, async (client) => {
      for (const { name } of tables) {
        assert.equal(await attempt(client, `update ${name} set tenant = $1`, [victim]), NO_RIGHT, name)
      }
    })
  })

  test('without a tenant gets an error from every table, before and after having had one', async () => {
    await as(world.database.appUrl, null, async (client) => {
      for (const { name } of tables) assert.equal(await attempt(client, `select from ${name}`), '42704', name)
    })
    await withClient(world.database.appUrl, async (client) => {
      await client.query('begin')
      await client.query(`select set_config('evenkeel.tenant', $1, true)`, [String(stranger)])
      await client.query('commit')
      await client.query('begin')
      for (const { name } of tables) assert.equal(await attempt(client, `select from ${name}`), '22P02', name)
      await client.query('rollback')
    })
  })

  test('cannot become another role, switch the rules off, or go round them by a partition', async () => {
    const partitions = `select inhrelid::regclass::text from pg_inherits i join pg_class c on c.oid = i.inhparent where c.relkind = 'p'`
    const found = await withClient(world.database.adminUrl, (client) =>
      client.query<unknown[]>({ text: partitions, rowMode: 'array' }),
    )
    assert.ok(found.rows.length > 2)
    await as(world.database.appUrl, stranger, async (client) => {
      for (const role of ['evenkeel_owner', 'evenkeel_reader', 'postgres', 'evenkeel_admin']) {
        const got = await attempt(client, `set role ${role}`)
        assert.ok(got === NO_RIGHT || got === '22023', `set role ${role}: ${got}`)
      }
      for (const { name } of tables) {
        assert.equal(await attempt(client, `alter table ${name} disable row level security`), NO_RIGHT, name)
        assert.equal(await attempt(client, `alter table ${name} no force row level security`), NO_RIGHT, name)
        assert.equal(await attempt(client, `drop policy own_tenant on ${name}`), NO_RIGHT, name)
      }
      await client.query('set local row_security = off')
      for (const { name } of tables)
        assert.equal(await attempt(client, `select from ${name}`), NO_RIGHT, name)
      for (const [partition] of found.rows)
        assert.equal(await attempt(client, `select from ${partition}`), NO_RIGHT, `${partition}`)
    })
  })
})
