import type { Client } from 'pg'
import { withClient } from '../../src/database/connect/owner.ts'

/** A table that rows can be put into, as the catalogue has it. */
type Fillable = {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string; readonly required: boolean }[]
}

const FILLABLE = `
select format('%I.%I', n.nspname, c.relname) as name,
       (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null), 'required', a.attnotnull)
                        order by a.attnum)
          from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p') and not c.relispartition and pg_get_userbyid(n.nspowner) = 'evenkeel_owner'
 order by 1`

const CHECKS = `
select format('alter table %I.%I drop constraint %I', n.nspname, c.relname, k.conname) as statement
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
 where k.contype = 'c' and k.coninhcount = 0 and pg_get_userbyid(n.nspowner) = 'evenkeel_owner'`

/** Without its check constraints a table takes any row: what is tested then is who carries or removes it. */
export const dropChecks = (adminUrl: string): Promise<void> =>
  withClient(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ statement: string }>(CHECKS)
    await admin.query(rows.map(({ statement }) => statement).join(';'))
  })

/** What a text must survive: quotes, line ends, tabs, backslashes, the sign of COPY for null, other scripts, nothing. */
const HARD_TEXTS = [
  'O\'Brien "x"',
  'two\nlines\r\nand\ttabs',
  '\\N',
  '\\.',
  'Dvořák Ελένη 銀行 🏦',
  '',
  'a\\tb{}',
  'null',
]

const hex = (number: number): string => number.toString(16).padStart(12, '0')

/** Months of now, of the future, and of long ago: two of them have no partition of their own. */
const DAYS = [new Date().toISOString().slice(0, 10), '2031-05-17', '2019-02-28']

/** The value of a row by its number, as PostgreSQL reads it from text; no two rows have the same. */
const valueFor = (type: string, row: number): string => {
  const text = `${row} ${HARD_TEXTS[row % HARD_TEXTS.length]}`
  if (type.endsWith('[]')) {
    const element = valueFor(type.slice(0, -2), row).replaceAll(/["\\]/g, '\\$&')
    return `{"${element}"}`
  }
  switch (type) {
    case 'integer':
    case 'smallint':
      return String(row)
    case 'bigint':
      return String(9_007_199_254_740_993n + BigInt(row))
    case 'boolean':
      return row % 2 === 0 ? 'true' : 'false'
    case 'uuid':
      return `0199a1b2-c3d4-7e5f-8091-${hex(row)}`
    case 'bytea':
      return `\\x00ff${hex(row)}`
    case 'date':
      return DAYS[row % DAYS.length] ?? ''
    case 'timestamp with time zone':
      return `2026-11-22 17:05:00.${String(row).padStart(6, '0')}+02`
    case 'json':
    case 'jsonb':
      return JSON.stringify({ row, text, big: 1e20, list: [null, true] })
    case 'numeric':
      return `${row}.000100`
    default:
      return text
  }
}

const fill = async (admin: Client, { name, columns }: Fillable, rows: readonly number[], tenant: number) => {
  const names = columns.map((column) => `"${column.name}"`).join(', ')
  const places = columns.map(({ type }, index) => `$${index + 1}::text::${type}`).join(', ')
  for (const row of rows)
    await admin.query(
      // Of a table whose key is the tenant alone there is one row.
      `insert into ${name} (${names}) values (${places}) on conflict do nothing`,
      columns.map((column) => {
        if (column.name === 'tenant') return String(tenant)
        return !column.required && row % 2 === 1 ? null : valueFor(column.type, row)
      }),
    )
}

export type Filled = { readonly name: string; readonly hasTenant: boolean }

/**
 * Puts rows of a tenant into every table of ours that the catalogue has, as a superuser and with the checks dropped
 * before: a table that is added later is filled as well. Tables that migrating writes are left alone.
 */
export const fillTables = (
  adminUrl: string,
  { tenant, first, count }: { readonly tenant: number; readonly first: number; readonly count: number },
  left: readonly string[] = [],
): Promise<readonly Filled[]> =>
  withClient(adminUrl, async (admin) => {
    const tables = (await admin.query<Fillable>(FILLABLE)).rows.filter(({ name }) => !left.includes(name))
    const rows = Array.from({ length: count }, (_, index) => first + index)
    await admin.query('begin')
    for (const table of tables) await fill(admin, table, rows, tenant)
    await admin.query('commit')
    return tables.map(({ name, columns }) => ({
      name,
      hasTenant: columns.some((column) => column.name === 'tenant'),
    }))
  })
