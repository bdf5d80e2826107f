import type { ClientBase } from 'pg'
import { APP, OWNER, READER } from '../connect/owner.ts'
import { askRows } from './ask.ts'
import type { OurTable } from './our-tables.ts'
import { Sheet } from './sheet.ts'

type Role = { readonly role: string; readonly powers: readonly string[]; readonly can_login: boolean }

/** Our three roles, and whoever works as the app without being its owner too. */
const ROLES = `
select r.rolname::text as role, r.rolcanlogin as can_login,
       array_remove(array[
         case when r.rolsuper then 'superuser' end,
         case when r.rolbypassrls then 'bypasses row-level security' end,
         case when r.rolcreaterole then 'makes roles' end,
         case when r.rolcreatedb then 'makes databases' end,
         case when r.rolreplication then 'replicates' end], null) as powers
  from pg_roles r
 where r.rolname in ('${OWNER}', '${APP}', '${READER}')
    or exists (select from pg_auth_members m
                where m.member = r.oid and m.roleid = '${APP}'::regrole
                  and not pg_has_role(r.oid, '${OWNER}', 'member'))`

const MEMBERSHIPS = `
select pg_get_userbyid(member)::text as role, pg_get_userbyid(roleid)::text as of
  from pg_auth_members where pg_get_userbyid(member) in ('${APP}', '${READER}')`

const OWNED = `
with owned as (
  select relowner as owner, format('%I.%I', relnamespace::regnamespace, relname) as object from pg_class
  union all select nspowner, nspname from pg_namespace
  union all select proowner, format('%I.%I', pronamespace::regnamespace, proname) from pg_proc
  union all select datdba, datname from pg_database
)
select pg_get_userbyid(owner)::text as role, object::text
  from owned where pg_get_userbyid(owner) in ('${APP}', '${READER}')`

export const checkRoles = async (client: ClientBase, tables: readonly OurTable[]): Promise<Sheet> => {
  const sheet = new Sheet(
    'roles',
    'The roles of the app and of verify own nothing, are members of no role and have no special powers; all tables belong to an owner that cannot log in.',
  )
  const roles = await askRows<Role>(client, ROLES)
  for (const { role, powers, can_login } of roles) {
    for (const power of powers) sheet.find(null, 'a role has a power that it must not have', { role, power })
    if (role === OWNER && can_login) sheet.find(null, 'the owner of the tables can log in', { role })
  }
  for (const { role, of } of await askRows<{ role: string; of: string }>(client, MEMBERSHIPS)) {
    sheet.find(null, 'a role is a member of another', { role, of })
  }
  for (const { role, object } of await askRows<{ role: string; object: string }>(client, OWNED)) {
    sheet.find(null, 'a role owns something', { role, object })
  }
  for (const { name: table, owner } of tables) {
    const isReported = owner === APP || owner === READER
    if (owner !== OWNER && !isReported) sheet.find(null, 'a table belongs to another owner', { table, owner })
  }
  sheet.rows = roles.length
  return sheet
}
