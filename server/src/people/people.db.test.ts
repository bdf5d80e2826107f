import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type TestDatabase, testKeyring, withDatabase } from '../../test/support/postgres.ts'
import { OPERATOR } from '../audit/index.ts'
import { connectionsOf, createRead, openPools, type Pools, withOwner } from '../database/index.ts'
import { type AsOwner, createTenants, inTransaction, personKeysOf, type Tenants } from '../tenants/index.ts'
import { createDataKey } from '../vault/index.ts'
import { createPeople, findPersonOver, type People } from './index.ts'

let database: TestDatabase
let pools: Pools
let tenants: Tenants
let people: People
/** Another process, with a memory of its own. */
let elsewhere: Tenants

before(async () => {
  database = await withDatabase()
  pools = openPools(database)
  const asOwner: AsOwner = (work) => withOwner(database.adminUrl, work)
  const read = createRead(connectionsOf(pools.hot))
  const actor = OPERATOR('ada')
  const clock = { now: Date.now }
  const open = () =>
    createTenants({
      asOwner,
      makeDataKey: (owner, tenant) => createDataKey(owner, testKeyring, tenant),
      plain: pools.plain,
      reader: pools.reader,
      clock,
      actor,
      findPerson: findPersonOver(read),
    })
  tenants = open()
  elsewhere = open()
  people = createPeople({
    inTransaction: (work) => inTransaction(asOwner, work),
    keys: personKeysOf(actor),
    tenants: tenants.list,
    read,
    reader: pools.reader,
    clock,
    actor,
  })
  await tenants.ensureFirst()
})

after(async () => {
  await pools.end()
  await database.close()
})

type Answer = { readonly ok: boolean }

const made = async <Given extends Answer>(answer: Promise<Given>): Promise<Extract<Given, { ok: true }>> => {
  const given = await answer
  assert.ok(given.ok, JSON.stringify(given))
  return given as Extract<Given, { ok: true }>
}

const codeOf = async (answer: Promise<Answer & { readonly code?: string }>): Promise<string | null> =>
  (await answer).code ?? null

const add = (name: string, role = 'business', tenant = 'sandbox') => people.add({ tenant, name, role })

/** What the log of the first sandbox says of a subject, oldest first. */
const logOf = async (subject: string): Promise<readonly (readonly [action: string, content: string])[]> => {
  const { rows } = await pools.reader.query<{ action: string; content: string }>(
    'select action, content from audit.entries where tenant = 2 and subject = $1 order by position',
    [subject],
  )
  return rows.map(({ action, content }) => [action, content])
}

