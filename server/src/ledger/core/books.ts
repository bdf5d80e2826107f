import type { Day, Micros, Uuid } from '../../kit/index.ts'
import type { Account, Hold, Ledger, Transfer } from './model.ts'
import type { BurningStatus } from './statuses.ts'

/**
 * What decide may read and write: the books as they stand when its turn comes, with the effects of everything
 * decided before it. Reading what was not declared is a fault of the shell, so nothing here can miss.
 */
export type Books = {
  readonly ledger: (number: number) => Ledger | undefined
  readonly account: (id: Uuid) => Account | undefined
  readonly transfer: (id: Uuid) => Transfer | undefined
  readonly hold: (id: Uuid) => Hold | undefined
  readonly burnt: (id: Uuid) => BurningStatus | undefined
  /** The account that holds a human reference. */
  readonly referenceOwner: (reference: string) => Uuid | undefined
  /** Does an account, or a transfer, already stand at exactly this imported time? */
  readonly accountAt: (time: Micros) => boolean
  readonly transferAt: (time: Micros) => boolean

  /** The last day that is closed. Asked only for transfers that name their day, or are imported. */
  readonly closedThrough: () => Day | null

  readonly putLedger: (ledger: Ledger) => void
  readonly putAccount: (account: Account) => void
  readonly putTransfer: (transfer: Transfer) => void
  readonly putHold: (hold: Hold) => void
  readonly burn: (id: Uuid, status: BurningStatus) => void
  /** Adds to what was posted on a day that is not the account's newest. */
  readonly addToDay: (account: Uuid, day: Day, debits: bigint, credits: bigint) => void

  /** The moment of the batch, by the tenant's clock. */
  readonly now: Micros
  readonly newestAccount: () => Micros
  readonly newestTransfer: () => Micros
  /** Takes the next moment of recorded time: strictly later than everything before it. */
  readonly nextTime: () => Micros
  readonly nextSequence: () => bigint
  readonly dayOf: (time: Micros) => Day

  /** A place to come back to: everything put, burnt or taken after it is undone, times and sequences too. */
  readonly mark: () => number
  readonly rollback: (mark: number) => void
}
