import type { Uuid } from '../../src/kit/index.ts'

/** What the model is asked to do, in the ledger's own words. Every field is present; absence is a zero or null. */

export type Id = Uuid

export const ZERO_ID = '00000000-0000-0000-0000-000000000000' as Id
export const MAX_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff' as Id

/** The largest amount, and the largest value that any of the four balances and their sums may reach. */
export const MAX_AMOUNT = 2n ** 63n - 1n

export const ACCOUNT_FLAGS = [
  'linked',
  'debits_must_not_exceed_credits',
  'credits_must_not_exceed_debits',
  'history',
  'imported',
  'closed',
] as const

export const TRANSFER_FLAGS = [
  'linked',
  'pending',
  'post_pending_transfer',
  'void_pending_transfer',
  'balancing_debit',
  'balancing_credit',
  'closing_debit',
  'closing_credit',
  'imported',
] as const

export type AccountFlag = (typeof ACCOUNT_FLAGS)[number]
export type TransferFlag = (typeof TRANSFER_FLAGS)[number]

export type AccountCommand = {
  readonly id: Id
  readonly ledger: number
  readonly code: number
  /** A set; naming a flag twice is naming it once. */
  readonly flags: readonly AccountFlag[]
  readonly userData: bigint
  /** 0 unless imported. */
  readonly timeMicros: bigint
  /** Null stands for the ledger's own. */
  readonly currency: string | null
  readonly reference: string | null
}

export type TransferCommand = {
  readonly id: Id
  readonly debit: Id
  readonly credit: Id
  readonly amount: bigint | 'max'
  readonly pendingId: Id
  readonly ledger: number
  readonly code: number
  readonly flags: readonly TransferFlag[]
  readonly timeoutS: number
  readonly userData: bigint
  readonly timeMicros: bigint
  readonly currency: string | null
  readonly externalReference: string | null
  /** YYYY-MM-DD; null stands for the day of the recorded time. */
  readonly bookDate: string | null
  /** Null stands for the book date. */
  readonly valueDate: string | null
}

export const isSecondPhase = (command: Pick<TransferCommand, 'flags'>): boolean =>
  command.flags.includes('post_pending_transfer') || command.flags.includes('void_pending_transfer')

export const sameFlags = (one: readonly string[], other: readonly string[]): boolean =>
  new Set(one).symmetricDifference(new Set(other)).size === 0
