import { type Declare, type Draft, setTimer } from '../database/index.ts'
import { type EventRequest, recordEvent } from '../events/index.ts'
import { assert, showId, type Uuid } from '../kit/index.ts'
import { declarePostings, type Posting, post } from '../ledger/index.ts'
import { previousAttributes } from '../requests/index.ts'
import { addBalanceTransaction } from './balance.ts'
import { chartAccount, POSTING_CODES } from './chart.ts'
import { withRefunded } from './core/charges.ts'
import type { Charge, Refund } from './core/model.ts'
import { moveRefund, type RefundMove, type RefundPosting, type RefundTold } from './core/refunds.ts'
import { HEAL_AFTER_MS, HEAL_PAUSES_MS } from './limits.ts'
import { charges, refunds } from './store/tables.ts'
import { showCharge } from './views.ts'
import { REFUND_PREFIX, showRefund } from './views-refunds.ts'

/** Fires by the wall clock when the rail is to be asked what became of a refund; its subject is the refund. */
export const REFUND_TIMER = 'payments.refund'

const MICROS_PER_MS = 1_000n

/** The ids of what a move may make, chosen in the shell. */
export type MoveIds = { readonly posting: Uuid; readonly transaction: Uuid }

const accountsOf = ({ currency, rail }: Pick<Refund, 'currency' | 'rail'>) => ({
  available: chartAccount('balance_available', currency),
  pending: chartAccount('refunds_pending', currency),
  receivable: chartAccount('rail_receivable', currency, rail),
})

/** What the moves of a refund post to. */
export const declareRefundPostings = (
  declare: Declare,
  of: Pick<Refund, 'currency' | 'rail'>,
  posting: Uuid,
): void => declarePostings(declare, { accounts: Object.values(accountsOf(of)), ids: [posting] })

/** The refund leaves the balance at once; the rail has not confirmed it yet. */
export const postCreated = (draft: Draft, refund: Refund, posting: Uuid): void => {
  const { available, pending } = accountsOf(refund)
  post(draft, [
    {
      kind: 'move',
      id: posting,
      debit: available,
      credit: pending,
      amount: refund.amount,
      code: POSTING_CODES.refund,
      externalReference: showId(REFUND_PREFIX, refund.id),
    },
  ])
}

const postingOf = (refund: Refund, kind: Exclude<RefundPosting, null>, id: Uuid): Posting => {
  const { available, pending, receivable } = accountsOf(refund)
  const common = {
    kind: 'move',
    id,
    amount: refund.amount,
    externalReference: showId(REFUND_PREFIX, refund.id),
  } as const
  switch (kind) {
    case 'settle':
      return { ...common, debit: pending, credit: receivable, code: POSTING_CODES.refund_settled }
    case 'give_back':
      return { ...common, debit: pending, credit: available, code: POSTING_CODES.refund_failed }
    case 'take_back_from_rail':
      return { ...common, debit: receivable, credit: available, code: POSTING_CODES.refund_failed }
  }
}

/** The money is the owner's again: on the balance, and what may be refunded of the charge. */
const giveBack = (draft: Draft, refund: Refund, charge: Charge, transaction: Uuid): Refund => {
  addBalanceTransaction(draft, {
    id: transaction,
    type: 'refund_failure',
    reportingCategory: 'refund_failure',
    source: showId(REFUND_PREFIX, refund.id),
    currency: refund.currency,
    amount: refund.amount,
    fee: 0n,
    description: 'REFUND FAILURE',
    feeDetails: [],
    availableOnMicros: null,
  })
  draft.put(charges.table, charge.id, withRefunded(charge, -refund.amount))
  return { ...refund, failureBalanceTransaction: transaction }
}

/** A lost answer is asked for again and again, less and less often; one that was promised, now and then. */
const pauseOf = ({ progress, enquiries }: Refund): number | null => {
  const last = HEAL_PAUSES_MS[HEAL_PAUSES_MS.length - 1] ?? HEAL_AFTER_MS
  switch (progress) {
    case 'sent':
      return HEAL_AFTER_MS
    case 'unknown':
      return HEAL_PAUSES_MS[enquiries - 1] ?? last
    case 'taken':
      return last
    case 'done':
      return null
  }
}

export const setRefundTimer = (draft: Draft, refund: Refund): void => {
  const pauseMs = pauseOf(refund)
  setTimer(draft, {
    kind: REFUND_TIMER,
    subject: refund.id,
    dueMicros: pauseMs === null ? null : BigInt(draft.wallMs + pauseMs) * MICROS_PER_MS,
    clock: 'wall',
  })
}

type Telling = {
  readonly before: Refund
  readonly after: Refund
  readonly charge: Charge
  readonly livemode: boolean
  readonly request: EventRequest | null
}

/** Of a refund is first told what the rail's first answer made of it; after that, every change. */
const tell = (draft: Draft, { before, after, charge, livemode, request }: Telling): void => {
  const object = showRefund(after)
  const hasFailed = after.status === 'failed' && before.status !== 'failed'
  if (before.progress === 'sent') {
    recordEvent(draft, { type: 'refund.created', object, request })
    if (!hasFailed) {
      const shown = showCharge(charge, livemode)
      const previous = previousAttributes(showCharge(withRefunded(charge, -after.amount), livemode), shown)
      recordEvent(draft, { type: 'charge.refunded', object: shown, previous, request })
    }
  } else {
    const previous = previousAttributes(showRefund(before), object)
    if (previous === null) return
    recordEvent(draft, { type: 'refund.updated', object, previous, request })
    recordEvent(draft, { type: 'charge.refund.updated', object, previous, request })
  }
  if (hasFailed) recordEvent(draft, { type: 'refund.failed', object, request })
}

const chargeOf = (draft: Draft, refund: Refund): Charge => {
  const charge = draft.get(charges.table, refund.charge)
  assert(charge !== undefined, 'a refund has its charge')
  return charge
}

export type Applied = {
  readonly ids: MoveIds
  readonly livemode: boolean
  readonly request: EventRequest | null
}

const applyMove = (draft: Draft, before: Refund, move: RefundMove, applied: Applied): Refund => {
  const { posting } = move
  if (posting !== null) post(draft, [postingOf(before, posting, applied.ids.posting)])
  const after =
    posting === null || posting === 'settle'
      ? move.refund
      : giveBack(draft, move.refund, chargeOf(draft, before), applied.ids.transaction)
  draft.put(refunds.table, after.id, after)
  setRefundTimer(draft, after)
  const { livemode, request } = applied
  tell(draft, { before, after, charge: chargeOf(draft, before), livemode, request })
  return after
}

/** Makes of the refund what it is told, with its postings, its events and its timer; what is not news changes nothing. */
export const tellRefund = (draft: Draft, refund: Refund, told: RefundTold, applied: Applied): Refund => {
  const move = moveRefund(refund, told)
  if (move !== null) return applyMove(draft, refund, move, applied)
  // The timer that asked is moved on even where the answer was known.
  setRefundTimer(draft, refund)
  return refund
}
