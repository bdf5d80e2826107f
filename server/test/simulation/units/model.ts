import type { Case, Entry } from './acquirer.ts'

/*
 * What everybody is owed, by the acquirer's books alone: written without a look at how payments does it, and as simply
 * as can be, with the prices of the test (2.9 % and 0.30, a dispute 15.00).
 */

const DISPUTE_FEE = 1_500n

export const feeOf = (amount: bigint): bigint => {
  const fee = (amount * 290n + 5_000n) / 10_000n + 30n
  return fee > amount ? amount : fee
}

export type Paid = { readonly paid: bigint; readonly refunded: bigint }

export type Owed = {
  /** By the authorisation's reference. */
  readonly payments: ReadonlyMap<string, Paid>
  readonly paid: bigint
  readonly refunded: bigint
  readonly fees: bigint
  readonly disputeFees: bigint
  /** Taken back for disputes that were not won. */
  readonly withdrawn: bigint
  /** The merchant's. */
  readonly owed: bigint
  /** What the rail has of it. */
  readonly receivable: bigint
}

export const owedBy = (entries: Iterable<Entry>, cases: Iterable<Case>): Owed => {
  const payments = new Map<string, { paid: bigint; refunded: bigint }>()
  let fees = 0n
  for (const { kind, of, amount, state, isHold } of entries) {
    const one = payments.get(of) ?? { paid: 0n, refunded: 0n }
    payments.set(of, one)
    if (state !== 'succeeded') continue
    const isTaking = kind === 'capture' || (kind === 'authorise' && !isHold)
    if (isTaking) {
      one.paid += amount
      fees += feeOf(amount)
    }
    if (kind === 'refund') one.refunded += amount
  }
  let disputeFees = 0n
  let withdrawn = 0n
  for (const { state, wasOpened, amount } of cases) {
    if (!wasOpened) continue
    disputeFees += DISPUTE_FEE
    if (state !== 'won') withdrawn += amount
  }
  const sum = (pick: (one: Paid) => bigint): bigint =>
    [...payments.values()].reduce((total, one) => total + pick(one), 0n)
  const paid = sum((one) => one.paid)
  const refunded = sum((one) => one.refunded)
  const receivable = paid - refunded - withdrawn
  return {
    payments,
    paid,
    refunded,
    fees,
    disputeFees,
    withdrawn,
    owed: receivable - fees - disputeFees,
    receivable,
  }
}
