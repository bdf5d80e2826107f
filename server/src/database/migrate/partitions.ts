import type { ClientBase } from 'pg'
import { type Day, showDay } from '../../kit/index.ts'

/** A table whose rows are dropped with age: in monthly partitions of a date column, with a default one for the rest. */
export type AgedTable = {
  readonly schema: string
  readonly table: string
  readonly column: string
  readonly keepDays: number
}

/** How long what grows without end stays. A month goes when its last day is older than this. */
export const AGED_TABLES: readonly AgedTable[] = [
  { schema: 'database', table: 'idempotency_answers', column: 'created_day', keepDays: 30 },
  { schema: 'database', table: 'events', column: 'created_day', keepDays: 400 },
  { schema: 'events', table: 'deliveries', column: 'created_day', keepDays: 60 },
  { schema: 'events', table: 'attempts', column: 'created_day', keepDays: 60 },
  { schema: 'launches', table: 'verdicts', column: 'created_day', keepDays: 90 },
]

export type Month = { readonly name: string; readonly from: Day; readonly until: Day }

const MILLIS_PER_DAY = 86_400_000
const LOCK_TIMEOUT_MS = 2_000

/** The month that the day is in, or one that many months later. */
export const monthOf = (day: Day, later = 0): Month => {
  const date = new Date(day * MILLIS_PER_DAY)
  const first = (months: number): Day =>
    Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / MILLIS_PER_DAY
  const from = first(later)
  return { name: showDay(from).slice(0, 7).replace('-', '_'), from, until: first(later + 1) }
}

/** The month that a partition's name ends in; null for the default one and for strangers. */
export const monthOfName = (table: string, partition: string): Month | null => {
  const [, year, month] = /^(\d{4})_(0[1-9]|1[0-2])$/.exec(partition.slice(table.length + 1)) ?? []
  if (year === undefined || month === undefined || !partition.startsWith(`${table}_`)) return null
  return monthOf(Date.UTC(Number(year), Number(month) - 1, 1) / MILLIS_PER_DAY)
}

const partitionsOf = async (client: ClientBase, { schema, table }: AgedTable): Promise<readonly string[]> => {
  const found = await client.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = to_regclass($1)`,
    [`${schema}.${table}`],
  )
  return found.rows.map(({ name }) => name)
}

/** Rows may wait in the default partition already, and would stand in the way of their month. */
const create = async (
  client: ClientBase,
  { schema, table, column }: AgedTable,
  month: Month,
): Promise<void> => {
  const parent = `${schema}.${table}`
  const partition = `${parent}_${month.name}`
  const inMonth = `${column} >= '${showDay(month.from)}' and ${column} < '${showDay(month.until)}'`
  await client.query(`
    begin;
    set local lock_timeout = ${LOCK_TIMEOUT_MS};
    lock table ${parent}_default in access exclusive mode;
    create table ${partition} (like ${parent} including defaults including constraints);
    with moved as (delete from ${parent}_default where ${inMonth} returning *)
      insert into ${partition} select * from moved;
    alter table ${parent} attach partition ${partition}
      for values from ('${showDay(month.from)}') to ('${showDay(month.until)}');
    commit;
  `)
}

const attempt = async (client: ClientBase, work: () => Promise<void>): Promise<boolean> => {
  try {
    await work()
    return true
  } catch {
    await client.query('rollback')
    return false
  }
}

/**
 * Makes the partitions of this month and those ahead, as the owner. Where one cannot be made now, another process
 * makes it or the rows go to the default partition: nothing fails. The names of the partitions made.
 */
export const ensurePartitions = async (
  client: ClientBase,
  today: Day,
  monthsAhead: number,
): Promise<string[]> => {
  const made: string[] = []
  for (const aged of AGED_TABLES) {
    const present = new Set(await partitionsOf(client, aged))
    for (let later = 0; later <= monthsAhead; later += 1) {
      const month = monthOf(today, later)
      const name = `${aged.table}_${month.name}`
      if (present.has(name)) continue
      if (await attempt(client, () => create(client, aged, month))) made.push(`${aged.schema}.${name}`)
    }
  }
  return made
}

/**
 * Drops what is older than its table keeps, as the owner: whole months, and single rows of the default partition.
 * The names of the partitions dropped.
 */
export const dropAged = async (client: ClientBase, today: Day): Promise<string[]> => {
  const dropped: string[] = []
  for (const aged of AGED_TABLES) {
    const { schema, table, column, keepDays } = aged
    const oldest = today - keepDays
    for (const partition of await partitionsOf(client, aged)) {
      const month = monthOfName(table, partition)
      if (month === null || month.until > oldest) continue
      const drop = `begin; set local lock_timeout = ${LOCK_TIMEOUT_MS}; drop table ${schema}.${partition}; commit;`
      if (await attempt(client, async () => void (await client.query(drop))))
        dropped.push(`${schema}.${partition}`)
    }
    await client.query(`delete from ${schema}.${table}_default where ${column} < $1`, [showDay(oldest)])
  }
  return dropped
}
