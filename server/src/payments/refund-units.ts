import {
  type Claim,
  type Draft,
  type Found,
  type Round,
  type Step,
  setTimer,
  type Unit,
} from '../database/index.ts'
import { missingReply, refusalReply } from '../http/index.ts'
import {
  type MoneyCurrency,
  minorFromStripe,
  type Reply,
  showId,
  type TenantId,
  type Uuid,
} from '../kit/index.ts'
import { objectReply, type UnitRequest } from '../requests/index.ts'
import { addBalanceTransaction } from './balance.ts'
import { moneyOf } from './chart.ts'
import { withRefunded } from './core/charges.ts'
import type { Charge, Dispute, Refund } from './core/model.ts'
import { decideRefund, nothingToRefund, type RefundRefusal, type RefundTold } from './core/refunds.ts'
import { STEP_LEASE_MS, WORK_DEADLINE_MS } from './limits.ts'
import {
  type Applied,
  declareRefundPostings,
  type MoveIds,
  postCreated,
  REFUND_TIMER,
  setRefundTimer,
  tellRefund,
} from './refund-move.ts'
import { charges, disputes, intents, refunds } from './store/tables.ts'
import { CHARGE_PREFIX, INTENT_PREFIX } from './views.ts'
import { REFUND_PREFIX, showRefund } from './views-refunds.ts'

/** A refund as it is asked for. */
export type RefundOrder = {
  readonly id: Uuid
  readonly ids: MoveIds
  /** The charge, or the payment whose latest charge is meant. */
  readonly of: { readonly charge: Uuid } | { readonly intent: Uuid }
  /** As it was sent; null for all that is left. */
  readonly amount: number | null
  readonly reason: Refund['reason']
  readonly metadata: Refund['metadata']
  readonly requestId: string
  /** Disputes of the charge that are known when the request comes; the newest is found by the charge as well. */
  readonly disputes: readonly Uuid[]
}

/** What the rail is asked, by our own reference. It is durable before anything is sent. */
export type RefundStep = Step & {
  readonly refund: Uuid
  readonly rail: string
  readonly authorisation: string
  readonly amount: string
  readonly currency: string
}

export const stepOf = (refund: Refund): RefundStep => ({
  refund: refund.id,
  rail: refund.rail,
  authorisation: refund.authorisation,
  amount: String(refund.amount),
  currency: refund.currency,
})

const refusedAs = ({ code, param, message }: RefundRefusal): Reply =>
  refusalReply({ kind: 'precondition', code, message, param })

type Refused = { readonly refused: Reply }
type Ready = { readonly charge: Charge; readonly amount: bigint }

/** The charge that is meant, once its payment is known. */
const chargeIdOf = (found: Found, { of }: RefundOrder): Uuid | null => {
  if ('charge' in of) return of.charge
  return found(intents.table, of.intent)?.latestCharge ?? null
}

const openRounds = (order: RefundOrder): Round[] => {
  const byCharge: Round = (declare, found) => {
    const id = chargeIdOf(found, order)
    if (id !== null) declare(charges.table, id)
  }
  const behind: Round = (declare, found) => {
    const id = chargeIdOf(found, order)
    const charge = id === null ? undefined : found(charges.table, id)
    if (charge === undefined) return
    if (charge.dispute !== null) declare(disputes.table, charge.dispute)
    declareRefundPostings(declare, charge, order.ids.posting)
  }
  const first: Round = (declare) => {
    if ('intent' in order.of) declare(intents.table, order.of.intent)
    else declare(charges.table, order.of.charge)
    for (const dispute of order.disputes) declare(disputes.table, dispute)
  }
  return 'charge' in order.of ? [first, behind] : [first, byCharge, behind]
}

