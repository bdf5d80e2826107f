import type { TableRules } from '../database/index.ts'

/** What may change of the tables of payments, for verify. A balance transaction never does. */
export const PAYMENTS_TABLES: readonly TableRules[] = [
  {
    table: 'payments.intents',
    rows: 'tenant',
    insert: true,
    update: ['status', 'customer', 'body'],
    uniqueIndexes: ['intents_by_time'],
  },
  {
    table: 'payments.attempts',
    rows: 'tenant',
    insert: true,
    update: ['state', 'authentication', 'in_flight', 'body'],
    uniqueIndexes: ['attempts_by_time'],
  },
  {
    table: 'payments.charges',
    rows: 'tenant',
    insert: true,
    update: ['status', 'customer', 'body'],
    uniqueIndexes: ['charges_by_time'],
  },
  { table: 'payments.exposed_intents', rows: 'tenant', insert: true },
  {
    table: 'payments.balance_transactions',
    rows: 'tenant',
    insert: true,
    uniqueIndexes: ['balance_transactions_by_time'],
  },
  {
    table: 'payments.releases',
    rows: 'tenant',
    insert: true,
    update: ['amount', 'state'],
    uniqueIndexes: ['releases_by_moment'],
  },
  {
    table: 'payments.refunds',
    rows: 'tenant',
    insert: true,
    update: ['status', 'body'],
    uniqueIndexes: ['refunds_by_time'],
  },
  {
    table: 'payments.disputes',
    rows: 'tenant',
    insert: true,
    update: ['status', 'body'],
    uniqueIndexes: ['disputes_by_time', 'disputes_by_rail'],
  },
  {
    table: 'payments.settlements',
    rows: 'tenant',
    insert: true,
    uniqueIndexes: ['settlements_by_time'],
  },
  {
    table: 'payments.clearings',
    rows: 'tenant',
    insert: true,
    update: ['off_by', 'body'],
    uniqueIndexes: ['clearings_by_time'],
  },
]
