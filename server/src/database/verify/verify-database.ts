import type { ClientBase } from 'pg'
import type { TenantId } from '../../kit/index.ts'
import { checkDurability } from './durability.ts'
import { checkGrants } from './grants.ts'
import type { HeadRow } from './heads.ts'
import { checkIdempotency } from './idempotency.ts'
import { checkNumbering } from './numbering.ts'
import { readOurTables } from './our-tables.ts'
import { checkRoles } from './roles.ts'
import { checkRowLevelSecurity } from './row-level-security.ts'
import { checkSchema } from './schema-state.ts'
import type { Check } from './sheet.ts'
import { checkStrays } from './strays.ts'
import type { TableRules } from './table-rules.ts'
import { checkTenantKeys } from './tenant-keys.ts'

/** What holds for the database itself: what the commit writes, and what the catalogue promises. */
export const verifyDatabase = async (
  client: ClientBase,
  options: {
    /** All tenants that there are. */
    readonly heads: readonly HeadRow[]
    /** Those whose rows are looked at; all of them when it is left out. */
    readonly tenants?: readonly TenantId[] | undefined
    readonly tables: readonly TableRules[]
    readonly durability: 'required' | 'noted'
  },
): Promise<readonly Check[]> => {
  const { tenants, tables: rules } = options
  const heads = options.heads.filter(({ tenant }) => tenants?.includes(tenant) ?? true)
  const tables = await readOurTables(client, rules)
  const sheets = [
    await checkStrays(client, tables, { heads: options.heads, asked: tenants ?? [] }),
    await checkNumbering(client, heads),
    await checkIdempotency(client, heads),
    await checkRowLevelSecurity(client, tables),
    await checkTenantKeys(client, tables),
    await checkGrants(client, tables),
    await checkRoles(client, tables),
    await checkSchema(client, tables, rules),
    await checkDurability(client, tables, options.durability),
  ]
  return sheets.map((sheet) => sheet.result())
}
