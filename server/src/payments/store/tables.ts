import { defineRecords } from '../../database/index.ts'
import { exposedBy, inFlight } from '../core/launched.ts'
import type { Attempt, BalanceTransaction, Charge, Dispute, Intent, Refund } from '../core/model.ts'

export const intents = defineRecords<Intent>({
  table: 'payments.intents',
  columns: [
    { name: 'status', type: 'text', of: (row) => row.status, changes: true },
    { name: 'customer', type: 'uuid', of: (row) => row.customer, changes: true },
  ],
  bigints: ['amount', 'amountCapturable', 'amountReceived'],
})

export const attempts = defineRecords<Attempt>({
  table: 'payments.attempts',
  columns: [
    { name: 'intent', type: 'uuid', of: (row) => row.intent },
    { name: 'state', type: 'text', of: (row) => row.state, changes: true },
    { name: 'authentication', type: 'text', of: (row) => row.authentication, changes: true },
    { name: 'in_flight', type: 'uuid', of: inFlight, changes: true },
  ],
  bigints: ['amount'],
})

export const charges = defineRecords<Charge>({
  table: 'payments.charges',
  columns: [
    { name: 'intent', type: 'uuid', of: (row) => row.intent },
    { name: 'attempt', type: 'uuid', of: (row) => row.attempt },
    { name: 'customer', type: 'uuid', of: (row) => row.customer, changes: true },
    { name: 'status', type: 'text', of: (row) => row.status, changes: true },
    { name: 'exposed_by', type: 'uuid', of: exposedBy },
  ],
  bigints: ['amount', 'amountCaptured', 'amountRefunded'],
})

export const balanceTransactions = defineRecords<BalanceTransaction>({
  table: 'payments.balance_transactions',
  columns: [
    { name: 'type', type: 'text', of: (row) => row.type },
    { name: 'source', type: 'text', of: (row) => row.source },
    { name: 'currency', type: 'text', of: (row) => row.currency },
    { name: 'available_on_micros', type: 'bigint', of: (row) => row.availableOnMicros },
  ],
  bigints: ['amount', 'fee', 'net', 'availableOnMicros'],
})

export const refunds = defineRecords<Refund>({
  table: 'payments.refunds',
  columns: [
    { name: 'charge', type: 'uuid', of: (row) => row.charge },
    { name: 'intent', type: 'uuid', of: (row) => row.intent },
    { name: 'status', type: 'text', of: (row) => row.status, changes: true },
  ],
  bigints: ['amount'],
})

export const disputes = defineRecords<Dispute>({
  table: 'payments.disputes',
  columns: [
    { name: 'charge', type: 'uuid', of: (row) => row.charge },
    { name: 'intent', type: 'uuid', of: (row) => row.intent },
    { name: 'status', type: 'text', of: (row) => row.status, changes: true },
    { name: 'rail_dispute', type: 'text', of: (row) => row.railDispute },
  ],
  bigints: ['amount', 'evidenceDueMicros'],
})
