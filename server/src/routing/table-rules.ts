import type { TableRules } from '../database/index.ts'

/** What may change of the table of rules, for verify. */
export const ROUTING_TABLES: readonly TableRules[] = [
  {
    table: 'routing.tables',
    rows: 'tenant',
    insert: true,
    update: ['version', 'updated_micros', 'rules'],
    constraints: ['version_from_one'],
  },
]
