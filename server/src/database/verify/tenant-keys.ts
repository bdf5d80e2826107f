import type { ClientBase } from 'pg'
import { askRows } from './ask.ts'
import { namesOf, type OurTable, oidsOf } from './our-tables.ts'
import { Sheet } from './sheet.ts'

type Key = { readonly table: number; readonly name: string; readonly kind: string; readonly leads: boolean }

const KEYS = `
select i.indrelid::integer as table, c.relname::text as name,
       case when i.indisprimary then 'primary key' else 'unique index' end as kind,
       coalesce(a.attname = 'tenant', false) as leads
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
 where i.indrelid::integer = any($1) and i.indisunique
union all
select k.conrelid::integer, k.conname::text, 'foreign key', a.attname = 'tenant'
  from pg_constraint k
  join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
 where k.conrelid::integer = any($1) and k.contype = 'f'`

/** Nothing is unique over two tenants, and no key leads from one to another. */
export const checkTenantKeys = async (client: ClientBase, tables: readonly OurTable[]): Promise<Sheet> => {
  const sheet = new Sheet(
    'tenant_keys',
    'The tenant leads every primary key, unique index and foreign key of the tables of tenants.',
  )
  const ofTenants = tables.filter(({ isTenants }) => isTenants)
  const names = namesOf(ofTenants)
  const keys = await askRows<Key>(client, KEYS, [oidsOf(ofTenants)])
  for (const { table, name, kind, leads } of keys) {
    if (!leads)
      sheet.find(null, 'a key does not begin with the tenant', {
        table: names.get(table) ?? '',
        key: name,
        kind,
      })
  }
  for (const { oid, name: table } of ofTenants) {
    const hasPrimary = keys.some((key) => key.table === oid && key.kind === 'primary key')
    if (!hasPrimary) sheet.find(null, 'a table has no primary key', { table })
  }
  sheet.rows = keys.length
  return sheet
}
