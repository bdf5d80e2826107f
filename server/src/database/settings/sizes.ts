import { type Day, showDay } from '../../kit/index.ts'
import { AGED_ROWS } from '../migrate/aged-rows.ts'
import { AGED_TABLES, type AgedTable, monthOfName } from '../migrate/partitions.ts'
import type { Asked } from './read-settings.ts'

/** A table with all of its partitions and indexes. */
export type TableSize = {
  readonly table: string
  readonly bytes: number
  /** Of these. */
  readonly indexBytes: number
  /** As PostgreSQL last counted or guessed them; null where it has not yet. */
  readonly rows: number | null
}

/** A month of a table that goes as a whole. */
export type AgingMonth = {
  readonly month: string
  readonly bytes: number
  readonly rows: number | null
  /** The first day on which it is dropped. */
  readonly goes: string
}

/** A table whose rows go with age. */
export type Aging = {
  readonly table: string
  readonly keepDays: number
  /** The oldest first; null: its rows go one by one. */
  readonly months: readonly AgingMonth[] | null
  /** Rows that are in no month’s partition, such as the future of a sandbox; they go one by one. */
  readonly elsewhere: { readonly bytes: number; readonly rows: number | null }
}

export type Sizes = {
  readonly tables: readonly TableSize[]
  readonly aging: readonly Aging[]
}

type Row = TableSize & { readonly part: string; readonly is_partition: boolean }

/** Each table that holds rows itself, under the name of the one that people know. */
const PARTS = `
select format('%I.%I', n.nspname, coalesce(p.relname, c.relname)) as table, c.relname::text as part,
       p.oid is not null as is_partition,
       pg_total_relation_size(c.oid)::float8 as bytes, pg_indexes_size(c.oid)::float8 as "indexBytes",
       case when c.reltuples >= 0 then c.reltuples::float8
            when pg_relation_size(c.oid) = 0 then 0
            else nullif(pg_stat_get_live_tuples(c.oid), 0)::float8 end as rows
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_inherits i on i.inhrelid = c.oid
  left join pg_class p on p.oid = i.inhparent
 where c.relkind = 'r' and pg_get_userbyid(c.relowner) = 'evenkeel_owner'
 order by 1, 2`

/** What is not known of one part is not known of the whole. */
export const sumOfRows = (counts: readonly (number | null)[]): number | null =>
  counts.reduce<number | null>((sum, count) => (sum === null || count === null ? null : sum + count), 0)

const sumOf = (table: string, rows: readonly Row[]): TableSize => ({
  table,
  bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
  indexBytes: rows.reduce((sum, { indexBytes }) => sum + indexBytes, 0),
  rows: sumOfRows(rows.map((one) => one.rows)),
})

/** The first day on which a month is dropped: when its last day is older than the table keeps. */
const dayOfDrop = (until: Day, keepDays: number): Day => until + keepDays

const monthsOf = ({ table, keepDays }: AgedTable, rows: readonly Row[]): AgingMonth[] =>
  rows.flatMap(({ part, bytes, rows: held }) => {
    const month = monthOfName(table, part)
    if (month === null) return []
    const goes = showDay(dayOfDrop(month.until, keepDays))
    return [{ month: month.name.replace('_', '-'), bytes, rows: held, goes }]
  })

const agingOf = (aged: AgedTable, rows: readonly Row[]): Aging => {
  const { bytes, rows: held } = sumOf(
    '',
    rows.filter(({ part }) => monthOfName(aged.table, part) === null),
  )
  return {
    table: `${aged.schema}.${aged.table}`,
    keepDays: aged.keepDays,
    months: monthsOf(aged, rows).toSorted((one, other) => one.month.localeCompare(other.month)),
    elsewhere: { bytes, rows: held },
  }
}

/** How large everything is, and what goes when. Any role may ask; nothing is counted row by row. */
export const readSizes = async (asked: Asked): Promise<Sizes> => {
  const { rows } = await asked.query<Row>(PARTS)
  const of = (table: string): Row[] => rows.filter((row) => row.table === table)
  const names = [...new Set(rows.map(({ table }) => table))]
  const months = AGED_TABLES.map((aged) => agingOf(aged, of(`${aged.schema}.${aged.table}`)))
  const single = AGED_ROWS.map(({ schema, table, keepDays }): Aging => {
    const { bytes, rows: held } = sumOf('', of(`${schema}.${table}`))
    return { table: `${schema}.${table}`, keepDays, months: null, elsewhere: { bytes, rows: held } }
  })
  return { tables: names.map((name) => sumOf(name, of(name))), aging: [...months, ...single] }
}
