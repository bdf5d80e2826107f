import { assert, UUID_MAX, UUID_ZERO, type Uuid } from '../../kit/index.ts'
import type { Books } from './books.ts'
import { TRANSFER_FLAGS } from './flags.ts'
import { type Account, AMOUNT_MAX, type Hold, type Transfer, type TransferCommand } from './model.ts'
import { balancesOf, isInClosedPeriod, posted } from './post.ts'
import type { TransferStatus } from './statuses.ts'

const { pending, imported, post_pending_transfer, void_pending_transfer } = TRANSFER_FLAGS
const CLOSING = TRANSFER_FLAGS.closing_debit | TRANSFER_FLAGS.closing_credit
const FIRST_PHASE = pending | TRANSFER_FLAGS.balancing_debit | TRANSFER_FLAGS.balancing_credit | CLOSING

const refuseShape = (command: TransferCommand): TransferStatus | undefined => {
  const both = post_pending_transfer | void_pending_transfer
  if ((command.flags & both) === both || (command.flags & FIRST_PHASE) !== 0)
    return 'flags_are_mutually_exclusive'
  if (command.pendingId === UUID_ZERO) return 'pending_id_must_not_be_zero'
  if (command.pendingId === UUID_MAX) return 'pending_id_must_not_be_int_max'
  if (command.pendingId === command.id) return 'pending_id_must_be_different'
  if (command.timeoutS !== 0) return 'timeout_reserved_for_pending_transfer'
  return undefined
}

const refuseDifference = (command: TransferCommand, held: Transfer): TransferStatus | undefined => {
  if (command.debit !== UUID_ZERO && command.debit !== held.debit) {
    return 'pending_transfer_has_different_debit_account_id'
  }
  if (command.credit !== UUID_ZERO && command.credit !== held.credit) {
    return 'pending_transfer_has_different_credit_account_id'
  }
  if (command.ledger !== 0 && command.ledger !== held.ledger) return 'pending_transfer_has_different_ledger'
  if (command.code !== 0 && command.code !== held.code) return 'pending_transfer_has_different_code'
  if (command.currency !== null && command.currency !== held.currency)
    return 'pending_transfer_has_different_currency'
  return undefined
}

const refuseState = (hold: Hold, books: Books): TransferStatus | undefined => {
  switch (hold.state) {
    case 'posted':
      return 'pending_transfer_already_posted'
    case 'voided':
      return 'pending_transfer_already_voided'
    case 'expired':
      return 'pending_transfer_expired'
    case 'pending':
      return hold.expiresMicros !== null && hold.expiresMicros <= books.now
        ? 'pending_transfer_expired'
        : undefined
  }
}

/** The amount of a post or void with "all of it" filled in. */
const amountOf = (command: TransferCommand, held: Transfer): bigint => {
  const all = (command.flags & post_pending_transfer) !== 0 ? AMOUNT_MAX : 0n
  return command.amount === all ? held.amount : command.amount
}

const accountOf = (books: Books, id: Uuid): Account => {
  const account = books.account(id)
  assert(account !== undefined, 'a pending transfer stands without its account')
  return account
}

type Release = {
  readonly held: Transfer
  readonly hold: Hold
  readonly debit: Account
  readonly credit: Account
}

/** Both accounts after the hold was taken out of their pending balances. A void or expiry reopens what the hold closed. */
const released = (
  { held, debit, credit }: Release,
  reopens: boolean,
): { debit: Account; credit: Account } => {
  const opensDebit = reopens && (held.flags & TRANSFER_FLAGS.closing_debit) !== 0
  const opensCredit = reopens && (held.flags & TRANSFER_FLAGS.closing_credit) !== 0
  return {
    debit: {
      ...debit,
      debitsPending: debit.debitsPending - held.amount,
      closed: debit.closed && !opensDebit,
    },
    credit: {
      ...credit,
      creditsPending: credit.creditsPending - held.amount,
      closed: credit.closed && !opensCredit,
    },
  }
}

