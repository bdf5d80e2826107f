import type { ClientBase } from 'pg'
import { APP, READER } from '../connect/owner.ts'
import { askRows } from './ask.ts'
import { namesOf, type OurTable, oidsOf } from './our-tables.ts'
import { Sheet } from './sheet.ts'

type Policy = {
  readonly table: number
  readonly name: string
  readonly command: string
  readonly permissive: boolean
  readonly roles: string
  readonly using: string | null
  readonly checked: string | null
}

const POLICIES = `
select polrelid::integer as table, polname::text as name, polcmd::text as command, polpermissive as permissive,
       (select string_agg(pg_get_userbyid(role)::text, ' ') from unnest(polroles) role) as roles,
       pg_get_expr(polqual, polrelid) as using, pg_get_expr(polwithcheck, polrelid) as checked
  from pg_policy where polrelid::integer = any($1)`

/** How PostgreSQL prints the condition that a row is of the transaction's tenant. */
const OWN = `(tenant = ( SELECT (current_setting('evenkeel.tenant'::text))::integer AS current_setting))`

const plain = (expression: string | null): string => (expression ?? '').replaceAll(/\s+/g, ' ')

const isOwnTenant = (policy: Policy): boolean =>
  policy.roles === APP &&
  policy.command === '*' &&
  policy.permissive &&
  plain(policy.using) === OWN &&
  plain(policy.checked) === OWN

const isEveryTenant = (policy: Policy): boolean =>
  policy.roles === READER && policy.command === 'r' && policy.permissive && policy.using === 'true'

/** It takes something away and gives nothing, and its capability says that it is there. */
const isRestriction = (policy: Policy, tables: readonly OurTable[]): boolean =>
  !policy.permissive &&
  policy.roles === APP &&
  (tables.find(({ oid }) => oid === policy.table)?.rules?.restrictions?.includes(policy.name) ?? false)

/** The app sees the rows of one tenant, the reader all of them, and nobody else any. */
export const checkRowLevelSecurity = async (
  client: ClientBase,
  tables: readonly OurTable[],
): Promise<Sheet> => {
  const sheet = new Sheet(
    'row_level_security',
    'On every table of tenants row-level security is forced, the app sees only the tenant of its transaction, and verify sees all rows.',
  )
  const secured = tables.filter(({ isTenants, isPartition }) => isTenants && !isPartition)
  const names = namesOf(secured)
  const policies = await askRows<Policy>(client, POLICIES, [oidsOf(secured)])
  for (const { oid, name: table, isSecured, isForced, rules } of secured) {
    if (!isSecured) sheet.find(null, 'row-level security is off', { table })
    if (!isForced) sheet.find(null, "row-level security does not bind the table's owner", { table })
    const own = policies.filter((policy) => policy.table === oid)
    if (!own.some(isOwnTenant))
      sheet.find(null, 'the policy that shows the app its own tenant is missing', { table })
    if (!own.some(isEveryTenant))
      sheet.find(null, 'the policy that shows verify every tenant is missing', { table })
    for (const policy of rules?.restrictions ?? []) {
      if (own.some(({ name, permissive }) => name === policy && !permissive)) continue
      sheet.find(null, 'a policy that keeps the app from writing is missing', { table, policy })
    }
  }
  for (const policy of policies) {
    if (isOwnTenant(policy) || isEveryTenant(policy) || isRestriction(policy, secured)) continue
    const { name, roles, using } = policy
    sheet.find(null, 'a policy too many', {
      table: names.get(policy.table) ?? '',
      policy: name,
      roles,
      using: plain(using),
    })
  }
  sheet.rows = secured.length
  return sheet
}
