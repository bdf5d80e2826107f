import type { ClientBase } from 'pg'
import type { TenantId } from '../../kit/index.ts'
import { askRows } from './ask.ts'
import type { HeadRow } from './heads.ts'
import type { OurTable } from './our-tables.ts'
import { Sheet } from './sheet.ts'

/** Jumps from tenant to tenant along the primary key: as quick as there are few tenants, whatever they hold. */
const tenantsIn = (table: string): string => `
with recursive found as (
  (select tenant from ${table} order by tenant limit 1)
  union all
  select (select t.tenant from ${table} t where t.tenant > f.tenant order by t.tenant limit 1)
    from found f where f.tenant is not null
)
select tenant from found where tenant is not null`

/** Every row belongs to a tenant that there is. */
export const checkStrays = async (
  client: ClientBase,
  tables: readonly OurTable[],
  { heads, asked }: { readonly heads: readonly HeadRow[]; readonly asked: readonly TenantId[] },
): Promise<Sheet> => {
  const sheet = new Sheet('tenants', 'Every row of every table of tenants belongs to a tenant that there is.')
  const known = new Set<number>(heads.map(({ tenant }) => tenant))
  for (const tenant of asked) if (!known.has(tenant)) sheet.find(tenant, 'there is no such tenant')
  for (const { name: table, isTenants, isPartition } of tables) {
    if (!isTenants || isPartition) continue
    const found = await askRows<{ tenant: number }>(client, tenantsIn(table))
    sheet.rows += found.length
    for (const { tenant } of found) {
      if (known.has(tenant)) continue
      const [counted] = await askRows<{ rows: bigint }>(
        client,
        `select count(*) as rows from ${table} where tenant = $1`,
        [tenant],
      )
      sheet.find(tenant, 'rows of a tenant that there is not', { table, rows: counted?.rows ?? 0n })
    }
  }
  return sheet
}
