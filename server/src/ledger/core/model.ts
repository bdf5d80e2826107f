import type { Day, Micros, Uuid } from '../../kit/index.ts'

/** The largest amount and balance: 64-bit, signed, as PostgreSQL's bigint holds it. */
export const AMOUNT_MAX = 9_223_372_036_854_775_807n

export type Metadata = Readonly<Record<string, string>>

/** A set of books in one currency. Only accounts of the same ledger can trade. */
export type Ledger = {
  readonly number: number
  readonly name: string
  readonly currency: string
  readonly createdMicros: Micros
}

/** The four balances, in minor units. A balance is never edited; only transfers change it. */
export type Balances = {
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
}

export type Account = Balances & {
  readonly id: Uuid
  readonly ledger: number
  readonly currency: string
  readonly code: number
  /** Bits of ACCOUNT_FLAGS as given when the account was made, without `closed`. */
  readonly flags: number
  /** Closed as it is now: by a closing transfer, or from the start. */
  readonly closed: boolean
  readonly userData: bigint
  readonly timeMicros: Micros
  readonly reference: string | null
  readonly metadata: Metadata | null
  /**
   * The newest book date that was posted, and what was posted on all days before it, which is what the daily totals
   * add up to. What was posted on the newest day is the rest, so a posting on a usual day writes no total at all.
   */
  readonly bookDay: Day
  readonly dailyDebits: bigint
  readonly dailyCredits: bigint
}

/** An account as a caller asks for it. Zero and null stand for what was not given. */
export type AccountCommand = {
  readonly id: Uuid
  readonly ledger: number
  readonly code: number
  readonly flags: number
  readonly userData: bigint
  /** Only with `imported`: when the account was really opened. */
  readonly timeMicros: Micros
  readonly currency: string | null
  readonly reference: string | null
  readonly metadata: Metadata | null
}

/**
 * A transfer as a caller asks for it. In a post or void, zero and null stand for the pending transfer's own;
 * AMOUNT_MAX in a post and 0 in a void for all of it; with a balancing flag AMOUNT_MAX for as much as possible.
 */
export type TransferCommand = {
  readonly id: Uuid
  readonly debit: Uuid
  readonly credit: Uuid
  readonly amount: bigint
  readonly pendingId: Uuid
  readonly ledger: number
  readonly code: number
  readonly flags: number
  readonly timeoutS: number
  readonly userData: bigint
  /** Only with `imported`: when the money really moved. */
  readonly timeMicros: Micros
  readonly currency: string | null
  readonly externalReference: string | null
  readonly bookDay: Day | null
  readonly valueDay: Day | null
  readonly metadata: Metadata | null
}

/**
 * A transfer as it is recorded, once and for all. It carries both accounts' balances after it,
 * so each of its two sides is an entry in an account's statement.
 * A row without id is the expiry of the pending transfer that `pendingId` names.
 */
export type Transfer = {
  readonly id: Uuid | null
  readonly timeMicros: Micros
  /** The tenant's own count of transfers and expiries: 1, 2, 3 … without a gap. */
  readonly sequence: bigint
  readonly debit: Uuid
  readonly credit: Uuid
  /** What was really moved or held; in a void or expiry, what was released. */
  readonly amount: bigint
  /** What a post, void or expiry took out of the pending balances: the whole hold. Zero otherwise. */
  readonly released: bigint
  readonly pendingId: Uuid
  readonly ledger: number
  readonly currency: string
  readonly code: number
  readonly flags: number
  readonly timeoutS: number
  readonly userData: bigint
  readonly externalReference: string | null
  readonly bookDay: Day
  readonly valueDay: Day
  readonly metadata: Metadata | null
  readonly debitAfter: Balances
  readonly creditAfter: Balances
}

/** A pending transfer: pending → posted | voided | expired, once. */
export type HoldState = 'pending' | 'posted' | 'voided' | 'expired'

export type Hold = {
  readonly id: Uuid
  readonly state: HoldState
  readonly debit: Uuid
  readonly credit: Uuid
  readonly amount: bigint
  readonly ledger: number
  /** Null: the hold never expires. */
  readonly expiresMicros: Micros | null
  /** The transfer or expiry that resolved it, by the tenant's sequence. */
  readonly resolvedBy: bigint | null
}
