import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { TenantId } from '../../src/kit/index.ts'
import { openPotsDatabase, type PotsDatabase } from '../support/pots-database.ts'
import { as, attempt, fillEverything, listTables, type TenantTable } from './stranger.ts'

/** What the app's role may do to its own tenant's rows, tried on every column of every table there is. */
let world: PotsDatabase
let tenant: TenantId
let tables: readonly TenantTable[]
before(async () => {
  world = await openPotsDatabase()
  tenant = await world.addTenant()
  await fillEverything(world, tenant)
  tables = (await listTables(world)).filter(({ name }) => name !== 'pots.pots')
})
after(() => world.close())

const NO_RIGHT = '42501'

/** All that may ever change of a row. Whatever is not listed here is refused by the database itself. */
const CHANGEABLE: Readonly<Record<string, readonly string[]>> = {
  'audit.heads': ['hash', 'position'],
  'routing.tables': ['rules', 'updated_micros', 'version'],
  'exposure.counters': ['day', 'reserved_in_stage', 'reserved_today'],
  'exposure.controls': ['body', 'version'],
  'launches.service_slots': ['bad', 'good'],
  'launches.service_levels': ['body'],
  'launches.ticks': ['body', 'sequence'],
  'launches.watches': ['body'],
  'launches.premortems': ['body'],
  'launches.launches': ['body', 'status'],
  'clock.clocks': ['body', 'held'],
  'clock.hands': ['clock', 'leader', 'lease_until_ms'],
  'customers.customers': ['email', 'deleted', 'body'],
  'customers.payment_methods': ['customer', 'allow_redisplay', 'body'],
  'customers.tokens': ['body'],
  'customers.setup_intents': ['customer', 'payment_method', 'status', 'body'],
  'customers.setup_attempts': ['authentication', 'body'],
  'database.due': ['due_ms'],
  'database.heads': [
    'newest_micros',
    'account_micros',
    'transfer_micros',
    'transfer_sequence',
    'event_sequence',
    'batch',
    'clock_offset_micros',
    'clock_frozen_micros',
    'clock_advancing',
    'controls_version',
  ],
  'database.idempotency_keys': [
    'state',
    'status',
    'code',
    'object_id',
    'step',
    'worker',
    'lease_until_ms',
    'attempts',
  ],
  'database.timers': ['due_micros', 'wall'],
  'events.cursors': ['sequence'],
  'events.deliveries': ['attempts', 'due_micros', 'state'],
  'events.endpoints': ['body', 'deleted'],
  'events.health': ['failed_micros', 'succeeded_micros'],
  'events.listening': ['asked_until_ms', 'lease_until_ms', 'look_ms', 'worker'],
  'ledger.accounts': ['daily_debits', 'daily_credits', 'book_day', 'closed'],
  'ledger.closings': ['digest', 'entries', 'reopened_micros', 'reopened_reason'],
  'ledger.daily_totals': ['debits', 'credits'],
  'ledger.holds': ['resolved_by', 'state'],
  'payments.attempts': ['authentication', 'body', 'in_flight', 'state'],
  'payments.charges': ['body', 'customer', 'status'],
  'payments.clearings': ['body', 'off_by'],
  'payments.disputes': ['body', 'status'],
  'payments.intents': ['body', 'customer', 'status'],
  'payments.refunds': ['body', 'status'],
  'payments.releases': ['amount', 'state'],
  'rails.acquirers': ['lease_until_ms', 'worker', 'knobs', 'knobs_by_rail'],
  'rails.authentications': ['resolved_micros', 'status'],
  'rails.disputes': ['evidence_due_micros', 'opened_day', 'reversed_day', 'state'],
  'rails.due': ['due_ms'],
  'rails.notifications': ['delivered_micros'],
  'rails.orders': ['created_micros', 'settle_day', 'status', 'outcome'],
}

/** Machinery whose rows may go. No money, no key and no event is among it. */
const REMOVABLE = ['database.batches', 'database.due', 'database.timers']

describe('the app’s role', () => {
  test('can change only what is listed: not a transfer, not a burnt id, not a ledger, not an event, not a migration', async () => {
    await as(world.database.appUrl, tenant, async (client) => {
      for (const { name, columns } of tables) {
        const changeable: string[] = []
        for (const column of columns) {
          const got = await attempt(client, `update ${name} set ${column} = ${column}`)
          if (got !== NO_RIGHT) changeable.push(column)
        }
        assert.deepEqual(changeable.toSorted(), (CHANGEABLE[name] ?? []).toSorted(), name)
      }
    })
    for (const name of Object.keys(CHANGEABLE))
      assert.ok(
        tables.some((table) => table.name === name),
        `${name} is there`,
      )
  })

  test('can remove only machinery, and empty nothing', async () => {
    await as(world.database.appUrl, tenant, async (client) => {
      const removable: string[] = []
      for (const { name } of tables) {
        if ((await attempt(client, `delete from ${name}`)) !== NO_RIGHT) removable.push(name)
        assert.equal(await attempt(client, `truncate ${name} cascade`), NO_RIGHT, name)
      }
      assert.deepEqual(removable, REMOVABLE)
    })
  })

  test('can make, change and drop no table, function, role or grant', async () => {
    const statements = [
      'create table ledger.mine (a integer)',
      'create schema mine',
      'drop table ledger.transfers',
      'alter table ledger.transfers add column mine integer',
      'alter table ledger.transfers drop constraint balances_within_bounds',
      'drop index ledger.transfers_by_pending',
      'create or replace function database.expect(touched bigint, given bigint) returns bigint language sql as $$ select 1::bigint $$',
      `select database.protect('ledger.transfers', 'update')`,
      // A grant of what one may not grant is only warned of, so it is tried what it gave.
      'grant update on ledger.transfers to evenkeel_app; update ledger.transfers set code = code',
      'alter role evenkeel_app superuser',
      'create role mine',
      'alter system set fsync = off',
      `copy (select 1) to program 'true'`,
      'set session_replication_role = replica',
    ]
    await as(world.database.appUrl, tenant, async (client) => {
      for (const sql of statements) {
        const got = await attempt(client, sql)
        assert.ok(got === NO_RIGHT || got === '25001', `${sql}: ${got}`)
      }
    })
  })
})

describe('the reader’s role', () => {
  test('can write nothing, also when it asks for a transaction that may', async () => {
    await as(world.database.readerUrl, null, async (client) => {
      for (const { name } of tables) assert.equal(await attempt(client, `delete from ${name}`), '25006', name)
    })
    await as(world.database.readerUrl, null, async (client) => {
      await client.query('set transaction read write')
      for (const { name, columns } of tables) {
        assert.equal(await attempt(client, `delete from ${name}`), NO_RIGHT, name)
        assert.equal(
          await attempt(client, `update ${name} set ${columns[0]} = ${columns[0]}`),
          NO_RIGHT,
          name,
        )
        assert.equal(await attempt(client, `insert into ${name} default values`), NO_RIGHT, name)
      }
    })
  })

  test('sees every tenant’s rows without naming one: that is what it is for', async () => {
    await as(world.database.readerUrl, null, async (client) => {
      assert.equal(await attempt(client, 'select from ledger.transfers'), 3)
    })
  })
})
