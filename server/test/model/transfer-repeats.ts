import type { TransferCommand } from './command.ts'
import { sameFlags } from './command.ts'
import type { Transfer } from './journal.ts'
import type { TransferStatus } from './statuses.ts'
import { type Meaning, meaningOf } from './transfer-meaning.ts'

const isBalancing = (meaning: Meaning): boolean =>
  meaning.flags.includes('balancing_debit') || meaning.flags.includes('balancing_credit')

/** With a balancing flag the amount asked for is an upper bound, so whatever was moved must only fit below it. */
const sameAmount = (meaning: Meaning, stored: Transfer): boolean =>
  isBalancing(meaning) ? meaning.amount >= stored.amount : meaning.amount === stored.amount

const absentOrEqual = (given: string | null, stored: string): boolean => given === null || given === stored

/** A transfer with this id exists: is the command the same one again, and if not, what is the first difference? */
export const compareWithStored = (command: TransferCommand, stored: Transfer): TransferStatus => {
  if (!sameFlags(command.flags, stored.flags)) return 'exists_with_different_flags'
  if (command.pendingId !== stored.pendingId) return 'exists_with_different_pending_id'
  if (command.timeoutS !== stored.timeoutS) return 'exists_with_different_timeout'

  const meaning = meaningOf(command, stored.hold)
  if (meaning.debit !== stored.debit) return 'exists_with_different_debit_account_id'
  if (meaning.credit !== stored.credit) return 'exists_with_different_credit_account_id'
  if (!sameAmount(meaning, stored)) return 'exists_with_different_amount'
  if (meaning.userData !== stored.userData) return 'exists_with_different_user_data'
  if (meaning.ledger !== stored.ledger) return 'exists_with_different_ledger'
  if (meaning.code !== stored.code) return 'exists_with_different_code'

  if (!absentOrEqual(meaning.currency, stored.currency)) return 'exists_with_different_currency'
  if (meaning.externalReference !== stored.externalReference)
    return 'exists_with_different_external_reference'
  if (!absentOrEqual(meaning.bookDate, stored.bookDate)) return 'exists_with_different_book_date'
  if (!absentOrEqual(meaning.valueDate, stored.valueDate)) return 'exists_with_different_value_date'
  return 'exists'
}