const findCharge = (draft: Draft, { of }: RefundOrder): Charge | Refused => {
  if ('charge' in of) {
    const charge = draft.get(charges.table, of.charge)
    return charge ?? { refused: missingReply('charge', showId(CHARGE_PREFIX, of.charge), 'charge') }
  }
  const shown = showId(INTENT_PREFIX, of.intent)
  const intent = draft.get(intents.table, of.intent)
  if (intent === undefined) return { refused: missingReply('payment_intent', shown, 'payment_intent') }
  const charge = intent.latestCharge === null ? undefined : draft.get(charges.table, intent.latestCharge)
  return charge ?? { refused: refusedAs(nothingToRefund(shown)) }
}

const disputesOf = (draft: Draft, charge: Charge, order: RefundOrder): Dispute[] =>
  [...new Set([...order.disputes, ...(charge.dispute === null ? [] : [charge.dispute])])]
    .map((id) => draft.get(disputes.table, id))
    .filter((dispute) => dispute !== undefined)

const readMinor = (amount: number | null, currency: MoneyCurrency): bigint | null | Refused => {
  if (amount === null) return null
  const minor = minorFromStripe(currency, BigInt(amount))
  if (typeof minor === 'bigint') return minor
  const message = `Invalid amount: ${minor.reason}.`
  return {
    refused: refusalReply({ kind: 'invalid', code: 'parameter_invalid_integer', param: 'amount', message }),
  }
}

const isRefused = (value: unknown): value is Refused =>
  typeof value === 'object' && value !== null && 'refused' in value

const check = (draft: Draft, order: RefundOrder): Ready | Refused => {
  const charge = findCharge(draft, order)
  if (isRefused(charge)) return charge
  const currency = moneyOf(charge.currency)
  const amount = readMinor(order.amount, currency)
  if (isRefused(amount)) return amount
  const shown = {
    charge: showId(CHARGE_PREFIX, charge.id),
    intent: showId(INTENT_PREFIX, charge.intent),
  }
  const decision = decideRefund(
    { amount, shown, exponent: currency.exponent },
    charge,
    disputesOf(draft, charge, order),
  )
  return decision.kind === 'refused'
    ? { refused: refusedAs(decision.refusal) }
    : { charge, amount: decision.amount }
}

const claimOf = (claim: Claim | null): Refund['claim'] =>
  claim === null ? null : { scope: claim.scope, key: claim.key, digest: claim.digest.toString('hex') }

const describe = ({ description }: Charge): string =>
  description === null ? 'REFUND FOR CHARGE' : `REFUND FOR CHARGE (${description})`

const make = (draft: Draft, order: RefundOrder, { charge, amount }: Ready, claim: Claim | null): Refund => {
  const transaction = addBalanceTransaction(draft, {
    id: order.ids.transaction,
    type: 'refund',
    reportingCategory: 'refund',
    source: showId(REFUND_PREFIX, order.id),
    currency: charge.currency,
    amount: -amount,
    fee: 0n,
    description: describe(charge),
    feeDetails: [],
    availableOnMicros: null,
  })
  const refund: Refund = {
    id: order.id,
    createdMicros: draft.nextTime(),
    charge: charge.id,
    intent: charge.intent,
    customer: charge.customer,
    paymentMethod: charge.paymentMethod,
    rail: charge.rail,
    authorisation: charge.attempt,
    amount,
    currency: charge.currency,
    status: 'pending',
    progress: 'sent',
    reason: order.reason,
    metadata: order.metadata,
    failureReason: null,
    balanceTransaction: transaction.id,
    failureBalanceTransaction: null,
    railReference: null,
    claim: claimOf(claim),
    requestId: order.requestId,
    enquiries: 0,
    ...(charge.stamps === undefined ? {} : { stamps: charge.stamps }),
  }
  postCreated(draft, refund, order.ids.posting)
  draft.put(refunds.table, refund.id, refund)
  setRefundTimer(draft, refund)
  const after = withRefunded(charge, amount)
  const fraudDetails =
    order.reason === 'fraudulent' ? { ...after.fraudDetails, userReport: 'fraudulent' } : after.fraudDetails
  draft.put(charges.table, charge.id, { ...after, fraudDetails })
  return refund
}

