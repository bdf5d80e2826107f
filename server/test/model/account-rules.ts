import type { Books } from './books.ts'
import type { AccountCommand, AccountFlag } from './command.ts'
import { MAX_ID, sameFlags, ZERO_ID } from './command.ts'
import type { Account } from './journal.ts'
import type { AccountStatus } from './statuses.ts'

/** Flags as they are now: an account that a transfer has closed carries `closed`, whatever it was opened with. */
const flagsNow = (books: Books, stored: Account): readonly AccountFlag[] => {
  const opened = stored.flags.filter((flag) => flag !== 'closed')
  return books.balances(stored.id)?.closed === true ? [...opened, 'closed'] : opened
}

const compareWith = (books: Books, command: AccountCommand, stored: Account): AccountStatus => {
  if (!sameFlags(command.flags, flagsNow(books, stored))) return 'exists_with_different_flags'
  if (command.userData !== stored.userData) return 'exists_with_different_user_data'
  if (command.ledger !== stored.ledger) return 'exists_with_different_ledger'
  if (command.code !== stored.code) return 'exists_with_different_code'
  if (command.currency !== null && command.currency !== stored.currency)
    return 'exists_with_different_currency'
  if (command.reference !== stored.reference) return 'exists_with_different_reference'
  return 'exists'
}

const contradictsLedger = (books: Books, command: AccountCommand): boolean => {
  const currency = books.currencyOf(command.ledger)
  return currency !== null && command.currency !== null && command.currency !== currency
}

export const judgeAccount = (books: Books, command: AccountCommand, timeMicros: bigint): AccountStatus => {
  const { id, flags } = command
  if (id === ZERO_ID) return 'id_must_not_be_zero'
  if (id === MAX_ID) return 'id_must_not_be_int_max'

  const stored = books.account(id)
  if (stored !== null) return compareWith(books, command, stored)

  if (flags.includes('debits_must_not_exceed_credits') && flags.includes('credits_must_not_exceed_debits')) {
    return 'flags_are_mutually_exclusive'
  }
  if (command.ledger === 0) return 'ledger_must_not_be_zero'
  if (command.code === 0) return 'code_must_not_be_zero'
  if (flags.includes('imported') && books.accountRegresses(timeMicros))
    return 'imported_event_timestamp_must_not_regress'
  if (command.reference !== null && books.hasReference(command.reference)) return 'reference_already_used'
  if (contradictsLedger(books, command)) return 'ledger_has_different_currency'
  return 'created'
}

export const openAccount = (books: Books, command: AccountCommand, timeMicros: bigint): Account => {
  const currency = command.currency ?? books.currencyOf(command.ledger)
  if (currency === null)
    throw new Error(`The first account of ledger ${command.ledger} must name a currency.`)
  return { ...command, currency, timeMicros }
}
