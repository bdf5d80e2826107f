import { secondsOf, showId, type Uuid } from '../kit/index.ts'
import type { Refund } from './core/model.ts'
import {
  BALANCE_TRANSACTION_PREFIX,
  CHARGE_PREFIX,
  INTENT_PREFIX,
  showAmount,
  showCurrency,
  showLaunches,
  shownOrNull,
} from './views.ts'

export const REFUND_PREFIX = 're'
const CUSTOMER_PREFIX = 'cus'
const PAYMENT_METHOD_PREFIX = 'pm'

/** The refund's name at its rail, which the cardholder's bank can look for. */
const destinationOf = ({ railReference }: Refund) => ({
  card: {
    ...(railReference === null ? {} : { reference: railReference }),
    reference_status: railReference === null ? ('pending' as const) : ('available' as const),
    reference_type: 'acquirer_reference_number' as const,
    type: 'refund' as const,
  },
  type: 'card' as const,
})

const shownTransaction = (id: Uuid): string => showId(BALANCE_TRANSACTION_PREFIX, id)

export const showRefund = (row: Refund) => ({
  id: showId(REFUND_PREFIX, row.id),
  object: 'refund' as const,
  amount: showAmount(row.amount, row.currency),
  balance_transaction: shownOrNull(BALANCE_TRANSACTION_PREFIX, row.balanceTransaction),
  charge: showId(CHARGE_PREFIX, row.charge),
  created: secondsOf(row.createdMicros),
  currency: showCurrency(row.currency),
  customer: shownOrNull(CUSTOMER_PREFIX, row.customer),
  customer_account: null,
  destination_details: destinationOf(row),
  ...(row.failureBalanceTransaction === null
    ? {}
    : { failure_balance_transaction: shownTransaction(row.failureBalanceTransaction) }),
  ...(row.failureReason === null ? {} : { failure_reason: row.failureReason }),
  launches: showLaunches(row),
  metadata: row.metadata,
  payment_intent: showId(INTENT_PREFIX, row.intent),
  payment_method: showId(PAYMENT_METHOD_PREFIX, row.paymentMethod),
  ...(row.status === 'pending' ? { pending_reason: 'processing' as const } : {}),
  reason: row.reason,
  receipt_number: null,
  source_transfer_reversal: null,
  status: row.status,
  transfer_reversal: null,
})
