import { defineRecords, type Writer } from '../../database/index.ts'
import type { Customer, PaymentMethod, SetupAttempt, SetupIntent, Token } from '../core/model.ts'

export const customers = defineRecords<Customer>({
  table: 'customers.customers',
  columns: [
    { name: 'email', type: 'text', of: (row) => row.email, changes: true },
    { name: 'test_clock', type: 'text', of: (row) => row.testClock },
    { name: 'deleted', type: 'boolean', of: (row) => row.deleted, changes: true },
  ],
  bigints: [],
})

export const paymentMethods = defineRecords<PaymentMethod>({
  table: 'customers.payment_methods',
  columns: [
    { name: 'customer', type: 'uuid', of: (row) => row.customer, changes: true },
    { name: 'type', type: 'text', of: (row) => row.type },
    { name: 'allow_redisplay', type: 'text', of: (row) => row.allowRedisplay, changes: true },
  ],
  bigints: [],
})

export const tokens = defineRecords<Token>({ table: 'customers.tokens', columns: [], bigints: [] })

export const setupIntents = defineRecords<SetupIntent>({
  table: 'customers.setup_intents',
  columns: [
    { name: 'customer', type: 'uuid', of: (row) => row.customer, changes: true },
    { name: 'payment_method', type: 'uuid', of: (row) => row.paymentMethod, changes: true },
    { name: 'status', type: 'text', of: (row) => row.status, changes: true },
  ],
  bigints: [],
})

export const setupAttempts = defineRecords<SetupAttempt>({
  table: 'customers.setup_attempts',
  columns: [
    { name: 'setup_intent', type: 'uuid', of: (row) => row.setupIntent },
    { name: 'authentication', type: 'text', of: (row) => row.authentication, changes: true },
  ],
  bigints: [],
})

/** For the commit. */
export const writeCustomers: readonly Writer[] = [
  customers.write,
  paymentMethods.write,
  tokens.write,
  setupIntents.write,
  setupAttempts.write,
]