describe('a person', () => {
  test('is made with a key that says who it is, and both are in the log', async () => {
    const { person, text, keyId } = await made(add(' Ada Lovelace ', 'technology'))
    assert.match(text, /^uk_test_/)
    assert.deepEqual([person.name, person.role, person.tenantName], ['Ada Lovelace', 'technology', 'sandbox'])
    const principal = await tenants.authenticate(text)
    assert.equal(principal?.kind, 'person')
    assert.equal(principal?.keyId, keyId)
    const { id, name, role, createdMs } = person
    assert.deepEqual(principal?.person, { id, name, role, createdMs })
    assert.ok(Math.abs(Date.now() - createdMs) < 60_000)
    const [[action, content] = ['', '']] = await logOf(person.id)
    assert.equal(action, 'person.added')
    assert.deepEqual(JSON.parse(content).after, { name, role, key: keyId })
    assert.deepEqual(JSON.parse(content).actor, { kind: 'operator', id: 'ada', name: null, role: null })
    assert.deepEqual((await logOf(keyId))[0]?.[0], 'key.created')
    const [listed] = (await tenants.listKeys('sandbox')).filter((key) => key.id === keyId)
    assert.equal(listed?.person, person.id)
  })

  test('is one record, however the name is written', async () => {
    await made(add('Grace Hopper'))
    for (const name of ['Grace Hopper', 'grace hopper', '  Grace   HOPPER ', 'Ｇrace Hopper'])
      assert.equal(await codeOf(add(name)), 'person_exists', name)
    await made(add('Grace Hopper', 'business', 'live'))
  })

  test('is made once by two who make one at the same time', async () => {
    const codes = await Promise.all(Array.from({ length: 6 }, () => codeOf(add('Raced'))))
    assert.deepEqual(codes.toSorted(), [null, ...Array(5).fill('person_exists')].toSorted())
  })

  test('needs a name, a role and a tenant that are some', async () => {
    assert.equal(await codeOf(add('  ')), 'person_name_invalid')
    assert.equal(await codeOf(add('two\nlines')), 'person_name_invalid')
    assert.equal(await codeOf(add('Eve', 'king')), 'person_role_unknown')
    assert.equal(await codeOf(add('Eve', 'viewer', 'nowhere')), 'person_tenant_missing')
    assert.equal(await codeOf(people.remove('person_1')), 'person_missing')
    assert.equal((await people.list('nowhere')).length, 0)
  })

  test('that is removed stops within a second in every process, keeps the record, and does not come back', async () => {
    const { person, text, keyId } = await made(add('Linus'))
    assert.ok(await tenants.authenticate(text))
    assert.ok(await elsewhere.authenticate(text))
    const { wasRemoved } = await made(people.remove(person.id))
    assert.equal(wasRemoved, false)
    const endMs = Date.now() + 1_000
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, endMs - Date.now()) + 50))
    assert.equal(await tenants.authenticate(text), null)
    assert.equal(await elsewhere.authenticate(text), null)
    assert.equal((await made(people.remove(person.id))).wasRemoved, true)
    assert.equal(await codeOf(people.renewKey(person.id)), 'person_removed')
    const listed = (await people.list('sandbox')).find(({ id }) => id === person.id)
    assert.ok(listed !== undefined && listed.removedMs !== null)
    assert.deepEqual(
      (await logOf(person.id)).map(([action]) => action),
      ['person.added', 'person.removed'],
    )
    assert.deepEqual(
      (await logOf(keyId)).map(([action]) => action),
      ['key.created', 'key.revoked'],
    )
    await made(add('Linus'))
  })

  test('gets a new key, and the old one ends', async () => {
    const { person, text } = await made(add('Barbara'))
    const renewed = await made(people.renewKey(person.id))
    assert.notEqual(renewed.text, text)
    assert.equal((await elsewhere.authenticate(renewed.text))?.person?.id, person.id)
    assert.equal(await elsewhere.authenticate(text), null)
    assert.equal(await codeOf(tenants.rollKey(renewed.keyId, 0)), 'key_of_person')
  })

  test('cannot be made, changed or given a key by the app’s role', async () => {
    const client = await pools.plain.connect()
    try {
      for (const sql of [
        `insert into people.people select tenant, gen_random_uuid(), 1, 'x', false, body from people.people limit 1`,
        `update people.people set body = '{}'`,
        'delete from people.people',
        `insert into tenants.api_keys select * from tenants.api_keys limit 1`,
        `update tenants.api_keys set revoked_at = null`,
      ]) {
        await client.query('begin')
        await client.query(`select set_config('evenkeel.tenant', '2', true)`)
        await assert.rejects(client.query(sql), /permission denied/, sql)
        await client.query('rollback')
      }
    } finally {
      client.release()
    }
  })
})

describe('the log of keys and sandboxes', () => {
  test('has each act on a key once, in the transaction that does it', async () => {
    const created = await made(tenants.createKey({ tenant: 'sandbox', name: 'shop' }))
    const rolled = await made(tenants.rollKey(created.key.id, 60_000))
    await Promise.all([1, 2, 3].map(() => made(tenants.revokeKey(rolled.key.id))))
    const actions = async (id: string) => (await logOf(id)).map(([action]) => action)
    assert.deepEqual(await actions(created.key.id), ['key.created', 'key.rolled'])
    assert.deepEqual(await actions(rolled.key.id), ['key.created', 'key.revoked'])
    for (const [, content] of await logOf(created.key.id)) assert.ok(!content.includes(created.text))
  })

  test('of a sandbox that is deleted says in the live one where it ended', async () => {
    const { tenant } = await made(tenants.createSandbox({ name: 'gone' }))
    await made(tenants.createKey({ tenant: 'gone', name: 'one' }))
    const head = await pools.reader.query('select position, hash from audit.heads where tenant = $1', [
      tenant.id,
    ])
    await made(tenants.deleteSandbox('gone'))
    const { rows } = await pools.reader.query<{ action: string; content: string }>(
      `select action, content from audit.entries where tenant = 1 and subject = 'gone' order by position`,
    )
    assert.deepEqual(
      rows.map(({ action }) => action),
      ['sandbox.created', 'sandbox.deleted'],
    )
    assert.deepEqual(JSON.parse(rows[1]?.content ?? '').before, {
      tenant: tenant.id,
      position: Number(head.rows[0].position),
      hash: head.rows[0].hash,
    })
  })
})
