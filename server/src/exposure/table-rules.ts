import type { TableRules } from '../database/index.ts'

/** What may change of the tables of exposure, for verify. */
export const EXPOSURE_TABLES: readonly TableRules[] = [
  {
    table: 'exposure.controls',
    rows: 'tenant',
    insert: true,
    update: ['version', 'body'],
    constraints: ['versions_rise'],
  },
  {
    table: 'exposure.counters',
    rows: 'tenant',
    insert: true,
    update: ['day', 'reserved_today', 'reserved_in_stage'],
    constraints: ['reserved_is_not_negative', 'stage_holds_its_day'],
  },
]
