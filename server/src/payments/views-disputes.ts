import { secondsOf, showId } from '../kit/index.ts'
import { isInquiry, isRefundableIn, networkReasonCode } from './core/disputes.ts'
import type { BalanceTransaction, Dispute } from './core/model.ts'
import { showEvidence } from './evidence.ts'
import {
  CHARGE_PREFIX,
  INTENT_PREFIX,
  showAmount,
  showBalanceTransaction,
  showCurrency,
  showLaunches,
} from './views.ts'

export const DISPUTE_PREFIX = 'dp'

export type DisputeView = {
  readonly livemode: boolean
  /** Withdrawal and reinstatement, in their order. */
  readonly transactions: readonly BalanceTransaction[]
}

export const showDispute = (row: Dispute, { livemode, transactions }: DisputeView) => ({
  id: showId(DISPUTE_PREFIX, row.id),
  object: 'dispute' as const,
  amount: showAmount(row.amount, row.currency),
  // A dispute moves the available balance, at once.
  balance_transactions: transactions.map((each) => showBalanceTransaction(each, each.availableOnMicros)),
  charge: showId(CHARGE_PREFIX, row.charge),
  created: secondsOf(row.createdMicros),
  currency: showCurrency(row.currency),
  enhanced_eligibility_types: [] as string[],
  evidence: showEvidence(row.evidence),
  evidence_details: {
    due_by: row.evidenceDueMicros === null ? null : secondsOf(row.evidenceDueMicros),
    enhanced_eligibility: {},
    has_evidence: Object.keys(row.evidence).length > 0,
    past_due: row.pastDue,
    submission_count: row.submissionCount,
    submission_method: row.submissionCount === 0 ? ('not_submitted' as const) : ('manual' as const),
  },
  intended_submission_method: null,
  is_charge_refundable: isRefundableIn(row.status),
  launches: showLaunches(row),
  livemode,
  metadata: row.metadata,
  network_reason_code: networkReasonCode(row.brand, row.reason),
  payment_intent: showId(INTENT_PREFIX, row.intent),
  payment_method_details: {
    card: {
      brand: row.brand,
      case_type: isInquiry(row.status) ? ('inquiry' as const) : ('chargeback' as const),
      network: row.brand,
      network_reason_code: networkReasonCode(row.brand, row.reason),
    },
    type: 'card' as const,
  },
  reason: row.reason,
  status: row.status,
})
