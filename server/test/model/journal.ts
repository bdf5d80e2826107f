import type { AccountCommand, Id, TransferCommand } from './command.ts'

/**
 * The model's only memory: an append-only list of facts. Nothing is ever changed in place; whatever is asked,
 * a balance, whether an account is closed, what became of a hold, is answered by reading facts again.
 * The one thing that takes facts away is a broken chain, which cuts off the end of the list.
 */

export type Account = AccountCommand & { readonly currency: string }

export type Transfer = Omit<TransferCommand, 'amount' | 'currency' | 'bookDate' | 'valueDate'> & {
  /** What was really moved or held. */
  readonly amount: bigint
  readonly currency: string
  readonly bookDate: string
  readonly valueDate: string
  /** The pending transfer that this one posts or voids. */
  readonly hold: Transfer | null
}

export type Fact =
  | { readonly kind: 'account_opened'; readonly account: Account }
  | { readonly kind: 'transfer_recorded'; readonly transfer: Transfer }
  | { readonly kind: 'hold_expired'; readonly hold: Transfer; readonly timeMicros: bigint }
  | { readonly kind: 'transfer_id_burnt'; readonly id: Id }
  | { readonly kind: 'books_closed'; readonly through: string }

export type FactOf<Kind extends Fact['kind']> = Extract<Fact, { kind: Kind }>

/** Every fact is filed under the topics that somebody will ask for. */
export const topic = {
  accounts: 'accounts',
  transfers: 'transfers',
  timedHolds: 'timed holds',
  closings: 'closings',
  account: (id: Id) => `account ${id}`,
  accountAt: (timeMicros: bigint) => `account at ${timeMicros}`,
  reference: (reference: string) => `reference ${reference}`,
  ledger: (ledger: number) => `ledger ${ledger}`,
  transfer: (id: Id) => `transfer ${id}`,
  transferAt: (timeMicros: bigint) => `transfer at ${timeMicros}`,
  burnt: (id: Id) => `burnt ${id}`,
  /** What happened to one account: its opening, the transfers on either side, the expiries of its holds. */
  life: (account: Id) => `life of ${account}`,
  /** What became of one hold: at most one fact. */
  fate: (hold: Id) => `fate of ${hold}`,
}

const topicsOfTransfer = (transfer: Transfer): string[] => [
  topic.transfers,
  topic.transfer(transfer.id),
  topic.transferAt(transfer.timeMicros),
  topic.life(transfer.debit),
  topic.life(transfer.credit),
  ...(transfer.hold === null ? [] : [topic.fate(transfer.hold.id)]),
  ...(transfer.timeoutS === 0 ? [] : [topic.timedHolds]),
]

const topicsOfAccount = (account: Account): string[] => [
  topic.accounts,
  topic.account(account.id),
  topic.accountAt(account.timeMicros),
  topic.ledger(account.ledger),
  topic.life(account.id),
  ...(account.reference === null ? [] : [topic.reference(account.reference)]),
]

const topicsOf = (fact: Fact): string[] => {
  switch (fact.kind) {
    case 'account_opened':
      return topicsOfAccount(fact.account)
    case 'transfer_recorded':
      return topicsOfTransfer(fact.transfer)
    case 'hold_expired':
      return [topic.life(fact.hold.debit), topic.life(fact.hold.credit), topic.fate(fact.hold.id)]
    case 'transfer_id_burnt':
      return [topic.burnt(fact.id)]
    case 'books_closed':
      return [topic.closings]
  }
}

export type Journal = {
  readonly length: number
  append(fact: Fact): void
  /** Forgets every fact after the first `length`. */
  cutTo(length: number): void
  /** The facts of a topic, oldest first. */
  on(topic: string): readonly Fact[]
}

export const createJournal = (): Journal => {
  const facts: Fact[] = []
  const files = new Map<string, Fact[]>()
  const none: readonly Fact[] = []

  return {
    get length() {
      return facts.length
    },
    append(fact) {
      facts.push(fact)
      for (const name of topicsOf(fact)) {
        const file = files.get(name)
        if (file === undefined) files.set(name, [fact])
        else file.push(fact)
      }
    },
    cutTo(length) {
      for (const fact of facts.splice(length).reverse()) {
        for (const name of topicsOf(fact)) files.get(name)?.pop()
      }
    },
    on: (name) => files.get(name) ?? none,
  }
}
