import type { TableRules } from '../database/index.ts'

/** What may change of the launch record's tables, for verify. */
export const LAUNCH_TABLES: readonly TableRules[] = [
  { table: 'launches.launches', rows: 'tenant', insert: true, update: ['status', 'body'] },
  { table: 'launches.premortems', rows: 'tenant', insert: true, update: ['body'] },
]
