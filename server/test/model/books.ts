import type { Id } from './command.ts'
import type { Account, Fact, FactOf, Transfer } from './journal.ts'
import { createJournal, topic } from './journal.ts'
import type { Balances } from './statement.ts'
import { createStatements } from './statement.ts'

/** The questions that the rules ask, each answered from the journal. */

export type Fate = 'pending' | 'posted' | 'voided' | 'expired'

const MICROS_PER_SECOND = 1_000_000n

export const dueMicros = (hold: Transfer): bigint =>
  hold.timeMicros + BigInt(hold.timeoutS) * MICROS_PER_SECOND

const isKind =
  <Kind extends Fact['kind']>(kind: Kind) =>
  (fact: Fact): fact is FactOf<Kind> =>
    fact.kind === kind

export const createBooks = () => {
  const journal = createJournal()
  const statement = createStatements(journal)

  const accountOn = (name: string): Account | null => {
    const fact = journal.on(name).at(-1)
    return fact?.kind === 'account_opened' ? fact.account : null
  }
  const transferOn = (name: string): Transfer | null => {
    const fact = journal.on(name).at(-1)
    return fact?.kind === 'transfer_recorded' ? fact.transfer : null
  }
  const fate = (hold: Id): Fate => {
    const fact = journal.on(topic.fate(hold)).at(-1)
    if (fact === undefined) return 'pending'
    if (fact.kind === 'hold_expired') return 'expired'
    const posts = fact.kind === 'transfer_recorded' && fact.transfer.flags.includes('post_pending_transfer')
    return posts ? 'posted' : 'voided'
  }

  return {
    journal,
    statement,
    fate,
    account: (id: Id): Account | null => accountOn(topic.account(id)),
    transfer: (id: Id): Transfer | null => transferOn(topic.transfer(id)),
    isBurnt: (id: Id): boolean => journal.on(topic.burnt(id)).length > 0,
    balances: (account: Id): Balances | null => statement(account).at(-1)?.after ?? null,
    /** The last day that is closed; each closing is of a later day than the one before it. */
    closedThrough: (): string | null =>
      journal.on(topic.closings).findLast(isKind('books_closed'))?.through ?? null,

    /**
     * Accounts and transfers have a time line each, whose newest time is that of its newest fact, as times only rise.
     * An imported one must come after it, and may not have the exact time of anything on the other line.
     */
    accountRegresses: (timeMicros: bigint): boolean =>
      timeMicros <= (accountOn(topic.accounts)?.timeMicros ?? 0n) ||
      transferOn(topic.transferAt(timeMicros)) !== null,
    transferRegresses: (timeMicros: bigint): boolean =>
      timeMicros <= (transferOn(topic.transfers)?.timeMicros ?? 0n) ||
      accountOn(topic.accountAt(timeMicros)) !== null,

    hasReference: (reference: string): boolean => accountOn(topic.reference(reference)) !== null,
    /** All accounts of a ledger have its currency, so any of them tells it; null for a ledger without accounts. */
    currencyOf: (ledger: number): string | null => accountOn(topic.ledger(ledger))?.currency ?? null,

    accounts: (): readonly Account[] =>
      journal
        .on(topic.accounts)
        .filter(isKind('account_opened'))
        .map((fact) => fact.account),
    transfers: (): readonly Transfer[] =>
      journal
        .on(topic.transfers)
        .filter(isKind('transfer_recorded'))
        .map((fact) => fact.transfer),
    /** Holds whose time is up at this moment, in the order in which they run out. */
    dueHolds: (nowMicros: bigint): readonly Transfer[] =>
      journal
        .on(topic.timedHolds)
        .filter(isKind('transfer_recorded'))
        .map((fact) => fact.transfer)
        .filter((hold) => dueMicros(hold) <= nowMicros && fate(hold.id) === 'pending')
        .sort((one, other) => Number(dueMicros(one) - dueMicros(other))),
  }
}

export type Books = ReturnType<typeof createBooks>
