import type { TableRules } from '../database/index.ts'

/** What may change of the tables of events, for verify. Deliveries are machinery: only where they stand changes. */
export const EVENTS_TABLES: readonly TableRules[] = [
  {
    table: 'events.endpoints',
    rows: 'tenant',
    insert: true,
    update: ['body', 'deleted'],
    uniqueIndexes: ['endpoints_by_time'],
  },
  { table: 'events.cursors', rows: 'tenant', insert: true, update: ['sequence'] },
  {
    table: 'events.deliveries',
    rows: 'tenant',
    insert: true,
    update: ['state', 'attempts', 'due_micros'],
    constraints: ['pending_is_due'],
  },
  { table: 'events.attempts', rows: 'tenant', insert: true },
  { table: 'events.health', rows: 'tenant', insert: true, update: ['succeeded_micros', 'failed_micros'] },
  {
    table: 'events.listening',
    rows: 'shared',
    insert: true,
    update: ['look_ms', 'worker', 'lease_until_ms', 'asked_until_ms'],
  },
]
