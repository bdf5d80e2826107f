import { UUID_MAX, UUID_ZERO } from '../../kit/index.ts'
import { decideBatch } from './batch.ts'
import type { Books } from './books.ts'
import { ACCOUNT_FLAGS, TRANSFER_FLAGS } from './flags.ts'
import { type Account, AMOUNT_MAX, type TransferCommand } from './model.ts'
import { isInClosedPeriod, post } from './post.ts'
import { compareTransfer } from './repeats.ts'
import { resolve } from './resolve.ts'
import { burns, type TransferStatus } from './statuses.ts'

const { pending, imported, balancing_debit, balancing_credit } = TRANSFER_FLAGS
const SECOND_PHASE = TRANSFER_FLAGS.post_pending_transfer | TRANSFER_FLAGS.void_pending_transfer
const CLOSING = TRANSFER_FLAGS.closing_debit | TRANSFER_FLAGS.closing_credit

const refuseShape = (command: TransferCommand): TransferStatus | undefined => {
  if (command.debit === UUID_ZERO) return 'debit_account_id_must_not_be_zero'
  if (command.debit === UUID_MAX) return 'debit_account_id_must_not_be_int_max'
  if (command.credit === UUID_ZERO) return 'credit_account_id_must_not_be_zero'
  if (command.credit === UUID_MAX) return 'credit_account_id_must_not_be_int_max'
  if (command.credit === command.debit) return 'accounts_must_be_different'
  if (command.pendingId !== UUID_ZERO) return 'pending_id_must_be_zero'
  if ((command.flags & pending) === 0) {
    if (command.timeoutS !== 0) return 'timeout_reserved_for_pending_transfer'
    if ((command.flags & CLOSING) !== 0) return 'closing_transfer_must_be_pending'
  }
  if (command.ledger === 0) return 'ledger_must_not_be_zero'
  if (command.code === 0) return 'code_must_not_be_zero'
  return undefined
}

const refuseImported = (books: Books, command: TransferCommand, sides: Sides): TransferStatus | undefined => {
  const time = command.timeMicros
  if (time <= books.newestTransfer() || books.accountAt(time))
    return 'imported_event_timestamp_must_not_regress'
  if (time <= sides.debit.timeMicros) return 'imported_event_timestamp_must_postdate_debit_account'
  if (time <= sides.credit.timeMicros) return 'imported_event_timestamp_must_postdate_credit_account'
  if (command.timeoutS !== 0) return 'imported_event_timeout_must_be_zero'
  return undefined
}

type Sides = { readonly debit: Account; readonly credit: Account }

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const notBelowZero = (a: bigint): bigint => (a < 0n ? 0n : a)

/** With a balancing flag, as much of the amount as the account can give or take; nothing available is an amount of 0. */
const balanced = (command: TransferCommand, { debit, credit }: Sides): bigint => {
  let amount = command.amount
  if ((command.flags & balancing_debit) !== 0) {
    amount = smaller(amount, notBelowZero(debit.creditsPosted - debit.debitsPosted - debit.debitsPending))
  }
  if ((command.flags & balancing_credit) !== 0) {
    amount = smaller(amount, notBelowZero(credit.debitsPosted - credit.creditsPosted - credit.creditsPending))
  }
  return amount
}

/** BigInt does not wrap, so the sums themselves cannot overflow; the ledger's 64 bits can. */
const refuseAmount = (
  amount: bigint,
  isPending: boolean,
  { debit, credit }: Sides,
): TransferStatus | undefined => {
  if (isPending) {
    if (amount + debit.debitsPending > AMOUNT_MAX) return 'overflows_debits_pending'
    if (amount + credit.creditsPending > AMOUNT_MAX) return 'overflows_credits_pending'
  }
  if (amount + debit.debitsPosted > AMOUNT_MAX) return 'overflows_debits_posted'
  if (amount + credit.creditsPosted > AMOUNT_MAX) return 'overflows_credits_posted'
  const debits = amount + debit.debitsPending + debit.debitsPosted
  if (debits > AMOUNT_MAX) return 'overflows_debits'
  const credits = amount + credit.creditsPending + credit.creditsPosted
  if (credits > AMOUNT_MAX) return 'overflows_credits'
  if ((debit.flags & ACCOUNT_FLAGS.debits_must_not_exceed_credits) !== 0 && debits > debit.creditsPosted) {
    return 'exceeds_credits'
  }
  if ((credit.flags & ACCOUNT_FLAGS.credits_must_not_exceed_debits) !== 0 && credits > credit.debitsPosted) {
    return 'exceeds_debits'
  }
  return undefined
}

/** A transfer of one phase, or the first of two: every check in the order of TRANSFER_STATUSES, then the posting. */
const move = (books: Books, command: TransferCommand): TransferStatus => {
  const shape = refuseShape(command)
  if (shape !== undefined) return shape
  const debit = books.account(command.debit)
  if (debit === undefined) return 'debit_account_not_found'
  const credit = books.account(command.credit)
  if (credit === undefined) return 'credit_account_not_found'
  if (debit.ledger !== credit.ledger) return 'accounts_must_have_the_same_ledger'
  if (command.ledger !== debit.ledger) return 'transfer_must_have_the_same_ledger_as_accounts'
  if (command.currency !== null && command.currency !== debit.currency) {
    return 'transfer_must_have_the_same_currency_as_accounts'
  }
  const sides = { debit, credit }
  if ((command.flags & imported) !== 0) {
    const refusal = refuseImported(books, command, sides)
    if (refusal !== undefined) return refusal
  }
  if (isInClosedPeriod(books, command)) return 'book_date_in_closed_period'
  if (debit.closed) return 'debit_account_already_closed'
  if (credit.closed) return 'credit_account_already_closed'
  const amount = balanced(command, sides)
  const refusal = refuseAmount(amount, (command.flags & pending) !== 0, sides)
  if (refusal !== undefined) return refusal
  post(books, command, amount, debit, credit)
  return 'created'
}

const create = (books: Books, command: TransferCommand): TransferStatus => {
  if (command.id === UUID_ZERO) return 'id_must_not_be_zero'
  if (command.id === UUID_MAX) return 'id_must_not_be_int_max'
  const existing = books.transfer(command.id)
  if (existing !== undefined) return compareTransfer(books, command, existing)
  if (books.burnt(command.id) !== undefined) return 'id_already_failed'
  return (command.flags & SECOND_PHASE) !== 0 ? resolve(books, command) : move(books, command)
}

/** Moves money, one request's worth: an answer for each command, in order. */
export const createTransfers = (books: Books, commands: readonly TransferCommand[]): TransferStatus[] =>
  decideBatch<TransferCommand, TransferStatus>(books, commands, {
    importedFlag: imported,
    create: (command) => create(books, command),
    onRefused: (command, status) => {
      if (burns(status)) books.burn(command.id, status)
    },
  })
