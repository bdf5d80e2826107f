import type { AccountCommand, Id, TransferCommand } from '../model/command.ts'

/** Anything that claims to be the ledger: the reference model, the pure decide, PostgreSQL, a server over HTTP. */

type MaybeAsync<Value> = Value | Promise<Value>

export type FourBalances = {
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
}

export type AccountState = FourBalances & { readonly closed: boolean }

/** What the recorded histories know of a transfer, and what else a subject can tell of it. */
export type TransferState = {
  readonly amount: bigint
  readonly debit: Id
  readonly credit: Id
  readonly pendingId?: Id
  readonly ledger?: number
  readonly code?: number
  readonly userData?: bigint
  readonly timeoutS?: number
  readonly currency?: string
  readonly externalReference?: string | null
  /** To be left out by a subject whose clock or time zone gives other days than the one it is compared with. */
  readonly bookDate?: string
  readonly valueDate?: string
}

export type Subject = {
  /** One call is one request. The answers are statuses, in the order of the commands. */
  createAccounts(commands: readonly AccountCommand[]): MaybeAsync<readonly string[]>
  createTransfers(commands: readonly TransferCommand[]): MaybeAsync<readonly string[]>
  /** Moves the clock by whole seconds; what is due then has run out when this returns. */
  advance(seconds: number): MaybeAsync<void>
  /** Closes the books through a day (YYYY-MM-DD) that is over. What is closed already stays as it is. */
  closeBooks(through: string): MaybeAsync<void>
  /** Null when there is no such account, or transfer. */
  balances(id: Id): MaybeAsync<AccountState | null>
  transfer(id: Id): MaybeAsync<TransferState | null>
  /** The balances after each transfer of an account flagged history, oldest first; else empty. */
  history(id: Id): MaybeAsync<readonly FourBalances[]>
  close?(): MaybeAsync<void>
}

/** A way to get a fresh, empty ledger. */
export type SubjectSource = { readonly name: string; open(): MaybeAsync<Subject> }
