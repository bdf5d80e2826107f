import type { ClientBase } from 'pg'
import { askRows } from './ask.ts'
import { missingTables, type OurTable, oidsOf } from './our-tables.ts'
import { Sheet } from './sheet.ts'
import type { TableRules } from './table-rules.ts'

type Part = { readonly table: number; readonly name: string; readonly works: boolean }

/** Only newer versions of PostgreSQL know constraints that are not enforced, so the column is asked for by name. */
const CONSTRAINTS = `
select conrelid::integer as table, conname::text as name,
       convalidated and coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true) as works
  from pg_constraint k where conrelid::integer = any($1)`

const INDEXES = `
select i.indrelid::integer as table, c.relname::text as name, i.indisunique as unique,
       i.indisvalid and i.indisready and i.indislive as works
  from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid::integer = any($1)`

/** Triggers and rules would do things that no statement of ours says; a switched-off internal one checks no more. */
const INTRUDERS = `
select tgrelid::integer as table, tgname::text as name, 'trigger' as kind
  from pg_trigger where tgrelid::integer = any($1) and (not tgisinternal or tgenabled <> 'O')
union all
select ev_class::integer, rulename::text, 'rule' from pg_rewrite where ev_class::integer = any($1)`

const demandParts = (
  sheet: Sheet,
  table: OurTable,
  parts: { constraints: readonly Part[]; unique: readonly Part[] },
): void => {
  const named = (list: readonly Part[]): Set<string> =>
    new Set(list.filter((part) => part.table === table.oid).map(({ name }) => name))
  const constraints = named(parts.constraints)
  for (const constraint of table.rules?.constraints ?? []) {
    if (!constraints.has(constraint))
      sheet.find(null, 'a constraint is missing', { table: table.name, constraint })
  }
  const unique = named(parts.unique)
  for (const index of table.rules?.uniqueIndexes ?? []) {
    if (!unique.has(index)) sheet.find(null, 'a unique index is missing', { table: table.name, index })
  }
}

/** What the database itself enforces is there and at work. */
export const checkSchema = async (
  client: ClientBase,
  tables: readonly OurTable[],
  rules: readonly TableRules[],
): Promise<Sheet> => {
  const sheet = new Sheet(
    'schema',
    'The constraints and unique indexes that guard the books are there, validated and at work, and no trigger or rule acts on their tables.',
  )
  const oids = oidsOf(tables)
  const nameOf = new Map(tables.map(({ oid, name }) => [oid, name]))
  const constraints = await askRows<Part>(client, CONSTRAINTS, [oids])
  const indexes = await askRows<Part & { unique: boolean }>(client, INDEXES, [oids])
  const intruders = await askRows<{ table: number; name: string; kind: string }>(client, INTRUDERS, [oids])
  for (const { table, name, works } of constraints) {
    if (!works)
      sheet.find(null, 'a constraint is not validated', { table: nameOf.get(table) ?? '', constraint: name })
  }
  for (const { table, name, works } of indexes) {
    if (!works) sheet.find(null, 'an index is not valid', { table: nameOf.get(table) ?? '', index: name })
  }
  for (const { table, name, kind } of intruders) {
    sheet.find(null, `a ${kind} acts on a table`, { table: nameOf.get(table) ?? '', [kind]: name })
  }
  for (const table of missingTables(tables, rules)) sheet.find(null, 'a table is missing', { table })
  const unique = indexes.filter((index) => index.unique)
  for (const table of tables) demandParts(sheet, table, { constraints, unique })
  sheet.rows = constraints.length + indexes.length
  return sheet
}
