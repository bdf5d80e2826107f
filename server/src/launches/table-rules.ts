import type { TableRules } from '../database/index.ts'

/** What may change of the launch record's tables, for verify. */
export const LAUNCH_TABLES: readonly TableRules[] = [
  {
    table: 'launches.launches',
    rows: 'tenant',
    insert: true,
    update: ['status', 'body'],
    uniqueIndexes: ['launches_by_time'],
  },
  {
    table: 'launches.premortems',
    rows: 'tenant',
    insert: true,
    update: ['body'],
    uniqueIndexes: ['premortems_by_time'],
  },
  {
    table: 'launches.watches',
    rows: 'tenant',
    insert: true,
    update: ['body'],
    uniqueIndexes: ['watches_by_time'],
  },
  { table: 'launches.ticks', rows: 'tenant', insert: true, update: ['sequence', 'body'] },
  { table: 'launches.verdicts', rows: 'tenant', insert: true },
  {
    table: 'launches.service_levels',
    rows: 'tenant',
    insert: true,
    update: ['body'],
    uniqueIndexes: ['service_levels_by_name', 'service_levels_by_time'],
  },
  { table: 'launches.service_slots', rows: 'tenant', insert: true, update: ['good', 'bad'] },
]
