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

/**
 * Whether the day that the transfer would be booked on is closed. One that names no date is asked too: that it can never
 * meet a closed period is the ledger's claim, and not taken for granted here.
 */
export const isBookedInClosedPeriod = ({ books, command, day }: Asked): boolean => {
  const closed = books.closedThrough()
  return closed !== null && (command.bookDate ?? day) <= closed
}

export type Verdict = { readonly status: TransferStatus; readonly transfer: Transfer | null }

export const refused = (status: TransferStatus): Verdict => ({ status, transfer: null })
