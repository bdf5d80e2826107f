import type { TableRules } from '../database/index.ts'

/** What may change of the people, for verify: nothing, but by the owner. */
export const PEOPLE_TABLES: readonly TableRules[] = [
  { table: 'people.people', rows: 'tenant', uniqueIndexes: ['people_by_time', 'people_by_name'] },
]
