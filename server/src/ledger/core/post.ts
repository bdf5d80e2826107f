import { type Day, MICROS_PER_SECOND, UUID_ZERO } from '../../kit/index.ts'
import type { Books } from './books.ts'
import { TRANSFER_FLAGS } from './flags.ts'
import type { Account, Balances, Transfer, TransferCommand } from './model.ts'

export const balancesOf = (account: Account): Balances => ({
  debitsPending: account.debitsPending,
  debitsPosted: account.debitsPosted,
  creditsPending: account.creditsPending,
  creditsPosted: account.creditsPosted,
})

/**
 * Whether a transfer would be booked on a closed day. Only one that names its day can be, or one that is imported: its
 * own day is that of its recorded time, and only days before that are ever closed.
 */
export const isInClosedPeriod = (books: Books, { bookDay, flags, timeMicros }: TransferCommand): boolean => {
  const isImported = (flags & TRANSFER_FLAGS.imported) !== 0
  if (bookDay === null && !isImported) return false
  const closed = books.closedThrough()
  return closed !== null && (bookDay ?? books.dayOf(timeMicros)) <= closed
}

type Booked = { readonly bookDay: Day; readonly dailyDebits: bigint; readonly dailyCredits: bigint }

/**
 * The account's book day after a posting: what was posted on a day that is over moves to the daily totals, a posting
 * into an earlier day goes there at once, and a posting on the newest day changes nothing here.
 */
const book = (books: Books, account: Account, day: Day, debits: bigint, credits: bigint): Booked => {
  const { bookDay, dailyDebits, dailyCredits } = account
  if (day === bookDay) return account
  if (day < bookDay) {
    books.addToDay(account.id, day, debits, credits)
    return { bookDay, dailyDebits: dailyDebits + debits, dailyCredits: dailyCredits + credits }
  }
  const { debitsPosted, creditsPosted } = account
  if (debitsPosted !== dailyDebits || creditsPosted !== dailyCredits) {
    books.addToDay(account.id, bookDay, debitsPosted - dailyDebits, creditsPosted - dailyCredits)
  }
  return { bookDay: day, dailyDebits: debitsPosted, dailyCredits: creditsPosted }
}

/** The account after a posting of its own side. */
export const posted = (
  books: Books,
  account: Account,
  day: Day,
  debits: bigint,
  credits: bigint,
): Account => {
  const { bookDay, dailyDebits, dailyCredits } = book(books, account, day, debits, credits)
  return {
    ...account,
    bookDay,
    dailyDebits,
    dailyCredits,
    debitsPosted: account.debitsPosted + debits,
    creditsPosted: account.creditsPosted + credits,
  }
}

const movedAccounts = (
  books: Books,
  command: TransferCommand,
  amount: bigint,
  day: Day,
  sides: { readonly debit: Account; readonly credit: Account },
): { readonly debit: Account; readonly credit: Account } => {
  const { debit, credit } = sides
  if ((command.flags & TRANSFER_FLAGS.pending) !== 0) {
    const closesDebit = (command.flags & TRANSFER_FLAGS.closing_debit) !== 0
    const closesCredit = (command.flags & TRANSFER_FLAGS.closing_credit) !== 0
    return {
      debit: { ...debit, debitsPending: debit.debitsPending + amount, closed: debit.closed || closesDebit },
      credit: {
        ...credit,
        creditsPending: credit.creditsPending + amount,
        closed: credit.closed || closesCredit,
      },
    }
  }
  return {
    debit: posted(books, debit, day, amount, 0n),
    credit: posted(books, credit, day, 0n, amount),
  }
}

const hold = (books: Books, transfer: Transfer): void => {
  if (transfer.id === null) return
  books.putHold({
    id: transfer.id,
    state: 'pending',
    debit: transfer.debit,
    credit: transfer.credit,
    amount: transfer.amount,
    ledger: transfer.ledger,
    expiresMicros:
      transfer.timeoutS === 0 ? null : transfer.timeMicros + BigInt(transfer.timeoutS) * MICROS_PER_SECOND,
    resolvedBy: null,
  })
}

/** Records a transfer whose every check has passed, and both accounts after it. Nothing here may fail. */
export const post = (
  books: Books,
  command: TransferCommand,
  amount: bigint,
  debitBefore: Account,
  creditBefore: Account,
): void => {
  const timeMicros = (command.flags & TRANSFER_FLAGS.imported) !== 0 ? command.timeMicros : books.nextTime()
  const bookDay = command.bookDay ?? books.dayOf(timeMicros)
  const { debit, credit } = movedAccounts(books, command, amount, bookDay, {
    debit: debitBefore,
    credit: creditBefore,
  })
  const transfer: Transfer = {
    id: command.id,
    timeMicros,
    sequence: books.nextSequence(),
    debit: debit.id,
    credit: credit.id,
    amount,
    released: 0n,
    pendingId: UUID_ZERO,
    ledger: debit.ledger,
    currency: debit.currency,
    code: command.code,
    flags: command.flags,
    timeoutS: command.timeoutS,
    userData: command.userData,
    externalReference: command.externalReference,
    bookDay,
    valueDay: command.valueDay ?? bookDay,
    metadata: command.metadata,
    debitAfter: balancesOf(debit),
    creditAfter: balancesOf(credit),
  }
  books.putAccount(debit)
  books.putAccount(credit)
  books.putTransfer(transfer)
  if ((command.flags & TRANSFER_FLAGS.pending) !== 0) hold(books, transfer)
}
