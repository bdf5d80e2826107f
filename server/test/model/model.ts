import { judgeAccount, openAccount } from './account-rules.ts'
import type { Judgement } from './batch.ts'
import { runBatch } from './batch.ts'
import { type Books, createBooks } from './books.ts'
import type { AccountCommand, Id, TransferCommand } from './command.ts'
import type { Fact, Transfer } from './journal.ts'
import type { Balances, Line } from './statement.ts'
import { type AccountStatus, BURNING, type TransferStatus } from './statuses.ts'
import { judgeTransfer } from './transfer-rules.ts'

/**
 * The second opinion on the ledger: the rules written a second time, from the recorded histories and the
 * documentation, over a journal of facts. Tests compare it with the real thing; nothing in production uses it.
 */

export type Entry = {
  /** A transfer's own line, or the line of the hold that ran out. */
  readonly kind: 'transfer' | 'expiry'
  readonly transferId: Id
  readonly side: 'debit' | 'credit'
  readonly amount: bigint
  readonly timeMicros: bigint
  readonly after: Balances
}

export type LedgerTotals = Omit<Balances, 'closed'>

export type ModelOptions = {
  /** The day that a moment falls on, as YYYY-MM-DD; UTC unless told. */
  readonly dayOf?: (timeMicros: bigint) => string
  readonly startMicros?: bigint
}

/** 2026-01-01T00:00:00Z: later than every imported time in use, earlier than the one that lies in the future. */
const START_MICROS = 1_767_225_600_000_000n
const MICROS_PER_SECOND = 1_000_000n

export const dayInUtc = (timeMicros: bigint): string =>
  new Date(Number(timeMicros / 1000n)).toISOString().slice(0, 10)

const entryOf = ({ fact, after }: Line, account: Id): Entry[] => {
  if (fact.kind !== 'transfer_recorded' && fact.kind !== 'hold_expired') return []
  const expiry = fact.kind === 'hold_expired'
  const transfer = expiry ? fact.hold : fact.transfer
  const side = transfer.debit === account ? 'debit' : 'credit'
  const timeMicros = expiry ? fact.timeMicros : transfer.timeMicros
  const kind = expiry ? 'expiry' : 'transfer'
  return [{ kind, transferId: transfer.id, side, amount: transfer.amount, timeMicros, after }]
}

const addUp = (one: LedgerTotals, other: LedgerTotals): LedgerTotals => ({
  debitsPending: one.debitsPending + other.debitsPending,
  debitsPosted: one.debitsPosted + other.debitsPosted,
  creditsPending: one.creditsPending + other.creditsPending,
  creditsPosted: one.creditsPosted + other.creditsPosted,
})

const NOTHING: LedgerTotals = { debitsPending: 0n, debitsPosted: 0n, creditsPending: 0n, creditsPosted: 0n }

const totalsOf = (books: Books): ReadonlyMap<number, LedgerTotals> => {
  const totals = new Map<number, LedgerTotals>()
  for (const { id, ledger } of books.accounts()) {
    totals.set(ledger, addUp(totals.get(ledger) ?? NOTHING, books.balances(id) ?? NOTHING))
  }
  return totals
}

/** Only a day that is over can be closed, and closing what is closed already adds nothing. */
const closeBooks = ({ journal, closedThrough }: Books, through: string, today: string): void => {
  const closed = closedThrough()
  if (through < today && (closed === null || closed < through))
    journal.append({ kind: 'books_closed', through })
}

export const createModel = ({ dayOf = dayInUtc, startMicros = START_MICROS }: ModelOptions = {}) => {
  const books = createBooks()
  const { journal } = books
  let nowMicros = startMicros

  const tick = (): bigint => {
    nowMicros += 1n
    return nowMicros
  }
  /** As far as time-outs go a batch happens at one moment: what is due runs out before it, nothing within it. */
  const expire = (): void => {
    for (const hold of books.dueHolds(nowMicros))
      journal.append({ kind: 'hold_expired', hold, timeMicros: tick() })
  }
  const judgeOneAccount = (command: AccountCommand, timeMicros: bigint): Judgement<AccountStatus> => {
    const status = judgeAccount(books, command, timeMicros)
    const opened = (): Fact => ({ kind: 'account_opened', account: openAccount(books, command, timeMicros) })
    return { status, fact: status === 'created' ? opened() : null, scar: null }
  }
  const judgeOneTransfer = (command: TransferCommand, timeMicros: bigint): Judgement<TransferStatus> => {
    const { status, transfer } = judgeTransfer({ books, command, timeMicros, day: dayOf(timeMicros) })
    return {
      status,
      fact: transfer === null ? null : { kind: 'transfer_recorded', transfer },
      scar: BURNING.has(status) ? { kind: 'transfer_id_burnt', id: command.id } : null,
    }
  }
  const entries = (account: Id): readonly Entry[] =>
    books.statement(account).flatMap((line) => entryOf(line, account))

  return {
    createAccounts(commands: readonly AccountCommand[]): AccountStatus[] {
      expire()
      return runBatch({ journal, commands, tick, judge: judgeOneAccount })
    },
    createTransfers(commands: readonly TransferCommand[]): TransferStatus[] {
      expire()
      return runBatch({ journal, commands, tick, judge: judgeOneTransfer })
    },
    /** Moves the clock; what is due then runs out. */
    advance(seconds: number): void {
      nowMicros += BigInt(seconds) * MICROS_PER_SECOND
      expire()
    },
    closeBooks: (through: string): void => closeBooks(books, through, dayOf(nowMicros)),
    closedThrough: books.closedThrough,
    nowMicros: (): bigint => nowMicros,
    accounts: () => new Map(books.accounts().map((account) => [account.id, account])),
    balances: (id: Id): Balances | null => books.balances(id),
    transfers: (): ReadonlyMap<Id, Transfer> =>
      new Map(books.transfers().map((transfer) => [transfer.id, transfer])),
    transfer: (id: Id): Transfer | null => books.transfer(id),
    fate: books.fate,
    isBurnt: books.isBurnt,
    /** Every account's statement: transfers and expiries, oldest first. */
    entries,
    /** TigerBeetle's own answer: only accounts flagged history have one, and expiries make no line in it. */
    history: (id: Id): readonly Balances[] =>
      books.account(id)?.flags.includes('history') === true
        ? entries(id)
            .filter((entry) => entry.kind === 'transfer')
            .map((entry) => entry.after)
        : [],
    ledgerTotals: () => totalsOf(books),
    /** For the model's own tests. */
    journal,
  }
}

export type Model = ReturnType<typeof createModel>
