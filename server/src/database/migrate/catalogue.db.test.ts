import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestDatabase, withDatabase } from '../../../test/support/postgres.ts'
import { withClient } from '../connect/owner.ts'

// Reads whatever tables there are, so that every later migration is held to the same rules.

/** Tables of the machinery that hold no tenant's rows, each with its reason. */
const WITHOUT_TENANT = new Map([
  ['database.migrations', 'which files of SQL have run'],
  ['database.schema_floor', 'which releases may run'],
  ['database.due', 'the list of tenants with due work; led by tenant, read across them'],
  ['rails.due', 'the list of tenants to whom the sandbox acquirer has something to tell'],
  ['events.listening', 'the list of tenants with webhooks; led by tenant, read across them'],
  ['tenants.tenants', 'the list of tenants itself'],
  ['vault.master_key', 'one mark for the whole installation'],
  ['vault.secrets', 'keys of the whole installation'],
  ['vault.servers', 'which processes know which master key, while it is being replaced'],
])

/** What happened stays: the app may add rows here, and neither change nor remove one. */
const IMMUTABLE = [
  'database.events',
  'database.idempotency_answers',
  'database.migrations',
  'events.attempts',
  'ledger.transfers',
  'ledger.failed_transfers',
  'tenants.tenants',
  'vault.data_keys',
  'vault.master_key',
  'vault.secrets',
]

/** The only functions of ours that the app may call. */
const APP_FUNCTIONS = ['database.expect(bigint,bigint)']

/** The only tables from which the app removes rows. */
const DELETABLE = ['database.batches', 'database.due', 'database.timers']

let database: TestDatabase
before(async () => {
  database = await withDatabase()
})
after(() => database.close())

const ask = async <Row>(statement: string): Promise<readonly Row[]> =>
  (await withClient(database.adminUrl, (client) => client.query(statement))).rows as readonly Row[]

const OURS = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg\\_%'`

type Table = {
  readonly name: string
  readonly partition: boolean
  readonly secured: boolean
  readonly forced: boolean
  readonly owner: string
}

const TABLES = `
select n.nspname || '.' || c.relname as name, c.relispartition as partition, c.relrowsecurity as secured,
       c.relforcerowsecurity as forced, c.relowner::regrole::text as owner
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p') and ${OURS} order by 1`

const tables = async (): Promise<readonly Table[]> => {
  const found = await ask<Table>(TABLES)
  assert.ok(found.length > 10, 'the walk sees the tables')
  return found
}

const tenantTables = async (): Promise<readonly Table[]> =>
  (await tables()).filter(({ name, partition }) => !partition && !WITHOUT_TENANT.has(name))

test('every table that is not excepted by name has a tenant, which is never null', async () => {
  const having = await ask<{ name: string }>(
    `select n.nspname || '.' || c.relname as name from pg_attribute a
       join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where a.attname = 'tenant' and a.attnotnull and a.atttypid = 'integer'::regtype`,
  )
  const names = new Set(having.map(({ name }) => name))
  for (const { name } of await tenantTables()) assert.ok(names.has(name), name)
  for (const name of WITHOUT_TENANT.keys())
    assert.ok(
      (await tables()).some((table) => table.name === name),
      name,
    )
})

test('the tenant leads every primary key, unique index and foreign key', async () => {
  const indexes = await ask<{ name: string; table: string; leads: boolean }>(
    `select i.indexrelid::regclass::text as name, n.nspname || '.' || c.relname as table, a.attname = 'tenant' as leads
       from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
       left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where (i.indisunique or i.indisprimary) and ${OURS}`,
  )
  const keys = await ask<{ name: string; table: string; leads: boolean }>(
    `select k.conname as name, n.nspname || '.' || c.relname as table,
            a.attname = 'tenant' and b.attname = 'tenant' as leads
       from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
       join pg_attribute b on b.attrelid = k.confrelid and b.attnum = k.confkey[1]
      where k.contype = 'f' and ${OURS}`,
  )
  const excepted = [
    'database.migrations',
    'database.schema_floor',
    'vault.master_key',
    'vault.secrets',
    'vault.servers',
  ]
  const led = indexes.filter(({ table }) => !excepted.includes(table))
  assert.ok(led.length > 10, 'the walk sees the indexes')
  for (const { name, table, leads } of [...led, ...keys]) assert.equal(leads, true, `${name} of ${table}`)
})

