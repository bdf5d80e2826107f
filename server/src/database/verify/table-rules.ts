/** What a capability says of one of its tables; verify compares it with the catalogue of the database. */
export type TableRules = {
  /** With its schema. */
  readonly table: string
  /** `tenant`: each row belongs to one tenant, and row-level security shows the app no other. `shared`: to none. */
  readonly rows: 'tenant' | 'shared'
  /** What the app may do besides reading. Left out: not at all. */
  readonly insert?: true
  readonly update?: 'all' | readonly string[]
  readonly delete?: true
  /** Policies that let the app write less than its grants do, beside the one that shows it its own tenant. */
  readonly restrictions?: readonly string[]
  /** Constraints and unique indexes that must stand. */
  readonly constraints?: readonly string[]
  readonly uniqueIndexes?: readonly string[]
}

export const DATABASE_TABLES: readonly TableRules[] = [
  {
    table: 'database.heads',
    rows: 'tenant',
    update: [
      'newest_micros',
      'account_micros',
      'transfer_micros',
      'transfer_sequence',
      'event_sequence',
      'batch',
      'clock_offset_micros',
      'clock_frozen_micros',
      'clock_advancing',
      'controls_version',
    ],
  },
  { table: 'database.batches', rows: 'tenant', insert: true, delete: true },
  {
    table: 'database.idempotency_keys',
    rows: 'tenant',
    insert: true,
    update: ['state', 'status', 'code', 'object_id', 'step', 'worker', 'lease_until_ms', 'attempts'],
    constraints: ['answered_with_a_status'],
  },
  { table: 'database.idempotency_answers', rows: 'tenant', insert: true },
  { table: 'database.events', rows: 'tenant', insert: true },
  { table: 'database.timers', rows: 'tenant', insert: true, update: 'all', delete: true },
  { table: 'database.due', rows: 'shared', insert: true, update: 'all', delete: true },
  { table: 'database.migrations', rows: 'shared' },
  { table: 'database.schema_floor', rows: 'shared' },
]
