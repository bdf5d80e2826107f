// What the ledger's calls take. Amounts are integers of minor units, as numbers or bigints of up to 2^53 - 1.

import type { AccountFlag, Metadata, TransferFlag } from './ledger-types.ts'
import type { PageParams } from './pages.ts'

export type Amount = number | bigint

/** A moment in seconds since 1970, or bounds. */
export type Range =
  | number
  | { readonly gt?: number; readonly gte?: number; readonly lt?: number; readonly lte?: number }

export type LedgerParams = { readonly number: number; readonly name: string; readonly currency: string }

export type AccountParams = {
  /** A UUID of your own choice makes retries safe for ever; one is made where it is left out. */
  readonly id?: string
  readonly ledger: number
  readonly code: number
  readonly flags?: readonly AccountFlag[]
  readonly currency?: string
  readonly reference?: string
  readonly user_data?: Amount
  readonly timestamp_us?: Amount
  readonly metadata?: Metadata
}

type TransferDetails = {
  readonly id?: string
  readonly user_data?: Amount
  readonly external_reference?: string
  readonly book_date?: string
  readonly value_date?: string
  readonly metadata?: Metadata
}

export type TransferParams = TransferDetails & {
  readonly debit_account?: string
  readonly credit_account?: string
  readonly amount?: Amount
  readonly pending_id?: string
  readonly ledger?: number
  readonly code?: number
  readonly flags?: readonly TransferFlag[]
  readonly timeout?: number
  readonly currency?: string
  readonly timestamp_us?: Amount
}

/** All of the hold is posted where the amount is left out. */
export type PostParams = TransferDetails & { readonly amount?: Amount }
export type VoidParams = TransferDetails

export type BatchParams =
  | { readonly accounts: readonly AccountParams[] }
  | { readonly transfers: readonly TransferParams[] }

/** The last day to be closed, in the tenant's time zone. */
export type CloseParams = { readonly date: string }
/** A day of the period to be reopened; all later ones are reopened with it. */
export type ReopenParams = { readonly date: string; readonly reason: string }

/** Of these at most one. */
export type AsOf = {
  readonly as_of?: number
  readonly as_of_us?: Amount
  readonly as_of_book_date?: string
}

export type AccountFilter = PageParams & {
  readonly ledger?: number
  readonly reference?: string
  readonly created?: Range
}

export type EntryFilter = PageParams & {
  readonly side?: 'debit' | 'credit'
  readonly book_date_from?: string
  readonly book_date_to?: string
  readonly created?: Range
}

export type TransferFilter = PageParams & {
  readonly debit_account?: string
  readonly credit_account?: string
  readonly pending_id?: string
  readonly external_reference?: string
  readonly created?: Range
}