test('every tenant’s table has a primary key', async () => {
  const without = await ask<{ name: string }>(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and ${OURS}
        and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`,
  )
  assert.deepEqual(without, [])
})

test('row-level security is on and forced, with one policy for the app and one for the reader', async () => {
  const policies = await ask<{
    name: string
    roles: string[]
    cmd: string
    using: string
    check: string | null
  }>(
    `select schemaname || '.' || tablename as name, roles::text[] as roles, cmd, qual as using, with_check as check
       from pg_policies where permissive = 'PERMISSIVE'`,
  )
  const own =
    /^\(tenant = \( SELECT \(current_setting\('evenkeel\.tenant'::text\)\)::integer AS current_setting\)\)$/
  for (const { name, secured, forced } of await tenantTables()) {
    assert.deepEqual([secured, forced], [true, true], name)
    const mine = policies.filter((policy) => policy.name === name)
    assert.equal(mine.length, 2, `${name} has two policies`)
    const app = mine.find(({ roles }) => roles.join() === 'evenkeel_app')
    const reader = mine.find(({ roles }) => roles.join() === 'evenkeel_reader')
    assert.equal(app?.cmd, 'ALL', name)
    assert.match(app?.using ?? '', own, name)
    assert.match(app?.check ?? '', own, name)
    assert.deepEqual([reader?.cmd, reader?.using], ['SELECT', 'true'], name)
  }
})

test('the owner owns every table, and the app and the reader own nothing at all', async () => {
  for (const { name, owner } of await tables()) assert.equal(owner, 'evenkeel_owner', name)
  const owned = await ask(
    `select classid::regclass::text as kind, objid from pg_shdepend
      where refobjid in ('evenkeel_app'::regrole, 'evenkeel_reader'::regrole) and deptype = 'o'`,
  )
  assert.deepEqual(owned, [])
})

type Grant = {
  readonly name: string
  readonly role: string
  readonly right: string
  readonly partition: boolean
}

const GRANTS = `
select n.nspname || '.' || c.relname as name, r.rolname as role, p.right, c.relispartition as partition
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 cross join (values ('evenkeel_app'), ('evenkeel_reader')) r (rolname)
 cross join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('TRIGGER'), ('REFERENCES')) p ("right")
 where c.relkind in ('r', 'p') and ${OURS}
   and (has_table_privilege(r.rolname, c.oid, p.right)
        or (p.right in ('INSERT', 'UPDATE', 'REFERENCES') and has_any_column_privilege(r.rolname, c.oid, p.right)))`

test('the app changes nothing that is immutable, and removes only what is machinery', async () => {
  const app = (await ask<Grant>(GRANTS)).filter(({ role }) => role === 'evenkeel_app')
  assert.ok(
    app.some(({ name, right }) => name === 'database.heads' && right === 'UPDATE'),
    'the walk sees grants',
  )
  const having = (rights: readonly string[]): string[] =>
    app.filter(({ right }) => rights.includes(right)).map(({ name }) => name)
  for (const name of IMMUTABLE) {
    assert.equal(having(['UPDATE', 'DELETE']).includes(name), false, name)
  }
  assert.deepEqual([...new Set(having(['DELETE']))].toSorted(), DELETABLE)
  assert.deepEqual(having(['TRUNCATE', 'TRIGGER', 'REFERENCES']), [])
})

test('the tenant of a row can never be updated', async () => {
  const open = await ask(
    `select n.nspname || '.' || c.relname as name from pg_attribute a
       join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where a.attname = 'tenant' and c.relkind in ('r', 'p') and ${OURS}
        and has_column_privilege('evenkeel_app', c.oid, a.attnum, 'UPDATE')`,
  )
  assert.deepEqual(open, [])
})

test('the reader reads every table and nothing else', async () => {
  const grants = (await ask<Grant>(GRANTS)).filter(({ role }) => role === 'evenkeel_reader')
  assert.deepEqual([...new Set(grants.map(({ right }) => right))], ['SELECT'])
  const readable = new Set(grants.map(({ name }) => name))
  for (const { name, partition } of await tables()) if (!partition) assert.ok(readable.has(name), name)
})

test('a partition is reached through its table only, where the policies are', async () => {
  const partitions = (await tables()).filter(({ partition }) => partition)
  assert.notEqual(partitions.length, 0)
  const direct = (await ask<Grant>(GRANTS)).filter(({ partition }) => partition)
  assert.deepEqual(direct, [])
})

test('nothing is shared by tenants: no trigger, no sequence', async () => {
  const shared = await ask<{ name: string }>(
    `select tgname as name from pg_trigger where not tgisinternal
     union all
     select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'S' and ${OURS}`,
  )
  assert.deepEqual(shared, [])
})

test('nobody else has any right in our schemas', async () => {
  const open = await ask(
    `select n.nspname as name from pg_namespace n, aclexplode(n.nspacl) g
      where ${OURS} and n.nspname <> 'public'
        and g.grantee not in ('evenkeel_owner'::regrole, 'evenkeel_app'::regrole, 'evenkeel_reader'::regrole)`,
  )
  assert.deepEqual(open, [])
  const functions = await ask<{ name: string }>(
    `select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where ${OURS} and has_function_privilege('evenkeel_app', p.oid, 'EXECUTE')`,
  )
  assert.deepEqual(
    functions.map(({ name }) => name),
    APP_FUNCTIONS,
  )
})
