import type { Micros, Uuid } from '../../kit/index.ts'
import type { Attempt, Charge, Dispute, Refund } from './model.ts'

/*
 * A rail pays for orders. For each order there is what we expect by our own books, and what was accounted for by earlier
 * settlements; the rest is what a line should say. What it says otherwise is a difference, which stands in an account of
 * its own until somebody explains it.
 */

/** A settlement as it was taken in. */
export type SettlementRow = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly rail: string
  /** The rail's own name of it. */
  readonly name: string
  readonly day: string
  readonly currency: string
  readonly lines: number
  readonly net: bigint
  readonly cost: bigint
  readonly expected: bigint
  readonly difference: bigint
}

/** How much of what we expected of an order has been accounted for. */
export type Clearing = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly order: string
  readonly settlement: Uuid
  readonly cleared: bigint
  /** In how many lines the rail accounted for it, and what they add up to. Rows of before it was counted have none. */
  readonly lines?: number
  readonly paid?: bigint
  /** The launch whose way the order went, while the rail's lines say otherwise than our books. */
  readonly offBy?: Uuid | null
}

/**
 * What another line makes of an order's account. Of a capture that went a launched way it is remembered whether the rail
 * paid otherwise than expected, or more than once. (Several chargebacks of one charge are several lines by right.)
 */
export const withLine = (
  row: Clearing,
  before: Clearing | undefined,
  line: { readonly kind: string; readonly amount: bigint; readonly launch: Uuid | null },
): Clearing => {
  const lines = (before?.lines ?? 0) + 1
  const paid = (before?.paid ?? 0n) + line.amount
  const isOff = line.kind === 'capture' && (paid !== row.cleared || lines > 1)
  return { ...row, lines, paid, offBy: isOff ? line.launch : null }
}

/** A capture brings what was captured with it. */
export const expectedOfCapture = (attempt: Attempt, charge: Charge): bigint => {
  const takes =
    attempt.order === 'capture' || (attempt.order === 'authorise' && attempt.capture === 'automatic')
  return takes && attempt.state === 'succeeded' && charge.captured ? charge.amountCaptured : 0n
}

export const expectedOfRefund = (refund: Refund): bigint =>
  refund.status === 'succeeded' ? -refund.amount : 0n

/** All that was ever withdrawn for the disputes of one charge. */
export const expectedOfChargebacks = (disputes: readonly Dispute[]): bigint =>
  disputes.reduce((sum, each) => (each.balanceTransactions.length > 0 ? sum - each.amount : sum), 0n)

/** What of it was given again. */
export const expectedOfReversals = (disputes: readonly Dispute[]): bigint =>
  disputes.reduce((sum, each) => (each.balanceTransactions.length > 1 ? sum + each.amount : sum), 0n)

export type SettlementSums = {
  /** What came in. */
  readonly net: bigint
  /** What the rail kept. */
  readonly cost: bigint
  readonly expected: bigint
}

/** What was paid, cost included, other than expected. */
export const differenceOf = ({ net, cost, expected }: SettlementSums): bigint => net + cost - expected
