import type { Id, TransferCommand } from './command.ts'
import { isSecondPhase, MAX_AMOUNT, ZERO_ID } from './command.ts'
import type { Account, Transfer } from './journal.ts'
import type { Balances } from './statement.ts'

/**
 * What a command means once its abbreviations are written out: "max" and, in a post or void, every zero or null
 * that stands for the pending transfer's own value. A repeat is compared by its meaning, not by its spelling.
 */
export type Meaning = Omit<TransferCommand, 'amount'> & { readonly amount: bigint }

const orElse = (given: Id, inherited: Id): Id => (given === ZERO_ID ? inherited : given)

const amountOf = (command: TransferCommand): bigint =>
  command.amount === 'max' ? MAX_AMOUNT : command.amount

/** All of it is the largest amount in a post and 0 in a void; each of them is an amount like others in the other. */
const secondPhaseAmount = (command: TransferCommand, hold: Transfer): bigint => {
  const all = command.flags.includes('post_pending_transfer') ? MAX_AMOUNT : 0n
  return amountOf(command) === all ? hold.amount : amountOf(command)
}

export const meaningOf = (command: TransferCommand, hold: Transfer | null): Meaning => {
  if (hold === null || !isSecondPhase(command)) {
    return { ...command, amount: amountOf(command) }
  }
  return {
    ...command,
    amount: secondPhaseAmount(command, hold),
    debit: orElse(command.debit, hold.debit),
    credit: orElse(command.credit, hold.credit),
    ledger: command.ledger === 0 ? hold.ledger : command.ledger,
    code: command.code === 0 ? hold.code : command.code,
    userData: command.userData === 0n ? hold.userData : command.userData,
    externalReference: command.externalReference ?? hold.externalReference,
  }
}

const least = (...amounts: bigint[]): bigint => amounts.reduce((one, other) => (one < other ? one : other))
const notBelowZero = (amount: bigint): bigint => (amount < 0n ? 0n : amount)

/** With balancing flags: as much as the named side can bear, at most the amount asked for, at least nothing. */
export const balancedAmount = (meaning: Meaning, debit: Balances, credit: Balances): bigint => {
  const debitRoom = notBelowZero(debit.creditsPosted - debit.debitsPosted - debit.debitsPending)
  const creditRoom = notBelowZero(credit.debitsPosted - credit.creditsPosted - credit.creditsPending)
  return least(
    meaning.amount,
    meaning.flags.includes('balancing_debit') ? debitRoom : meaning.amount,
    meaning.flags.includes('balancing_credit') ? creditRoom : meaning.amount,
  )
}

export type Recording = {
  readonly meaning: Meaning
  readonly amount: bigint
  readonly hold: Transfer | null
  readonly currency: Account['currency']
  readonly timeMicros: bigint
  readonly day: string
}

export const recordTransfer = ({
  meaning,
  amount,
  hold,
  currency,
  timeMicros,
  day,
}: Recording): Transfer => ({
  ...meaning,
  amount,
  hold,
  currency,
  timeMicros,
  bookDate: meaning.bookDate ?? day,
  valueDate: meaning.valueDate ?? meaning.bookDate ?? day,
})
