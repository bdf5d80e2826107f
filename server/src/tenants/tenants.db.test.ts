import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ClientBase } from 'pg'
import { type TestDatabase, testKeyring, withDatabase } from '../../test/support/postgres.ts'
import { PLATFORM } from '../audit/index.ts'
import { openPools, type Pools, withOwner } from '../database/index.ts'
import type { TenantId } from '../kit/index.ts'
import { createDataKey } from '../vault/index.ts'
import { readKeyText, writeKeyText } from './core/key-text.ts'
import { KEY_RANDOM_BYTES } from './limits.ts'
import { createTenants, type Tenants } from './tenants.ts'

let database: TestDatabase
let pools: Pools
let tenants: Tenants

const asOwner = <Value>(work: (owner: ClientBase) => Promise<Value>): Promise<Value> =>
  withOwner(database.adminUrl, work)

/** Makes tenants over the same database, with a wall clock of the test's own. */
const open = (now: () => number = Date.now): Tenants =>
  createTenants({
    asOwner,
    makeDataKey: (owner, tenant) => createDataKey(owner, testKeyring, tenant),
    plain: pools.plain,
    reader: pools.reader,
    clock: { now },
    actor: PLATFORM('test'),
    findPerson: async () => null,
  })

before(async () => {
  database = await withDatabase()
  pools = openPools(database)
  tenants = open()
  assert.equal(await tenants.ensureFirst(), true)
})

after(async () => {
  await pools.end()
  await database.close()
})

type Answer = { readonly ok: boolean }

const refusal = async (answer: Promise<Answer & { readonly code?: string }>): Promise<string> => {
  const given = await answer
  assert.equal(given.ok, false)
  return given.code ?? ''
}

const made = async <Given extends Answer>(answer: Promise<Given>): Promise<Extract<Given, { ok: true }>> => {
  const given = await answer
  assert.ok(given.ok, JSON.stringify(given))
  return given as Extract<Given, { ok: true }>
}

const rowsOf = async (tenant: TenantId, table: string): Promise<number> => {
  const { rows } = await pools.reader.query(`select count(*)::int as rows from ${table} where tenant = $1`, [
    tenant,
  ])
  return rows[0].rows
}

describe('tenants', () => {
  test('begin with the live one and a sandbox, once', async () => {
    assert.equal(await open().ensureFirst(), false)
    const [live, sandbox] = await tenants.list()
    assert.deepEqual([live?.id, live?.kind, live?.name, live?.timeZone], [1, 'live', 'live', 'UTC'])
    assert.deepEqual([sandbox?.id, sandbox?.kind, sandbox?.name], [2, 'sandbox', 'sandbox'])
  })

  test('have a head row and a data key from the start', async () => {
    const { tenant } = await made(tenants.createSandbox({ name: 'whole', timeZone: 'europe/prague' }))
    assert.equal(tenant.timeZone, 'Europe/Prague')
    assert.equal(await rowsOf(tenant.id, 'database.heads'), 1)
    assert.equal(await rowsOf(tenant.id, 'vault.data_keys'), 1)
    assert.deepEqual(await tenants.find('whole'), tenant)
    assert.deepEqual(await tenants.get(tenant.id), tenant)
    assert.equal(await tenants.find('nobody'), null)
  })

  test('are refused with a bad, reserved or taken name, and with an unknown time zone', async () => {
    assert.equal(await refusal(tenants.createSandbox({ name: 'Big' })), 'sandbox_name_invalid')
    assert.equal(await refusal(tenants.createSandbox({ name: 'live' })), 'sandbox_name_reserved')
    assert.equal(
      await refusal(tenants.createSandbox({ name: 'x', timeZone: 'Mars/Base' })),
      'time_zone_unknown',
    )
    assert.equal(await refusal(tenants.createSandbox({ name: 'sandbox' })), 'sandbox_name_taken')
  })

  test('get different numbers when they are made at the same time', async () => {
    const names = ['race-1', 'race-2', 'race-3', 'race-4']
    const all = await Promise.all(names.map((name) => made(tenants.createSandbox({ name }))))
    assert.equal(new Set(all.map(({ tenant }) => tenant.id)).size, names.length)
    const same = await Promise.all([1, 2, 3].map(() => tenants.createSandbox({ name: 'same' })))
    assert.equal(same.filter(({ ok }) => ok).length, 1)
  })
})