/** Refuses, or makes the refund with its postings, and leaves the step that the rail is then asked by. */
export const openRefundUnit = (request: UnitRequest, order: RefundOrder): Unit<RefundStep | null> => ({
  ...request,
  name: 'payments.refunds.open',
  items: 1,
  reads: openRounds(order),
  decide: (draft) => {
    const checked = check(draft, order)
    if (isRefused(checked)) return { kind: 'answer', answer: null, reply: checked.refused }
    const step = stepOf(make(draft, order, checked, request.claim))
    return { kind: 'step', answer: step, step, leaseMs: STEP_LEASE_MS }
  },
})

const refundRounds = (id: Uuid, posting: Uuid): Round[] => [
  (declare) => declare(refunds.table, id),
  (declare, found) => {
    const refund = found(refunds.table, id)
    if (refund === undefined) return
    declare(charges.table, refund.charge)
    declareRefundPostings(declare, refund, posting)
  },
]

export type RefundTelling = {
  readonly refund: Uuid
  readonly told: RefundTold
  readonly applied: Omit<Applied, 'request'>
  /** It is the answer to the request that made the refund, which its events then name. */
  readonly isAnswer: boolean
}

const requestOf = (refund: Refund, isAnswer: boolean): Applied['request'] =>
  isAnswer || refund.progress === 'sent'
    ? { id: refund.requestId, idempotencyKey: refund.claim?.key ?? null }
    : null

/** Whatever the outside says of a refund, by answer, enquiry or notification: null where there is no such refund. */
export const tellRefundUnit = (request: UnitRequest, telling: RefundTelling): Unit<Refund | null> => ({
  ...request,
  name: 'payments.refunds.tell',
  items: 1,
  duringAdvance: true,
  reads: refundRounds(telling.refund, telling.applied.ids.posting),
  decide: (draft) => {
    const refund = draft.get(refunds.table, telling.refund)
    if (refund === undefined) {
      setTimer(draft, { kind: REFUND_TIMER, subject: telling.refund, dueMicros: null })
      return { kind: 'answer', answer: null, reply: null }
    }
    const after = tellRefund(draft, refund, telling.told, {
      ...telling.applied,
      request: requestOf(refund, telling.isAnswer),
    })
    return { kind: 'answer', answer: after, reply: objectReply(showRefund(after)) }
  },
})

/** Ends a refund that waits for the customer; in any other state it is refused. */
export const endRefundUnit = (
  request: UnitRequest,
  ending: {
    readonly refund: Uuid
    readonly told: RefundTold & { readonly kind: 'canceled' | 'expired' }
    readonly applied: Applied
  },
): Unit<null> => ({
  ...request,
  name: `payments.refunds.${ending.told.kind}`,
  items: 1,
  reads: refundRounds(ending.refund, ending.applied.ids.posting),
  decide: (draft) => {
    const shown = showId(REFUND_PREFIX, ending.refund)
    const refund = draft.get(refunds.table, ending.refund)
    if (refund === undefined) return { kind: 'answer', answer: null, reply: missingReply('refund', shown) }
    if (refund.status !== 'requires_action') {
      const message = `You cannot ${ending.told.kind === 'canceled' ? 'cancel' : 'expire'} this refund (${shown}) because it has a status of ${refund.status}. Only a refund with the status requires_action can be ${ending.told.kind}.`
      const reply = refusalReply({ kind: 'precondition', code: 'refund_unexpected_state', message })
      return { kind: 'answer', answer: null, reply }
    }
    const after = tellRefund(draft, refund, ending.told, ending.applied)
    return { kind: 'answer', answer: null, reply: objectReply(showRefund(after)) }
  },
})

/** For work that no request waits for. */
export const workRequest = (tenant: TenantId, nowMs: number): UnitRequest => ({
  tenant,
  bytes: 0,
  deadlineMs: nowMs + WORK_DEADLINE_MS,
  claim: null,
})
