import type { TableRules } from '../database/index.ts'

/** What may change of the audit log, for verify: nothing but where a chain ends. */
export const AUDIT_TABLES: readonly TableRules[] = [
  { table: 'audit.entries', rows: 'tenant', insert: true, uniqueIndexes: ['entries_by_id'] },
  { table: 'audit.heads', rows: 'tenant', insert: true, update: ['position', 'hash'] },
]
