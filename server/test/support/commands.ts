import { UUID_ZERO, type Uuid } from '../../src/kit/index.ts'
import {
  type Account,
  type AccountCommand,
  type AccountFlag,
  accountFlagBits,
  createAccounts,
  createTransfers,
  type TransferCommand,
  type TransferFlag,
  transferFlagBits,
} from '../../src/ledger/core/index.ts'
import { MemoryBooks } from './memory-books.ts'

/** Plain commands of the ledger, for tests to vary. */

export const id = (number: number): Uuid =>
  `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}` as Uuid

export type WantedAccount = Omit<Partial<AccountCommand>, 'flags'> & {
  readonly flags?: readonly AccountFlag[]
}
export type WantedTransfer = Omit<Partial<TransferCommand>, 'flags'> & {
  readonly flags?: readonly TransferFlag[]
}

export const account = ({ flags = [], ...wanted }: WantedAccount): AccountCommand => ({
  id: id(1),
  ledger: 1,
  code: 1,
  userData: 0n,
  timeMicros: 0n,
  currency: null,
  reference: null,
  metadata: null,
  ...wanted,
  flags: accountFlagBits(flags) ?? 0,
})

export const transfer = ({ flags = [], ...wanted }: WantedTransfer): TransferCommand => ({
  id: id(1_000),
  debit: id(1),
  credit: id(2),
  amount: 5n,
  pendingId: UUID_ZERO,
  ledger: 1,
  code: 1,
  timeoutS: 0,
  userData: 0n,
  timeMicros: 0n,
  currency: null,
  externalReference: null,
  bookDay: null,
  valueDay: null,
  metadata: null,
  ...wanted,
  flags: transferFlagBits(flags) ?? 0,
})

/** A post or void that leaves everything to its pending transfer. */
export const secondPhase = (
  kind: 'post' | 'void',
  wanted: WantedTransfer & { readonly pendingId: Uuid },
): TransferCommand => {
  const all = kind === 'post' ? 2n ** 63n - 1n : 0n
  const own = { debit: UUID_ZERO, credit: UUID_ZERO, ledger: 0, code: 0, amount: all }
  return transfer({ ...own, ...wanted, flags: [`${kind}_pending_transfer`, ...(wanted.flags ?? [])] })
}

/** 15 June 2025, 15:06:40 UTC. */
export const NOW = 1_750_000_000_000_000n

const BETWEEN_REQUESTS = 1_000n

/** Books in memory whose every request comes a millisecond after the one before. */
export class Desk {
  readonly books = new MemoryBooks(NOW)

  open(...commands: readonly WantedAccount[]): string[] {
    this.books.now += BETWEEN_REQUESTS
    return createAccounts(this.books, commands.map(account))
  }

  move(...commands: readonly TransferCommand[]): string[] {
    this.books.now += BETWEEN_REQUESTS
    return createTransfers(this.books, commands)
  }

  /** Writes into an account what no command could, for rules that only huge balances reach. */
  amend(account: Uuid, changes: Partial<Account>): void {
    const known = this.books.account(account)
    if (known === undefined) throw new Error(`there is no account ${account}`)
    this.books.putAccount({ ...known, ...changes })
  }

  balances(account: Uuid): readonly [bigint, bigint, bigint, bigint] {
    const found = this.books.account(account)
    if (found === undefined) throw new Error(`there is no account ${account}`)
    return [found.debitsPending, found.debitsPosted, found.creditsPending, found.creditsPosted]
  }
}
