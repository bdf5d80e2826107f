import type { ClientBase } from 'pg'
import { OWNER } from '../connect/owner.ts'
import { askRows } from './ask.ts'
import type { TableRules } from './table-rules.ts'

/** A table of ours as it stands in the catalogue, with what its capability says of it. */
export type OurTable = {
  readonly oid: number
  readonly name: string
  readonly owner: string
  readonly isPartition: boolean
  /** Each row belongs to one tenant. */
  readonly isTenants: boolean
  readonly isSecured: boolean
  readonly isForced: boolean
  readonly rules: TableRules | null
}

type Row = {
  readonly oid: number
  readonly name: string
  readonly owner: string
  readonly partition: boolean
  readonly has_tenant: boolean
  readonly listed: boolean
  readonly secured: boolean
  readonly forced: boolean
}

/** `listed`: the tenant alone is the primary key, so the table is a list of tenants. */
const TABLES = `
select c.oid::integer as oid, format('%I.%I', n.nspname, c.relname) as name,
       pg_get_userbyid(c.relowner)::text as owner, c.relispartition as partition,
       t.attnum is not null as has_tenant,
       exists (select from pg_index i
                where i.indrelid = c.oid and i.indisprimary and i.indnkeyatts = 1 and i.indkey[0] = t.attnum) as listed,
       c.relrowsecurity as secured, c.relforcerowsecurity as forced
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant' and not t.attisdropped
 where c.relkind in ('r', 'p')
   and (n.nspname = any($1) or pg_get_userbyid(n.nspowner) = '${OWNER}')
 order by 2`

/** A table without rules is taken for a tenant's when it has that column, unless it is an open list of tenants. */
const isOfTenants = (row: Row, rules: TableRules | null): boolean =>
  rules === null ? row.has_tenant && (row.secured || !row.listed) : rules.rows === 'tenant'

export const readOurTables = async (
  client: ClientBase,
  tables: readonly TableRules[],
): Promise<readonly OurTable[]> => {
  const known = new Map(tables.map((rules) => [rules.table, rules]))
  const schemas = new Set(tables.map(({ table }) => table.slice(0, table.indexOf('.'))))
  const rows = await askRows<Row>(client, TABLES, [[...schemas]])
  return rows.map((row) => {
    const rules = known.get(row.name) ?? null
    return {
      oid: row.oid,
      name: row.name,
      owner: row.owner,
      isPartition: row.partition,
      isTenants: isOfTenants(row, rules),
      isSecured: row.secured,
      isForced: row.forced,
      rules,
    }
  })
}

/** Rules for a table that is not there are a finding of its own: the schema is not the one that they were written for. */
export const missingTables = (
  tables: readonly OurTable[],
  rules: readonly TableRules[],
): readonly string[] => {
  const present = new Set(tables.map(({ name }) => name))
  return rules.map(({ table }) => table).filter((table) => !present.has(table))
}

export const oidsOf = (tables: readonly OurTable[]): number[] => tables.map(({ oid }) => oid)

/** Names for what the catalogue gives by number. */
export const namesOf = (tables: readonly OurTable[]): ReadonlyMap<number, string> =>
  new Map(tables.map(({ oid, name }) => [oid, name]))
