import { type Declare, type Draft, type Found, setTimer } from '../database/index.ts'
import { type EventRequest, recordEvent } from '../events/index.ts'
import { assert, showId, stripeFromMinor, type Uuid } from '../kit/index.ts'
import { declarePostings, type Posting, post } from '../ledger/index.ts'
import { previousAttributes } from '../requests/index.ts'
import { addBalanceTransaction } from './balance.ts'
import { chartAccount, moneyOf, POSTING_CODES } from './chart.ts'
import { type DisputeMove, disputeFeeOf, takesEvidence } from './core/disputes.ts'
import type { BalanceTransaction, Dispute } from './core/model.ts'
import { HEAL_AFTER_MS } from './limits.ts'
import { balanceTransactions, disputes } from './store/tables.ts'
import { CHARGE_PREFIX } from './views.ts'
import { DISPUTE_PREFIX, showDispute } from './views-disputes.ts'

/** Fires by the tenant's clock when the evidence is due; its subject is the dispute. */
export const DISPUTE_DUE_TIMER = 'payments.dispute_due'
/** Fires by the wall clock while the rail is still to be told the answer to a dispute. */
export const DISPUTE_DESK_TIMER = 'payments.dispute_desk'

const MICROS_PER_MS = 1_000n

/** The ids of what a move may make, chosen in the shell. */
export type DisputeIds = { readonly transaction: Uuid; readonly money: Uuid; readonly fee: Uuid }

type Of = Pick<Dispute, 'currency' | 'rail'>

const accountsOf = ({ currency, rail }: Of) => ({
  available: chartAccount('balance_available', currency),
  receivable: chartAccount('rail_receivable', currency, rail),
  fees: chartAccount('dispute_fees', currency),
})

export const declareDisputePostings = (declare: Declare, of: Of, ids: DisputeIds): void =>
  declarePostings(declare, { accounts: Object.values(accountsOf(of)), ids: [ids.money, ids.fee] })

/** What a dispute is shown with. */
export const declareTransactions = (declare: Declare, found: Found, id: Uuid): void => {
  for (const each of found(disputes.table, id)?.balanceTransactions ?? []) {
    declare(balanceTransactions.table, each)
  }
}

export const transactionsOf = (draft: Draft, dispute: Dispute): BalanceTransaction[] =>
  dispute.balanceTransactions.map((id) => {
    const row = draft.get(balanceTransactions.table, id)
    assert(row !== undefined, 'a dispute has its balance transactions')
    return row
  })

export type DisputeApplied = {
  readonly ids: DisputeIds
  readonly livemode: boolean
  readonly request: EventRequest | null
  /** What a dispute costs, in hundredths of a unit of its currency. */
  readonly fee: number
}

const moveMoney = (
  dispute: Dispute,
  kind: 'withdraw' | 'reinstate',
  ids: DisputeIds,
  fee: bigint,
): Posting[] => {
  const { available, receivable, fees } = accountsOf(dispute)
  const externalReference = showId(DISPUTE_PREFIX, dispute.id)
  const money = { kind: 'move', id: ids.money, amount: dispute.amount, externalReference } as const
  if (kind === 'reinstate')
    return [{ ...money, debit: receivable, credit: available, code: POSTING_CODES.dispute_reinstated }]
  const withdrawn = { ...money, debit: available, credit: receivable, code: POSTING_CODES.dispute_withdrawn }
  if (fee === 0n) return [withdrawn]
  return [
    withdrawn,
    {
      kind: 'move',
      id: ids.fee,
      debit: available,
      credit: fees,
      amount: fee,
      code: POSTING_CODES.dispute_fee,
      externalReference,
    },
  ]
}

/** The balance transaction and the postings of a withdrawal with its fee, or of a reinstatement without it. */
const moveBalance = (
  draft: Draft,
  dispute: Dispute,
  kind: 'withdraw' | 'reinstate',
  { ids, fee: hundredths }: DisputeApplied,
): Dispute => {
  const isWithdrawal = kind === 'withdraw'
  const fee = isWithdrawal ? disputeFeeOf(moneyOf(dispute.currency), hundredths) : 0n
  const shownFee = stripeFromMinor(moneyOf(dispute.currency), fee)
  assert(typeof shownFee === 'bigint', 'the fee of a dispute can be shown')
  post(draft, moveMoney(dispute, kind, ids, fee))
  const charge = showId(CHARGE_PREFIX, dispute.charge)
  addBalanceTransaction(draft, {
    id: ids.transaction,
    type: 'adjustment',
    reportingCategory: isWithdrawal ? 'dispute' : 'dispute_reversal',
    source: showId(DISPUTE_PREFIX, dispute.id),
    currency: dispute.currency,
    amount: isWithdrawal ? -dispute.amount : dispute.amount,
    fee,
    description: `Chargeback ${isWithdrawal ? 'withdrawal' : 'reversal'} for ${charge}`,
    feeDetails:
      fee === 0n ? [] : [{ amount: Number(shownFee), type: 'stripe_fee', description: 'Dispute fee' }],
    availableOnMicros: null,
  })
  return { ...dispute, balanceTransactions: [...dispute.balanceTransactions, ids.transaction] }
}

const setTimers = (draft: Draft, before: Dispute | null, after: Dispute): void => {
  const isDue = takesEvidence(after.status) && !after.pastDue
  setTimer(draft, {
    kind: DISPUTE_DUE_TIMER,
    subject: after.id,
    dueMicros: isDue ? after.evidenceDueMicros : null,
  })
  if (after.untold === (before?.untold ?? null)) return
  // Whoever made the answer tells the rail at once; this is for when he cannot.
  const dueMicros = BigInt(draft.wallMs + HEAL_AFTER_MS) * MICROS_PER_MS
  setTimer(draft, {
    kind: DISPUTE_DESK_TIMER,
    subject: after.id,
    dueMicros: after.untold === null ? null : dueMicros,
    clock: 'wall',
  })
}

const typesOf = (before: Dispute | null, { posting, isClosed }: DisputeMove): string[] => [
  before === null ? 'created' : isClosed ? 'closed' : 'updated',
  ...(posting === 'withdraw' ? ['funds_withdrawn'] : []),
  ...(posting === 'reinstate' ? ['funds_reinstated'] : []),
]

/** Makes a dispute what it becomes, with its postings, its timers and its events, in one commit. */
export const applyDisputeMove = (
  draft: Draft,
  before: Dispute | null,
  move: DisputeMove,
  applied: DisputeApplied,
): Dispute => {
  const { livemode, request } = applied
  const shownBefore =
    before === null ? null : showDispute(before, { livemode, transactions: transactionsOf(draft, before) })
  const after = move.posting === null ? move.dispute : moveBalance(draft, move.dispute, move.posting, applied)
  draft.put(disputes.table, after.id, after)
  setTimers(draft, before, after)
  const object = showDispute(after, { livemode, transactions: transactionsOf(draft, after) })
  const previous = shownBefore === null ? null : previousAttributes(shownBefore, object)
  for (const type of typesOf(before, move)) {
    recordEvent(draft, {
      type: `charge.dispute.${type}`,
      object,
      previous: type === 'updated' || type === 'closed' ? previous : null,
      request,
    })
  }
  return after
}
