import type { AccountCommand, TransferCommand } from './core/commands.ts'

/** A result code of the ledger. 'created' and 'exists' are success. */
export type Status = string

export type PostedBalance = { readonly debitsPosted: bigint; readonly creditsPosted: bigint }

/**
 * What the import needs of a ledger: one tenant's, through its ordinary door. Each call is one request of at most
 * BATCH_ITEMS and answers one status per command, in order. A Fault that is thrown says that nothing is known;
 * the same request is then sent again, which the deterministic ids make safe.
 */
export type LedgerPort = {
  /** Makes the ledger with this number, name and currency unless it is there. */
  readonly openLedger: (ledger: { number: number; name: string; currency: string }) => Promise<Status>
  readonly createAccounts: (commands: readonly AccountCommand[]) => Promise<readonly Status[]>
  readonly createTransfers: (commands: readonly TransferCommand[]) => Promise<readonly Status[]>
  /** The newest recorded times of the tenant, 0n where there is nothing yet. */
  readonly newestTimes: () => Promise<{ readonly accountMicros: bigint; readonly transferMicros: bigint }>
  /** Sums over the accounts of one ledger. */
  readonly trialBalance: (ledger: number) => Promise<PostedBalance>
  /** Posted balances of accounts by reference; a reference that is not there is absent from the answer. */
  readonly balances: (references: readonly string[]) => Promise<ReadonlyMap<string, PostedBalance>>
}
