import type { Id } from './command.ts'
import type { Fact, Journal, Transfer } from './journal.ts'
import { topic } from './journal.ts'

/** The four balances of an account, and whether it is closed, as they follow from the facts of its life. */

export type Balances = {
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
  readonly closed: boolean
}

export type Line = { readonly fact: Fact; readonly after: Balances }

const EMPTY: Balances = {
  debitsPending: 0n,
  debitsPosted: 0n,
  creditsPending: 0n,
  creditsPosted: 0n,
  closed: false,
}

type Side = 'debit' | 'credit'

const add = (before: Balances, side: Side, pending: bigint, posted: bigint, closed: boolean): Balances =>
  side === 'debit'
    ? {
        ...before,
        debitsPending: before.debitsPending + pending,
        debitsPosted: before.debitsPosted + posted,
        closed,
      }
    : {
        ...before,
        creditsPending: before.creditsPending + pending,
        creditsPosted: before.creditsPosted + posted,
        closed,
      }

const closes = (transfer: Transfer, side: Side): boolean =>
  transfer.flags.includes(side === 'debit' ? 'closing_debit' : 'closing_credit')

const afterTransfer = (before: Balances, transfer: Transfer, side: Side): Balances => {
  const { hold, amount, flags } = transfer
  if (flags.includes('pending')) return add(before, side, amount, 0n, before.closed || closes(transfer, side))
  if (hold === null) return add(before, side, 0n, amount, before.closed)
  if (flags.includes('post_pending_transfer')) return add(before, side, -hold.amount, amount, before.closed)
  return afterRelease(before, hold, side)
}

/** A hold that is voided or expires gives back what it held, and opens again what it had closed. */
const afterRelease = (before: Balances, hold: Transfer, side: Side): Balances =>
  add(before, side, -hold.amount, 0n, before.closed && !closes(hold, side))

/** The step of the fold: one account's balances after one more fact of its life. */
export const afterFact = (before: Balances, fact: Fact, account: Id): Balances => {
  switch (fact.kind) {
    case 'account_opened':
      return { ...EMPTY, closed: fact.account.flags.includes('closed') }
    case 'transfer_recorded':
      return afterTransfer(before, fact.transfer, fact.transfer.debit === account ? 'debit' : 'credit')
    case 'hold_expired':
      return afterRelease(before, fact.hold, fact.hold.debit === account ? 'debit' : 'credit')
    case 'transfer_id_burnt':
    case 'books_closed':
      return before
  }
}

/** Folds a whole life from its beginning. */
export const foldLife = (life: readonly Fact[], account: Id): readonly Line[] => {
  const lines: Line[] = []
  for (const fact of life) lines.push({ fact, after: afterFact(lines.at(-1)?.after ?? EMPTY, fact, account) })
  return lines
}

/**
 * The same fold, remembered: lines that were folded before are kept as long as they still stand in the journal.
 * A line stands if its fact is still at its place; then all lines before it stand too, since facts only go from the end.
 */
export const createStatements = (journal: Journal): ((account: Id) => readonly Line[]) => {
  const remembered = new Map<Id, Line[]>()
  return (account) => {
    const life = journal.on(topic.life(account))
    const lines = remembered.get(account) ?? []
    while (lines.length > 0 && lines.at(-1)?.fact !== life[lines.length - 1]) lines.pop()
    for (const fact of life.slice(lines.length)) {
      lines.push({ fact, after: afterFact(lines.at(-1)?.after ?? EMPTY, fact, account) })
    }
    remembered.set(account, lines)
    return lines
  }
}