describe('deleting a sandbox', () => {
  test('leaves no row of it in any table, and all rows of the others', async () => {
    const { tenant } = await made(tenants.createSandbox({ name: 'gone' }))
    await made(tenants.createKey({ tenant: 'gone', name: 'a key' }))
    await asOwner(async (owner) => {
      await owner.query('begin')
      await owner.query(`select set_config('evenkeel.tenant', $1, true)`, [String(tenant.id)])
      await owner.query(
        `insert into database.idempotency_keys (tenant, key, digest, created_micros, state) values ($1, 'k', '', 0, 0)`,
        [tenant.id],
      )
      await owner.query(
        `insert into database.events (tenant, sequence, id, type, created_micros, created_day, data)
         values ($1, 1, gen_random_uuid(), 't', 0, '2026-11-22', '{}')`,
        [tenant.id],
      )
      await owner.query(
        `insert into ledger.ledgers (tenant, number, name, currency, created_micros) values ($1, 1, 'x', 'CZK', 0)`,
        [tenant.id],
      )
      await owner.query('commit')
    })
    const { rows: tables } = await pools.reader.query(
      `select attrelid::regclass::text as name from pg_attribute join pg_class on pg_class.oid = attrelid
        where attname = 'tenant' and relkind in ('r', 'p') and not relispartition`,
    )
    assert.ok(tables.length > 10)
    const neighbour = await rowsOf(2 as TenantId, 'database.heads')
    const { rows } = await made(tenants.deleteSandbox('gone'))
    // Beside what was put there: what the key's making recorded, as an entry, head, batch, timer and when it is due.
    assert.equal(rows, 11)
    for (const { name } of tables.filter((table) => table.name !== 'tenants.tenants'))
      assert.equal(await rowsOf(tenant.id, name), 0, name)
    assert.equal(await rowsOf(2 as TenantId, 'database.heads'), neighbour)
    assert.equal(await tenants.find('gone'), null)
  })

  test('frees its name but never its number', async () => {
    const first = await made(tenants.createSandbox({ name: 'again' }))
    await made(tenants.deleteSandbox('again'))
    const second = await made(tenants.createSandbox({ name: 'again' }))
    assert.ok(second.tenant.id > first.tenant.id)
  })

  test('is never possible for live, nor for what is not there', async () => {
    assert.equal(await refusal(tenants.deleteSandbox('live')), 'live_tenant_kept')
    assert.equal(await refusal(tenants.deleteSandbox('nobody')), 'tenant_missing')
    assert.equal(await rowsOf(1 as TenantId, 'database.heads'), 1)
  })

  test('waits for the batch that is being committed', async () => {
    const { tenant } = await made(tenants.createSandbox({ name: 'busy' }))
    const batch = await pools.plain.connect()
    await batch.query('begin')
    await batch.query(`select set_config('evenkeel.tenant', $1, true)`, [String(tenant.id)])
    await batch.query('select from database.heads where tenant = $1 for update', [tenant.id])
    let isDeleted = false
    const deleting = tenants.deleteSandbox('busy').then(() => {
      isDeleted = true
    })
    await new Promise((resolve) => setTimeout(resolve, 150))
    assert.equal(isDeleted, false)
    await batch.query('commit')
    batch.release()
    await deleting
    assert.equal(isDeleted, true)
  })
})

