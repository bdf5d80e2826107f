import type { TableRules } from '../database/index.ts'

/** What the app may do to the vault's tables, for verify: add, and nothing else. */
export const VAULT_TABLES: readonly TableRules[] = [
  { table: 'vault.master_key', rows: 'shared' },
  { table: 'vault.data_keys', rows: 'tenant', insert: true },
  { table: 'vault.secrets', rows: 'shared' },
  { table: 'vault.servers', rows: 'shared', insert: true },
]
