import type { TransferCommand } from './command.ts'
import { isSecondPhase, MAX_AMOUNT, MAX_ID, ZERO_ID } from './command.ts'
import type { Account } from './journal.ts'
import { judgeSecondPhase } from './second-phase-rules.ts'
import type { Balances } from './statement.ts'
import type { TransferStatus } from './statuses.ts'
import { balancedAmount, meaningOf, recordTransfer } from './transfer-meaning.ts'
import { type Asked, isBookedInClosedPeriod, refused, type Verdict } from './transfer-question.ts'
import { compareWithStored } from './transfer-repeats.ts'

export const judgeTransfer = (asked: Asked): Verdict => {
  const { books, command } = asked
  if (command.id === ZERO_ID) return refused('id_must_not_be_zero')
  if (command.id === MAX_ID) return refused('id_must_not_be_int_max')

  const stored = books.transfer(command.id)
  if (stored !== null) return refused(compareWithStored(command, stored))
  if (books.isBurnt(command.id)) return refused('id_already_failed')

  return isSecondPhase(command) ? judgeSecondPhase(asked) : judgeFirstPhase(asked)
}

/** What is wrong with the command by itself, whatever the books say. */
const checkShape = (command: TransferCommand): TransferStatus | null => {
  const { debit, credit, flags } = command
  if (debit === ZERO_ID) return 'debit_account_id_must_not_be_zero'
  if (debit === MAX_ID) return 'debit_account_id_must_not_be_int_max'
  if (credit === ZERO_ID) return 'credit_account_id_must_not_be_zero'
  if (credit === MAX_ID) return 'credit_account_id_must_not_be_int_max'
  if (debit === credit) return 'accounts_must_be_different'
  if (command.pendingId !== ZERO_ID) return 'pending_id_must_be_zero'
  if (!flags.includes('pending')) {
    if (command.timeoutS !== 0) return 'timeout_reserved_for_pending_transfer'
    const closes = flags.includes('closing_debit') || flags.includes('closing_credit')
    if (closes) return 'closing_transfer_must_be_pending'
  }
  if (command.ledger === 0) return 'ledger_must_not_be_zero'
  if (command.code === 0) return 'code_must_not_be_zero'
  return null
}

const checkAgreement = (command: TransferCommand, debit: Account, credit: Account): TransferStatus | null => {
  if (debit.ledger !== credit.ledger) return 'accounts_must_have_the_same_ledger'
  if (command.ledger !== debit.ledger) return 'transfer_must_have_the_same_ledger_as_accounts'
  if (command.currency !== null && command.currency !== debit.currency) {
    return 'transfer_must_have_the_same_currency_as_accounts'
  }
  return null
}

const checkImported = (asked: Asked, debit: Account, credit: Account): TransferStatus | null => {
  const { books, command, timeMicros } = asked
  if (!command.flags.includes('imported')) return null
  if (books.transferRegresses(timeMicros)) return 'imported_event_timestamp_must_not_regress'
  if (timeMicros <= debit.timeMicros) return 'imported_event_timestamp_must_postdate_debit_account'
  if (timeMicros <= credit.timeMicros) return 'imported_event_timestamp_must_postdate_credit_account'
  if (command.timeoutS !== 0) return 'imported_event_timeout_must_be_zero'
  return null
}

const checkOverflow = (
  pending: boolean,
  amount: bigint,
  debit: Balances,
  credit: Balances,
): TransferStatus | null => {
  const overflows = (...balances: bigint[]): boolean =>
    balances.reduce((sum, one) => sum + one, amount) > MAX_AMOUNT
  if (pending && overflows(debit.debitsPending)) return 'overflows_debits_pending'
  if (pending && overflows(credit.creditsPending)) return 'overflows_credits_pending'
  if (overflows(debit.debitsPosted)) return 'overflows_debits_posted'
  if (overflows(credit.creditsPosted)) return 'overflows_credits_posted'
  if (overflows(debit.debitsPending, debit.debitsPosted)) return 'overflows_debits'
  if (overflows(credit.creditsPending, credit.creditsPosted)) return 'overflows_credits'
  return null
}

/** A limit counts holds against the account and never for it. */
const exceedsCredits = (account: Account, balances: Balances, amount: bigint): boolean =>
  account.flags.includes('debits_must_not_exceed_credits') &&
  balances.debitsPending + balances.debitsPosted + amount > balances.creditsPosted

const exceedsDebits = (account: Account, balances: Balances, amount: bigint): boolean =>
  account.flags.includes('credits_must_not_exceed_debits') &&
  balances.creditsPending + balances.creditsPosted + amount > balances.debitsPosted

const judgeFirstPhase = (asked: Asked): Verdict => {
  const { books, command, timeMicros, day } = asked
  const misshapen = checkShape(command)
  if (misshapen !== null) return refused(misshapen)

  const debit = books.account(command.debit)
  const debitBalances = books.balances(command.debit)
  if (debit === null || debitBalances === null) return refused('debit_account_not_found')
  const credit = books.account(command.credit)
  const creditBalances = books.balances(command.credit)
  if (credit === null || creditBalances === null) return refused('credit_account_not_found')

  const disagreement = checkAgreement(command, debit, credit) ?? checkImported(asked, debit, credit)
  if (disagreement !== null) return refused(disagreement)
  if (isBookedInClosedPeriod(asked)) return refused('book_date_in_closed_period')
  if (debitBalances.closed) return refused('debit_account_already_closed')
  if (creditBalances.closed) return refused('credit_account_already_closed')

  const meaning = meaningOf(command, null)
  const amount = balancedAmount(meaning, debitBalances, creditBalances)
  const overflow = checkOverflow(command.flags.includes('pending'), amount, debitBalances, creditBalances)
  if (overflow !== null) return refused(overflow)
  if (exceedsCredits(debit, debitBalances, amount)) return refused('exceeds_credits')
  if (exceedsDebits(credit, creditBalances, amount)) return refused('exceeds_debits')

  const { currency } = debit
  return {
    status: 'created',
    transfer: recordTransfer({ meaning, amount, hold: null, currency, timeMicros, day }),
  }
}
