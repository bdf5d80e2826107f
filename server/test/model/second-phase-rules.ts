import type { Books } from './books.ts'
import type { TransferCommand } from './command.ts'
import { MAX_ID, ZERO_ID } from './command.ts'
import type { Transfer } from './journal.ts'
import type { TransferStatus } from './statuses.ts'
import type { Meaning } from './transfer-meaning.ts'
import { meaningOf, recordTransfer } from './transfer-meaning.ts'
import { type Asked, isBookedInClosedPeriod, refused, type Verdict } from './transfer-question.ts'

/** Posting and voiding. Limits and overflows are not asked again: the hold has counted already. */

const NOT_WITH_SECOND_PHASE = [
  'pending',
  'balancing_debit',
  'balancing_credit',
  'closing_debit',
  'closing_credit',
] as const

const checkShape = (command: TransferCommand): TransferStatus | null => {
  const { flags } = command
  const both = flags.includes('post_pending_transfer') && flags.includes('void_pending_transfer')
  if (both || NOT_WITH_SECOND_PHASE.some((flag) => flags.includes(flag)))
    return 'flags_are_mutually_exclusive'
  if (command.pendingId === ZERO_ID) return 'pending_id_must_not_be_zero'
  if (command.pendingId === MAX_ID) return 'pending_id_must_not_be_int_max'
  if (command.pendingId === command.id) return 'pending_id_must_be_different'
  if (command.timeoutS !== 0) return 'timeout_reserved_for_pending_transfer'
  return null
}

const checkAgreement = (meaning: Meaning, hold: Transfer): TransferStatus | null => {
  if (!hold.flags.includes('pending')) return 'pending_transfer_not_pending'
  if (meaning.debit !== hold.debit) return 'pending_transfer_has_different_debit_account_id'
  if (meaning.credit !== hold.credit) return 'pending_transfer_has_different_credit_account_id'
  if (meaning.ledger !== hold.ledger) return 'pending_transfer_has_different_ledger'
  if (meaning.code !== hold.code) return 'pending_transfer_has_different_code'
  if (meaning.currency !== null && meaning.currency !== hold.currency)
    return 'pending_transfer_has_different_currency'
  if (meaning.amount > hold.amount) return 'exceeds_pending_transfer_amount'
  if (meaning.flags.includes('void_pending_transfer') && meaning.amount < hold.amount) {
    return 'pending_transfer_has_different_amount'
  }
  return null
}

const checkFate = (books: Books, hold: Transfer): TransferStatus | null => {
  switch (books.fate(hold.id)) {
    case 'posted':
      return 'pending_transfer_already_posted'
    case 'voided':
      return 'pending_transfer_already_voided'
    case 'expired':
      return 'pending_transfer_expired'
    case 'pending':
      return null
  }
}

const checkClosed = (books: Books, command: TransferCommand, hold: Transfer): TransferStatus | null => {
  if (command.flags.includes('void_pending_transfer')) return null
  if (books.balances(hold.debit)?.closed === true) return 'debit_account_already_closed'
  if (books.balances(hold.credit)?.closed === true) return 'credit_account_already_closed'
  return null
}

export const judgeSecondPhase = (asked: Asked): Verdict => {
  const { books, command, timeMicros, day } = asked
  const misshapen = checkShape(command)
  if (misshapen !== null) return refused(misshapen)

  const hold = books.transfer(command.pendingId)
  if (hold === null) return refused('pending_transfer_not_found')
  const meaning = meaningOf(command, hold)
  const disagreement = checkAgreement(meaning, hold) ?? checkFate(books, hold)
  if (disagreement !== null) return refused(disagreement)

  if (command.flags.includes('imported') && books.transferRegresses(timeMicros)) {
    return refused('imported_event_timestamp_must_not_regress')
  }
  if (isBookedInClosedPeriod(asked)) return refused('book_date_in_closed_period')
  const closed = checkClosed(books, command, hold)
  if (closed !== null) return refused(closed)

  const { amount } = meaning
  const { currency } = hold
  return { status: 'created', transfer: recordTransfer({ meaning, amount, hold, currency, timeMicros, day }) }
}
