import type { ClientBase } from 'pg'
import { APP, READER } from '../connect/owner.ts'
import { askRows } from './ask.ts'
import { namesOf, type OurTable, oidsOf } from './our-tables.ts'
import { Sheet } from './sheet.ts'

type Grant = {
  readonly table: number
  readonly column: string | null
  readonly grantee: string
  readonly privilege: string
}

const PUBLIC = 'public'

const GRANTS = `
with given as (
  select c.oid as table, c.relowner as owner, null::text as column, acl.grantee, acl.privilege_type
    from pg_class c, aclexplode(c.relacl) acl where c.oid::integer = any($1)
  union all
  select c.oid, c.relowner, a.attname::text, acl.grantee, acl.privilege_type
    from pg_class c join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) acl
   where c.oid::integer = any($1)
)
select "table"::integer as table, "column", privilege_type as privilege,
       case when grantee = 0 then '${PUBLIC}' else pg_get_userbyid(grantee)::text end as grantee
  from given where grantee <> owner`

/** Who may make tables beside ours, and functions that run with more rights than their caller's. */
const AROUND = `
select 'may create in a schema of ours' as what, n.nspname::text as object,
       case when acl.grantee = 0 then '${PUBLIC}' else pg_get_userbyid(acl.grantee)::text end as grantee
  from pg_namespace n, aclexplode(n.nspacl) acl
 where n.oid in (select relnamespace from pg_class where oid::integer = any($1))
   and acl.privilege_type = 'CREATE' and acl.grantee <> n.nspowner
union all
select 'may create schemas in the database', d.datname::text,
       case when acl.grantee = 0 then '${PUBLIC}' else pg_get_userbyid(acl.grantee)::text end
  from pg_database d, aclexplode(d.datacl) acl
 where d.datname = current_database() and acl.privilege_type = 'CREATE'
   and (acl.grantee = 0 or pg_get_userbyid(acl.grantee) in ('${APP}', '${READER}'))
union all
select 'is a function that runs with the rights of its owner', p.proname::text, pg_get_userbyid(p.proowner)::text
  from pg_proc p
 where p.prosecdef and p.pronamespace in (select relnamespace from pg_class where oid::integer = any($1))`

/** What a table without rules may let the app do: nothing that destroys. */
const mayByDefault = ({ privilege, column }: Grant): boolean =>
  privilege === 'INSERT' || (privilege === 'UPDATE' && column !== null)

const mayApp = (grant: Grant, { rules, isPartition }: OurTable): boolean => {
  // Rights go by the table that is partitioned: a partition of its own would let the app around the policies.
  if (isPartition) return false
  if (grant.privilege === 'SELECT') return true
  if (rules === null) return mayByDefault(grant)
  switch (grant.privilege) {
    case 'INSERT':
      return rules.insert === true
    case 'UPDATE':
      return (
        rules.update === 'all' || (grant.column !== null && rules.update?.includes(grant.column) === true)
      )
    case 'DELETE':
      return rules.delete === true
    default:
      return false
  }
}

const may = (grant: Grant, table: OurTable): boolean => {
  if (grant.grantee === APP) return mayApp(grant, table)
  if (grant.grantee === PUBLIC) return false
  const isSelect = grant.privilege === 'SELECT'
  return grant.grantee === READER ? isSelect && !table.isPartition : isSelect
}

/** Compares who may do what with what the capabilities say. A right too few shows itself; a right too many does not. */
export const checkGrants = async (client: ClientBase, tables: readonly OurTable[]): Promise<Sheet> => {
  const sheet = new Sheet(
    'grants',
    'The app can update and delete only what may change, so what is immutable stays; nobody but the owner can do more.',
  )
  const names = namesOf(tables)
  const byOid = new Map(tables.map((table) => [table.oid, table]))
  const grants = await askRows<Grant>(client, GRANTS, [oidsOf(tables)])
  for (const grant of grants) {
    const table = byOid.get(grant.table)
    if (table === undefined || may(grant, table)) continue
    const { grantee, privilege, column } = grant
    const on = column === null ? {} : { column }
    sheet.find(null, 'a right too many', { table: names.get(grant.table) ?? '', ...on, privilege, grantee })
  }
  const around = await askRows<{ what: string; object: string; grantee: string }>(client, AROUND, [
    oidsOf(tables),
  ])
  for (const { what, object, grantee } of around) sheet.find(null, what, { object, role: grantee })
  sheet.rows = grants.length
  return sheet
}
