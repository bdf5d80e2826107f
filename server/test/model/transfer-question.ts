import type { Books } from './books.ts'
import type { TransferCommand } from './command.ts'
import type { Transfer } from './journal.ts'
import type { TransferStatus } from './statuses.ts'

/** One transfer, asked of the books at a moment. */
export type Asked = {
  readonly books: Books
  readonly command: TransferCommand
  /** The time that the transfer would be recorded with, and the day that it falls on. */
  readonly timeMicros: bigint
  readonly day: string
}

export type Verdict = { readonly status: TransferStatus; readonly transfer: Transfer | null }

export const refused = (status: TransferStatus): Verdict => ({ status, transfer: null })