/** Records the second phase. Every check has passed: limits and overflows were settled when the hold was made. */
const settle = (books: Books, command: TransferCommand, amount: bigint, release: Release): void => {
  const { held, hold } = release
  const posts = (command.flags & post_pending_transfer) !== 0
  const timeMicros = (command.flags & imported) !== 0 ? command.timeMicros : books.nextTime()
  const bookDay = command.bookDay ?? books.dayOf(timeMicros)
  let { debit, credit } = released(release, !posts)
  if (posts) {
    debit = posted(books, debit, bookDay, amount, 0n)
    credit = posted(books, credit, bookDay, 0n, amount)
  }
  const sequence = books.nextSequence()
  books.putAccount(debit)
  books.putAccount(credit)
  books.putHold({ ...hold, state: posts ? 'posted' : 'voided', resolvedBy: sequence })
  books.putTransfer({
    id: command.id,
    timeMicros,
    sequence,
    debit: held.debit,
    credit: held.credit,
    amount,
    released: held.amount,
    pendingId: command.pendingId,
    ledger: held.ledger,
    currency: held.currency,
    code: held.code,
    flags: command.flags,
    timeoutS: 0,
    userData: command.userData === 0n ? held.userData : command.userData,
    externalReference: command.externalReference ?? held.externalReference,
    bookDay,
    valueDay: command.valueDay ?? bookDay,
    metadata: command.metadata,
    debitAfter: balancesOf(debit),
    creditAfter: balancesOf(credit),
  })
}

/** Posts or voids a pending transfer. */
export const resolve = (books: Books, command: TransferCommand): TransferStatus => {
  const shape = refuseShape(command)
  if (shape !== undefined) return shape
  const held = books.transfer(command.pendingId)
  if (held === undefined) return 'pending_transfer_not_found'
  if ((held.flags & pending) === 0) return 'pending_transfer_not_pending'
  const difference = refuseDifference(command, held)
  if (difference !== undefined) return difference
  const amount = amountOf(command, held)
  if (amount > held.amount) return 'exceeds_pending_transfer_amount'
  const voids = (command.flags & void_pending_transfer) !== 0
  if (voids && amount < held.amount) return 'pending_transfer_has_different_amount'
  const hold = books.hold(command.pendingId)
  assert(hold !== undefined, 'a pending transfer stands without its hold')
  const state = refuseState(hold, books)
  if (state !== undefined) return state
  if ((command.flags & imported) !== 0) {
    const time = command.timeMicros
    if (time <= books.newestTransfer() || books.accountAt(time))
      return 'imported_event_timestamp_must_not_regress'
  }
  if (isInClosedPeriod(books, command)) return 'book_date_in_closed_period'
  const debit = accountOf(books, held.debit)
  const credit = accountOf(books, held.credit)
  if (debit.closed && !voids) return 'debit_account_already_closed'
  if (credit.closed && !voids) return 'credit_account_already_closed'
  settle(books, command, amount, { held, hold, debit, credit })
  return 'created'
}

/**
 * Releases a pending transfer whose time is over and records that as a line of its own in both statements.
 * False when there is nothing to do: it was resolved before, or its time is not over yet.
 */
export const expire = (books: Books, id: Uuid): boolean => {
  const held = books.transfer(id)
  const hold = books.hold(id)
  if (held === undefined || hold === undefined || hold.state !== 'pending') return false
  if (hold.expiresMicros === null || hold.expiresMicros > books.now) return false
  const sides = { debit: accountOf(books, held.debit), credit: accountOf(books, held.credit) }
  const { debit, credit } = released({ held, hold, ...sides }, true)
  const timeMicros = books.nextTime()
  const sequence = books.nextSequence()
  const day = books.dayOf(timeMicros)
  books.putAccount(debit)
  books.putAccount(credit)
  books.putHold({ ...hold, state: 'expired', resolvedBy: sequence })
  books.putTransfer({
    ...held,
    id: null,
    timeMicros,
    sequence,
    released: held.amount,
    pendingId: id,
    flags: 0,
    timeoutS: 0,
    bookDay: day,
    valueDay: day,
    metadata: null,
    debitAfter: balancesOf(debit),
    creditAfter: balancesOf(credit),
  })
  return true
}
