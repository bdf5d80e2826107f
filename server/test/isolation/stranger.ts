import type { Client } from 'pg'
import { emit, setTimer, type Unit, withClient, withOwner } from '../../src/database/index.ts'
import { newUuid, type TenantId } from '../../src/kit/index.ts'
import { createAccountsUnit, createTransfersUnit, type Request, writeLedger } from '../../src/ledger/index.ts'
import { account, id, transfer } from '../support/commands.ts'
import { add } from '../support/pots.ts'
import type { PotsDatabase } from '../support/pots-database.ts'

/** A tenant that has at least one row in every table that holds a tenant's rows. */

const request = (tenant: TenantId): Request<unknown> => ({
  tenant,
  bytes: 0,
  deadlineMs: Number.MAX_SAFE_INTEGER,
  claim: null,
  reply: () => ({ status: 200, body: '{}', objectId: null, code: null }),
})

/** A pot, an event, a timer, and an idempotency key with its answer. */
const everythingOfTheCommit = (world: PotsDatabase, tenant: TenantId): Unit<bigint> => {
  const unit = add(world.pots, 'pot', 1n, { tenant })
  return {
    ...unit,
    claim: { scope: '', key: 'key', digest: Buffer.alloc(32), phase: 'whole', worker: null },
    decide: (draft) => {
      emit(draft, { type: 'pot.filled', data: {}, requestId: null, idempotencyKey: null })
      setTimer(draft, { kind: 'pot', subject: newUuid(1), dueMicros: draft.now + 3_600_000_000n })
      return unit.decide(draft)
    },
  }
}

const OWNERS_ROWS = [
  `insert into clock.clocks (tenant, id, created_micros, held, body) values ($1, gen_random_uuid(), 1, true, '{}')`,
  'insert into clock.hands (tenant) values ($1)',
  `insert into tenants.api_keys (tenant, id, kind, hash, last4, name)
     values ($1, gen_random_uuid(), 'secret', sha256('key'), 'abcd', 'test')`,
  `insert into vault.data_keys (tenant, version, wrapped) values ($1, 1, 'wrapped')`,
  `insert into rails.orders (tenant, reference, kind, amount, currency, is_captured, status, outcome, created_micros)
     values ($1, 'order', 'authorise', 1, 'EUR', true, 'succeeded', '{}', 1)`,
  `insert into rails.authentications (tenant, id, reference, token, amount, currency, status, created_micros)
     values ($1, 'authentication', 'order', 'token', 1, 'EUR', 'open', 1)`,
  `insert into rails.disputes (tenant, id, "of", amount, currency, reason, state, evidence_due_micros)
     values ($1, 'dispute', 'order', 1, 'EUR', 'fraudulent', 'opened', 1)`,
  `insert into rails.notifications (tenant, id, subject, kind, body, due_micros, position)
     values ($1, 'notification', 'order', 'order', '{}', 1, 0)`,
  'insert into rails.acquirers (tenant) values ($1)',
  `insert into audit.entries (tenant, position, id, created_micros, action, subject, previous_hash, hash, content)
     values ($1, 1, gen_random_uuid(), 1, 'a', 'b', repeat('0', 64), repeat('1', 64), '{}')`,
  `insert into ledger.closings (tenant, number, id, through, created_micros, form)
     values ($1, 1, gen_random_uuid(), '2000-01-01', 1, 1)`,
  `insert into audit.heads (tenant, position, hash) values ($1, 1, repeat('1', 64))`,
]

/** The columns that a row must give, of tables in which the tenant has none yet: a value of each type will do. */
const BARE_ROWS = `
select n.nspname || '.' || c.relname as name, array_agg(a.attname::text order by a.attnum) as columns,
       array_agg(case when c.relname like 'setup%' and a.attname = 'status' then '''succeeded''' else
                 case format_type(a.atttypid, null)
                   when 'uuid' then 'gen_random_uuid()' when 'text' then '''text''' when 'jsonb' then '''{}'''
                   when 'bytea' then '''bytes''' when 'boolean' then 'false' when 'date' then 'current_date'
                   else '1' end end order by a.attnum) as values
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   and a.attname <> 'tenant' and a.attnotnull and not a.atthasdef
 where c.relkind in ('r', 'p') and not c.relispartition and c.relrowsecurity
   and n.nspname in ('customers', 'events', 'exposure', 'launches', 'payments', 'people', 'routing')
 group by 1`

type BareRow = {
  readonly name: string
  readonly columns: readonly string[]
  readonly values: readonly string[]
}

const fillBareRows = async (world: PotsDatabase, tenant: TenantId): Promise<void> => {
  const { rows } = await withClient(world.database.adminUrl, (client) => client.query<BareRow>(BARE_ROWS))
  for (const { name, columns, values } of rows)
    await world.asOwner(
      tenant,
      `insert into ${name} (tenant, ${columns.join()}) values ($1, ${values.join()})`,
      [tenant],
    )
}

export const fillEverything = async (world: PotsDatabase, tenant: TenantId): Promise<void> => {
  const commit = world.commit({ writers: [world.pots.write, writeLedger] })
  await commit.submit(everythingOfTheCommit(world, tenant))
  await commit.submit(
    createAccountsUnit(request(tenant), [account({ id: id(1), currency: 'EUR' }), account({ id: id(2) })]),
  )
  await commit.submit(
    createTransfersUnit(request(tenant), [
      transfer({ id: id(10) }),
      transfer({ id: id(11), flags: ['pending'], timeoutS: 3_600 }),
      transfer({ id: id(12), bookDay: 10_000 }),
      transfer({ id: id(13), debit: id(99) }),
    ]),
  )
  for (const sql of OWNERS_ROWS) await world.asOwner(tenant, sql, [tenant])
  await fillBareRows(world, tenant)
}

export type TenantTable = { readonly name: string; readonly columns: readonly string[] }

const TABLES = `
select n.nspname || '.' || c.relname as name,
       (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p') and not c.relispartition
   and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg\\_%'
 order by 1`

/** Every table of ours, from the catalogue: one that a later migration makes is tried as well. */
export const listTables = (world: PotsDatabase): Promise<readonly TenantTable[]> =>
  withClient(world.database.adminUrl, async (client) => (await client.query<TenantTable>(TABLES)).rows)

/** The catalogue's own word for "these rows are each of one tenant, and the others' are hidden". */
export const hidesTenants = async (world: PotsDatabase, table: string): Promise<boolean> =>
  withOwner(world.database.adminUrl, async (owner) => {
    const { rows } = await owner.query<{ hides: boolean }>(
      'select relrowsecurity and relforcerowsecurity as hides from pg_class where oid = $1::regclass',
      [table],
    )
    return rows[0]?.hides === true
  })

/** The SQLSTATE of the refusal, or how many rows the statement returned or touched. What it did is taken back. */
export const attempt = async (
  client: Client,
  sql: string,
  values: readonly unknown[] = [],
): Promise<string | number> => {
  await client.query('savepoint attempt')
  try {
    const { rowCount } = await client.query(sql, [...values])
    return rowCount ?? 0
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  } finally {
    await client.query('rollback to attempt')
  }
}

/** A session of a role, with a tenant set or with none. */
export const as = (
  url: string,
  tenant: TenantId | null,
  work: (client: Client) => Promise<void>,
): Promise<void> =>
  withClient(url, async (client) => {
    await client.query('begin')
    if (tenant !== null)
      await client.query(`select set_config('evenkeel.tenant', $1, true)`, [String(tenant)])
    await work(client)
    await client.query('rollback')
  })