describe('API keys', () => {
  test('authenticate as what they are, and their text is nowhere in the database', async () => {
    const { key, text } = await made(tenants.createKey({ tenant: 'sandbox', name: "Ada's laptop" }))
    assert.match(text, /^sk_test_/)
    assert.equal(text.slice(-4), key.last4)
    assert.deepEqual(readKeyText(text), { kind: 'key', key: { kind: 'secret', mode: 'test', tenant: 2 } })
    assert.deepEqual(await tenants.authenticate(text), {
      tenant: 2,
      mode: 'test',
      keyId: key.id,
      kind: 'secret',
      permissions: 'all',
      person: null,
    })
    const { rows } = await pools.reader.query(
      `select string_agg(k::text, ' ') as all from tenants.api_keys k`,
    )
    assert.ok(!rows[0].all.includes(text.slice(8)))
  })

  test('of the live tenant say so in their text', async () => {
    const { text } = await made(tenants.createKey({ tenant: 'live', name: 'Live' }))
    assert.match(text, /^sk_live_/)
    const principal = await tenants.authenticate(text)
    assert.deepEqual([principal?.tenant, principal?.mode], [1, 'live'])
  })

  test('that are unknown or mistyped open nothing', async () => {
    const { text } = await made(tenants.createKey({ tenant: 'sandbox', name: 'mine' }))
    const chance = new Uint8Array(KEY_RANDOM_BYTES)
    for (const tenant of [1, 2, 2_000_000] as TenantId[]) {
      const unknown = writeKeyText({ kind: 'secret', mode: 'test', tenant }, chance)
      assert.equal(await tenants.authenticate(unknown), null)
    }
    assert.equal(await tenants.authenticate(text.replace('sk_test_2', 'sk_test_1')), null)
    assert.equal(await tenants.authenticate(`${text.slice(0, -1)}~`), null)
  })

  test('stop within a second in every process once they are revoked, and stay revoked', async () => {
    let nowMs = Date.now()
    const [here, there] = [open(() => nowMs), open(() => nowMs)]
    const { key, text } = await made(here.createKey({ tenant: 'sandbox', name: 'short-lived' }))
    assert.ok(await here.authenticate(text))
    assert.ok(await there.authenticate(text))
    const revoked = await made(here.revokeKey(key.id))
    assert.equal(revoked.wasRevoked, false)
    nowMs += 1_000
    assert.equal(await here.authenticate(text), null)
    assert.equal(await there.authenticate(text), null)
    assert.deepEqual(await here.revokeKey(key.id), { ...revoked, wasRevoked: true })
  })

  test('stop when their sandbox is deleted', async () => {
    let nowMs = Date.now()
    const here = open(() => nowMs)
    await made(here.createSandbox({ name: 'doomed' }))
    const { key, text } = await made(here.createKey({ tenant: 'doomed', name: 'key' }))
    assert.ok(await here.authenticate(text))
    await made(here.deleteSandbox('doomed'))
    nowMs += 1_000
    assert.equal(await here.authenticate(text), null)
    assert.equal(await refusal(here.revokeKey(key.id)), 'key_missing')
  })

  test('of restricted kind may do what their list says, and publishable ones nothing secret', async () => {
    const { key, text } = await made(tenants.createKey({ tenant: 'sandbox', name: 'narrow' }))
    const id = key.id.slice('key_'.length)
    const change = (kind: string, permissions: string | null) =>
      asOwner(async (owner) => {
        await owner.query('begin')
        await owner.query(`select set_config('evenkeel.tenant', '2', true)`)
        const sql =
          'update tenants.api_keys set kind = $1, permissions = $2::jsonb where tenant = 2 and id = $3'
        await owner.query(sql, [kind, permissions, id])
        await owner.query('commit')
      })
    await change('restricted', '["ledger.read"]')
    assert.deepEqual((await open().authenticate(text))?.permissions, new Set(['ledger.read']))
    await change('restricted', '{"ledger.write": true}')
    assert.deepEqual((await open().authenticate(text))?.permissions, new Set())
    await change('publishable', null)
    assert.deepEqual((await open().authenticate(text))?.permissions, new Set())
  })

  test('can be made restricted or publishable, and are as narrow as they were made', async () => {
    const permissions = ['ledger.write', 'ledger.read', 'ledger.read']
    const known = new Set(['ledger.read', 'ledger.write'])
    const narrow = { tenant: 'sandbox', name: 'narrow', kind: 'restricted', permissions } as const
    const { key, text } = await made(tenants.createKey(narrow, known))
    assert.match(text, /^rk_test_/)
    assert.deepEqual(key.permissions, ['ledger.read', 'ledger.write'])
    assert.deepEqual((await tenants.authenticate(text))?.permissions, known)
    const shown = await made(tenants.createKey({ tenant: 'sandbox', name: 'shown', kind: 'publishable' }))
    assert.match(shown.text, /^pk_test_/)
    assert.deepEqual((await tenants.authenticate(shown.text))?.permissions, new Set())
  })

  test('that are rolled go on until their overlap is over, and the new one may do the same', async () => {
    let nowMs = Date.now()
    const here = open(() => nowMs)
    const narrow = {
      tenant: 'sandbox',
      name: 'rolled',
      kind: 'restricted',
      permissions: ['ledger.read'],
    } as const
    const old = await made(here.createKey(narrow))
    const rolled = await made(here.rollKey(old.key.id, 60_000))
    assert.deepEqual(
      [rolled.key.kind, rolled.key.name, rolled.key.permissions, rolled.key.tenant],
      ['restricted', 'rolled', ['ledger.read'], old.key.tenant],
    )
    assert.equal(rolled.old.replacedBy, rolled.key.id)
    for (const { text } of [old, rolled]) assert.ok(await here.authenticate(text))
    assert.equal(await refusal(here.rollKey(old.key.id, 0)), 'key_ended')
    nowMs += 60_000
    assert.equal(await here.authenticate(old.text), null)
    assert.ok(await here.authenticate(rolled.text))
    const both = await Promise.all([1, 2].map(() => here.rollKey(rolled.key.id, 1_000)))
    assert.deepEqual(both.map(({ ok }) => ok).toSorted(), [false, true], 'one of two who roll makes a key')
  })

  test('know when they were last used, once that is written down', async () => {
    const here = open()
    const { key, text } = await made(here.createKey({ tenant: 'sandbox', name: 'used' }))
    const lastUsed = async () => (await here.listKeys('sandbox')).find(({ id }) => id === key.id)?.lastUsedMs
    await here.authenticate(text)
    await here.authenticate(text)
    assert.equal(await lastUsed(), null)
    await here.recordUses()
    const usedMs = (await lastUsed()) ?? 0
    assert.ok(Math.abs(Date.now() - usedMs) < 60_000)
    await here.recordUses()
    assert.equal(await lastUsed(), usedMs, 'nobody used it since')
  })

  test('are listed newest first, for one tenant or for all', async () => {
    await made(tenants.createSandbox({ name: 'listed' }))
    for (const name of ['one', 'two']) await made(tenants.createKey({ tenant: 'listed', name }))
    const keys = await tenants.listKeys('listed')
    assert.deepEqual(
      keys.map(({ name, tenantName, mode, revokedMs }) => [name, tenantName, mode, revokedMs]),
      [
        ['two', 'listed', 'test', null],
        ['one', 'listed', 'test', null],
      ],
    )
    assert.ok((await tenants.listKeys(null)).length > keys.length)
  })

  test('are refused for an unknown tenant, a bad name, and of a kind that is not offered', async () => {
    assert.equal(await refusal(tenants.createKey({ tenant: 'nobody', name: 'x' })), 'tenant_missing')
    assert.equal(await refusal(tenants.createKey({ tenant: 'sandbox', name: 'a\nb' })), 'key_name_invalid')
    const restricted = { tenant: 'sandbox', name: 'x', kind: 'restricted' } as const
    assert.equal(await refusal(tenants.createKey(restricted)), 'key_permissions_missing')
    const wrong = { ...restricted, permissions: ['money.print'] }
    assert.equal(await refusal(tenants.createKey(wrong, new Set(['ledger.read']))), 'key_permission_unknown')
    const secret = { ...wrong, kind: 'secret' } as const
    assert.equal(await refusal(tenants.createKey(secret)), 'key_permissions_not_taken')
    assert.equal(
      await refusal(tenants.createKey({ tenant: 'sandbox', name: 'x', expiresMs: 1 })),
      'key_expiry_past',
    )
    assert.equal(await refusal(tenants.rollKey('key_none', 0)), 'key_missing')
    assert.equal(await refusal(tenants.rollKey('key_none', -1)), 'key_overlap_invalid')
    assert.equal(await refusal(tenants.revokeKey('key_nonsense')), 'key_missing')
  })

  test('have a limit per tenant, and revoked ones do not count', async () => {
    await made(tenants.createSandbox({ name: 'full' }))
    let last = ''
    for (let i = 0; i < 100; i++)
      last = (await made(tenants.createKey({ tenant: 'full', name: `key ${i}` }))).key.id
    assert.equal(await refusal(tenants.createKey({ tenant: 'full', name: 'one more' })), 'keys_too_many')
    await made(tenants.revokeKey(last))
    await made(tenants.createKey({ tenant: 'full', name: 'one more' }))
  })
})
