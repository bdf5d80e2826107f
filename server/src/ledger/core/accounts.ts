import { UUID_MAX, UUID_ZERO } from '../../kit/index.ts'
import { decideBatch } from './batch.ts'
import type { Books } from './books.ts'
import { ACCOUNT_FLAGS } from './flags.ts'
import type { Account, AccountCommand } from './model.ts'
import type { AccountStatus } from './statuses.ts'

const LIMITS = ACCOUNT_FLAGS.debits_must_not_exceed_credits | ACCOUNT_FLAGS.credits_must_not_exceed_debits

const flagsNow = (account: Account): number => account.flags | (account.closed ? ACCOUNT_FLAGS.closed : 0)

const compare = (command: AccountCommand, existing: Account): AccountStatus => {
  if (command.flags !== flagsNow(existing)) return 'exists_with_different_flags'
  if (command.userData !== existing.userData) return 'exists_with_different_user_data'
  if (command.ledger !== existing.ledger) return 'exists_with_different_ledger'
  if (command.code !== existing.code) return 'exists_with_different_code'
  if (command.currency !== null && command.currency !== existing.currency)
    return 'exists_with_different_currency'
  if (command.reference !== existing.reference) return 'exists_with_different_reference'
  return 'exists'
}

/** Every check in the order of ACCOUNT_STATUSES; undefined when the account can be made. */
const refuse = (books: Books, command: AccountCommand): AccountStatus | undefined => {
  if (command.id === UUID_ZERO) return 'id_must_not_be_zero'
  if (command.id === UUID_MAX) return 'id_must_not_be_int_max'
  const existing = books.account(command.id)
  if (existing !== undefined) return compare(command, existing)
  if ((command.flags & LIMITS) === LIMITS) return 'flags_are_mutually_exclusive'
  if (command.ledger === 0) return 'ledger_must_not_be_zero'
  if (command.code === 0) return 'code_must_not_be_zero'
  if ((command.flags & ACCOUNT_FLAGS.imported) !== 0) {
    const time = command.timeMicros
    if (time <= books.newestAccount() || books.transferAt(time))
      return 'imported_event_timestamp_must_not_regress'
  }
  if (command.reference !== null && books.referenceOwner(command.reference) !== undefined) {
    return 'reference_already_used'
  }
  const ledger = books.ledger(command.ledger)
  if (ledger === undefined) return command.currency === null ? 'ledger_currency_missing' : undefined
  if (command.currency !== null && command.currency !== ledger.currency)
    return 'ledger_has_different_currency'
  return undefined
}

/** Nothing below the checks may fail. */
const open = (books: Books, command: AccountCommand): void => {
  const imported = (command.flags & ACCOUNT_FLAGS.imported) !== 0
  const timeMicros = imported ? command.timeMicros : books.nextTime()
  const known = books.ledger(command.ledger)
  const currency = known?.currency ?? command.currency ?? ''
  if (known === undefined) {
    books.putLedger({
      number: command.ledger,
      name: `${currency} ${command.ledger}`,
      currency,
      createdMicros: timeMicros,
    })
  }
  books.putAccount({
    id: command.id,
    ledger: command.ledger,
    currency,
    code: command.code,
    flags: command.flags & ~ACCOUNT_FLAGS.closed,
    closed: (command.flags & ACCOUNT_FLAGS.closed) !== 0,
    userData: command.userData,
    timeMicros,
    reference: command.reference,
    metadata: command.metadata,
    debitsPending: 0n,
    debitsPosted: 0n,
    creditsPending: 0n,
    creditsPosted: 0n,
    bookDay: books.dayOf(timeMicros),
    dailyDebits: 0n,
    dailyCredits: 0n,
  })
}

const ignore = (): void => undefined

/** Opens accounts, one request's worth: an answer for each command, in order. */
export const createAccounts = (books: Books, commands: readonly AccountCommand[]): AccountStatus[] =>
  decideBatch<AccountCommand, AccountStatus>(books, commands, {
    importedFlag: ACCOUNT_FLAGS.imported,
    create: (command) => {
      const refusal = refuse(books, command)
      if (refusal !== undefined) return refusal
      open(books, command)
      return 'created'
    },
    onRefused: ignore,
  })
