import type { TableRules } from '../database/index.ts'

/** What may change of the customers' tables, for verify. */
export const CUSTOMERS_TABLES: readonly TableRules[] = [
  { table: 'customers.customers', rows: 'tenant', insert: true, update: ['email', 'deleted', 'body'] },
  {
    table: 'customers.payment_methods',
    rows: 'tenant',
    insert: true,
    update: ['customer', 'allow_redisplay', 'body'],
  },
  { table: 'customers.tokens', rows: 'tenant', insert: true, update: ['body'] },
  {
    table: 'customers.setup_intents',
    rows: 'tenant',
    insert: true,
    update: ['customer', 'payment_method', 'status', 'body'],
  },
  { table: 'customers.setup_attempts', rows: 'tenant', insert: true, update: ['authentication', 'body'] },
]
