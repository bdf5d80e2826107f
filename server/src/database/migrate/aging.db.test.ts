import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ClientBase } from 'pg'
import { dropChecks, fillTables } from '../../../test/support/fill-tables.ts'
import { addTenant, type TestDatabase, withDatabase } from '../../../test/support/postgres.ts'
import { type Day, parseDay, showDay, type TenantId } from '../../kit/index.ts'
import { withClient, withOwner } from '../connect/owner.ts'
import { readSizes } from '../settings/sizes.ts'
import { dropAgedRows } from './aged-rows.ts'
import { MIGRATION_TABLES } from './applied.ts'
import { AGED_TABLES, dropAged, ensurePartitions, monthOf } from './partitions.ts'

const TENANT = 1 as TenantId
const OTHER = 2 as TenantId
const MONTHS_AHEAD = 2
const MICROS_PER_DAY = 86_400_000_000n

let database: TestDatabase
before(async () => {
  database = await withDatabase()
  await addTenant(database, TENANT)
  await addTenant(database, OTHER)
  await dropChecks(database.adminUrl)
})
after(() => database.close())

const day = (text: string): Day => parseDay(text) ?? Number.NaN

const asOwner = <Value>(work: (owner: ClientBase) => Promise<Value>): Promise<Value> =>
  withOwner(database.adminUrl, work)

/** As the hourly work of a server does it. */
const keepHouse = (today: Day): Promise<void> =>
  asOwner(async (owner) => {
    await ensurePartitions(owner, today, MONTHS_AHEAD)
    await dropAged(owner, today)
  })

const PARTITIONS = `
select format('%I.%I', n.nspname, p.relname) as table, c.relname::text as part
  from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
  join pg_namespace n on n.oid = p.relnamespace
 where p.relkind = 'p'`

const partitionsNow = (): Promise<ReadonlyMap<string, readonly string[]>> =>
  withClient(database.adminUrl, async (admin) => {
    const { rows } = await admin.query<{ table: string; part: string }>(PARTITIONS)
    return Map.groupBy(rows, (row) => row.table)
      .entries()
      .reduce(
        (map, [table, list]) =>
          map.set(
            table,
            list.map(({ part }) => part),
          ),
        new Map<string, readonly string[]>(),
      )
  })

describe('as the calendar moves', () => {
  test('every month has its partition before it begins, and goes when all of it is old enough, never before', async () => {
    const first = day('2033-01-15')
    await keepHouse(first)
    for (let later = 0; later <= 16; later += 1) {
      const month = monthOf(first, later)
      // On the first day of one month and the last one of the next, an hour of a server that never stops.
      const today = later % 2 === 0 ? month.until - 1 : month.from
      await keepHouse(today)
      const parts = await partitionsNow()
      for (const { schema, table, keepDays } of AGED_TABLES) {
        const here = parts.get(`${schema}.${table}`) ?? []
        for (const ahead of [0, 1, 2])
          assert.ok(here.includes(`${table}_${monthOf(today, ahead).name}`), `${table} at ${showDay(today)}`)
        for (let past = first; past < month.from; past = monthOf(past, 1).from) {
          const mustGo = monthOf(past).until + keepDays <= today
          const name = `${table}_${monthOf(past).name}`
          assert.equal(here.includes(name), !mustGo, `${name} at ${showDay(today)}`)
        }
      }
    }
  })

  test('doctor says of each month the day on which it goes, and it goes on that day', async () => {
    const { aging } = await withClient(database.readerUrl, readSizes)
    const events = aging.find(({ table }) => table === 'database.events')
    const [oldest] = events?.months ?? []
    assert.ok(oldest !== undefined)
    const goes = day(oldest.goes)
    const name = `events_${oldest.month.replace('-', '_')}`
    assert.deepEqual(
      (await asOwner((owner) => dropAged(owner, goes - 1))).filter((one) => one.endsWith(name)),
      [],
    )
    assert.ok((await asOwner((owner) => dropAged(owner, goes))).includes(`database.${name}`))
  })
})

describe('rows that go one by one', () => {
  test('of each tenant go with age, and what is younger or still to be told stays', async () => {
    const today = day('2027-06-01')
    const insert = (tenant: number) =>
      withClient(database.adminUrl, (admin) =>
        admin.query(`
          insert into launches.service_slots (tenant, level, slot, good, bad)
          select ${tenant}, 'x', (${today} - age) * 288, 1, 0 from unnest(array[89, 90, 91, 400]) age;
          insert into rails.notifications (tenant, due_micros, delivered_micros, position, kind, id, subject, body)
          select ${tenant}, 0, (${today} - age) * ${MICROS_PER_DAY}, 1, 'k', coalesce(age::text, 'open'), 's', '{}'
            from unnest(array[59, 60, 61, 400, null]) age`),
      )
    await insert(TENANT)
    await insert(OTHER)
    const left = (tenant: number, table: string) =>
      withClient(database.adminUrl, async (admin) => {
        const { rows } = await admin.query(
          `select count(*)::integer as left from ${table} where tenant = $1`,
          [tenant],
        )
        return rows[0]?.left
      })
    assert.equal(await asOwner((owner) => dropAgedRows(owner, [TENANT], today)), 4)
    assert.deepEqual(
      [await left(TENANT, 'launches.service_slots'), await left(TENANT, 'rails.notifications')],
      [2, 3],
    )
    assert.deepEqual(
      [await left(OTHER, 'launches.service_slots'), await left(OTHER, 'rails.notifications')],
      [4, 5],
    )
  })
})

test('sizes are of every table that there is, and say how large it is', async () => {
  await fillTables(database.adminUrl, { tenant: TENANT, first: 10, count: 3 }, MIGRATION_TABLES)
  await withClient(database.adminUrl, (admin) => admin.query('analyze'))
  const { tables } = await withClient(database.readerUrl, readSizes)
  const known = await withClient(database.adminUrl, (admin) =>
    admin.query<{ name: string; bytes: number }>(
      `select format('%I.%I', n.nspname, c.relname) as name,
              coalesce((select sum(pg_total_relation_size(t.relid)) from pg_partition_tree(c.oid) t),
                       pg_total_relation_size(c.oid))::float8 as bytes
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and not c.relispartition and pg_get_userbyid(c.relowner) = 'evenkeel_owner'`,
    ),
  )
  const sizes = new Map(tables.map(({ table, bytes }) => [table, bytes]))
  assert.deepEqual([...sizes.keys()].toSorted(), known.rows.map(({ name }) => name).toSorted())
  for (const { name, bytes } of known.rows) assert.equal(sizes.get(name), bytes, name)
  const unknown = tables.filter(({ rows }) => rows === null || rows === 0).map(({ table }) => table)
  assert.deepEqual(unknown, [], 'each table has rows, and after an analysis they are known')
})
