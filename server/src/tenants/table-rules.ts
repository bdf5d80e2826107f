import type { TableRules } from '../database/index.ts'

/** What may change of the tables of tenants, for verify: nothing, but by the owner. */
export const TENANTS_TABLES: readonly TableRules[] = [
  {
    table: 'tenants.api_keys',
    rows: 'tenant',
    constraints: ['restricted_keys_say_how', 'persons_keys_name_them'],
  },
]
