import type { Uuid } from '../../kit/index.ts'

/*
 * What may never happen to money that goes a launched way: once is enough. Nothing here is counted or estimated; a charge
 * is held against its postings, its balance transaction and what its rail paid for it.
 */

export type Invariant = 'duplicate_debit' | 'posting_missing' | 'money_stuck' | 'books_balance'

export type Broken = { readonly metric: Invariant; readonly charge: Uuid; readonly text: string }

/** An exposed charge that succeeded, and what the other books say of it. */
export type WatchedCharge = {
  readonly id: Uuid
  readonly amount: bigint
  readonly captured: bigint
  readonly hold: Uuid | null
  readonly transaction: Uuid | null
  readonly isCanceled: boolean
  /** Other charges of the same payment that succeeded. */
  readonly others: number
  /** Balance transactions that took money for it, and their sum. */
  readonly takings: number
  readonly taken: bigint
  /** Of the transfer that holds it, or that brought it; null where there is none. */
  readonly posted: bigint | null
}

const duplicates = ({ id, others, takings }: WatchedCharge): Broken[] => [
  ...(others > 0
    ? [
        {
          metric: 'duplicate_debit' as const,
          charge: id,
          text: 'its payment has another charge that succeeded',
        },
      ]
    : []),
  ...(takings > 1
    ? [{ metric: 'duplicate_debit' as const, charge: id, text: `its money was taken ${takings} times` }]
    : []),
]

const missing = (charge: WatchedCharge): Broken[] => {
  const { id, amount, captured, hold, transaction, isCanceled, posted } = charge
  const broken = (text: string): Broken[] => [{ metric: 'posting_missing', charge: id, text }]
  if (hold === null && transaction === null) {
    return isCanceled ? [] : broken('it succeeded, and the ledger neither holds nor has its money')
  }
  const expected = transaction === null ? amount : captured
  if (posted === null) return broken(`it succeeded over ${expected}, and the ledger has no transfer for it`)
  return posted === expected ? [] : broken(`it succeeded over ${expected}, and its transfer is of ${posted}`)
}

const unbalanced = ({ id, transaction, captured, takings, taken }: WatchedCharge): Broken[] =>
  transaction === null || (takings === 1 && taken === captured) || takings > 1
    ? []
    : [
        {
          metric: 'books_balance',
          charge: id,
          text: `${captured} were taken, and its balance transactions are of ${taken}`,
        },
      ]

export const brokenOf = (charge: WatchedCharge): Broken[] => [
  ...duplicates(charge),
  ...missing(charge),
  ...unbalanced(charge),
]

/** A capture that its rail settled otherwise than our books had it then, and what they have now. */
export type WatchedSettlement = {
  readonly charge: Uuid
  readonly lines: number
  readonly paid: bigint
  readonly captured: bigint
}

export const settledWrong = ({ charge, lines, paid, captured }: WatchedSettlement): Broken[] => {
  if (lines > 1) {
    return [
      { metric: 'duplicate_debit', charge, text: `its rail settled it in ${lines} lines, ${paid} in all` },
    ]
  }
  return paid === captured
    ? []
    : [{ metric: 'books_balance', charge, text: `${captured} were taken, and its rail settled ${paid}` }]
}

export type Found = {
  readonly metric: Invariant
  readonly count: number
  readonly charge: Uuid
  readonly text: string
}

/** One for each invariant that does not hold: how often, and the first example. */
export const summed = (broken: readonly Broken[]): Found[] =>
  [...Map.groupBy(broken, ({ metric }) => metric)].flatMap(([metric, all]) => {
    const [first] = all
    return first === undefined ? [] : [{ metric, count: all.length, charge: first.charge, text: first.text }]
  })
