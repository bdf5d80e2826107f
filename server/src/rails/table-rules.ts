import type { TableRules } from '../database/index.ts'

/** What may change of the acquirer's tables, for verify. */
export const RAILS_TABLES: readonly TableRules[] = [
  {
    table: 'rails.orders',
    rows: 'tenant',
    insert: true,
    update: ['status', 'outcome', 'settle_day', 'created_micros'],
  },
  {
    table: 'rails.authentications',
    rows: 'tenant',
    insert: true,
    update: ['status', 'resolved_micros'],
    constraints: ['resolved_at_a_time'],
  },
  {
    table: 'rails.disputes',
    rows: 'tenant',
    insert: true,
    update: ['state', 'evidence_due_micros', 'opened_day', 'reversed_day'],
  },
  {
    table: 'rails.notifications',
    rows: 'tenant',
    insert: true,
    update: ['delivered_micros'],
  },
  {
    table: 'rails.acquirers',
    rows: 'tenant',
    insert: true,
    update: ['knobs', 'knobs_by_rail', 'lease_until_ms', 'worker'],
  },
  { table: 'rails.due', rows: 'shared', insert: true, update: ['due_ms'] },
]
