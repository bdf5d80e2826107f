import { assert, UUID_ZERO, type Uuid } from '../../kit/index.ts'
import type { Books } from './books.ts'
import { TRANSFER_FLAGS } from './flags.ts'
import { AMOUNT_MAX, type Transfer, type TransferCommand } from './model.ts'
import type { TransferStatus } from './statuses.ts'

const SECOND_PHASE = TRANSFER_FLAGS.post_pending_transfer | TRANSFER_FLAGS.void_pending_transfer
const BALANCING = TRANSFER_FLAGS.balancing_debit | TRANSFER_FLAGS.balancing_credit

/** Dates and currency that are left out agree with whatever was recorded: the first call left their choice to us. */
const compareOurs = (
  command: TransferCommand,
  existing: Transfer,
  reference: string | null,
): TransferStatus => {
  if (command.currency !== null && command.currency !== existing.currency)
    return 'exists_with_different_currency'
  if (reference !== existing.externalReference) return 'exists_with_different_external_reference'
  if (command.bookDay !== null && command.bookDay !== existing.bookDay)
    return 'exists_with_different_book_date'
  if (command.valueDay !== null && command.valueDay !== existing.valueDay)
    return 'exists_with_different_value_date'
  return 'exists'
}

const compareMove = (command: TransferCommand, existing: Transfer): TransferStatus => {
  if (command.debit !== existing.debit) return 'exists_with_different_debit_account_id'
  if (command.credit !== existing.credit) return 'exists_with_different_credit_account_id'
  const agrees =
    (command.flags & BALANCING) !== 0 ? command.amount >= existing.amount : command.amount === existing.amount
  if (!agrees) return 'exists_with_different_amount'
  if (command.userData !== existing.userData) return 'exists_with_different_user_data'
  if (command.ledger !== existing.ledger) return 'exists_with_different_ledger'
  if (command.code !== existing.code) return 'exists_with_different_code'
  return compareOurs(command, existing, command.externalReference)
}

/** In a post or void what is left out stands for the pending transfer's own. */
const compareSecondPhase = (books: Books, command: TransferCommand, existing: Transfer): TransferStatus => {
  const held = books.transfer(existing.pendingId)
  assert(held !== undefined, 'a post or void stands without its pending transfer')
  const { debit, credit } = command
  if (!isNone(debit) && debit !== existing.debit) return 'exists_with_different_debit_account_id'
  if (!isNone(credit) && credit !== existing.credit) return 'exists_with_different_credit_account_id'
  const all = (command.flags & TRANSFER_FLAGS.post_pending_transfer) !== 0 ? AMOUNT_MAX : 0n
  const amount = command.amount === all ? held.amount : command.amount
  if (amount !== existing.amount) return 'exists_with_different_amount'
  const userData = command.userData === 0n ? held.userData : command.userData
  if (userData !== existing.userData) return 'exists_with_different_user_data'
  if (command.ledger !== 0 && command.ledger !== existing.ledger) return 'exists_with_different_ledger'
  if (command.code !== 0 && command.code !== existing.code) return 'exists_with_different_code'
  return compareOurs(command, existing, command.externalReference ?? held.externalReference)
}

const isNone = (id: Uuid): boolean => id === UUID_ZERO

/** The answer to a command whose id was used before: `exists`, or the first field in which it differs. */
export const compareTransfer = (
  books: Books,
  command: TransferCommand,
  existing: Transfer,
): TransferStatus => {
  if (command.flags !== existing.flags) return 'exists_with_different_flags'
  if (command.pendingId !== existing.pendingId) return 'exists_with_different_pending_id'
  if (command.timeoutS !== existing.timeoutS) return 'exists_with_different_timeout'
  return (command.flags & SECOND_PHASE) !== 0
    ? compareSecondPhase(books, command, existing)
    : compareMove(command, existing)
}
