export { createAccounts } from './accounts.ts'
export type { Books } from './books.ts'
export {
  CLOSING_REASONS,
  type Closed,
  type Closing,
  type ClosingReason,
  closedThrough,
  decideClose,
  decideReopen,
  NOTHING_CLOSED,
  sealed,
} from './closing.ts'
export {
  ACCOUNT_FLAG_NAMES,
  ACCOUNT_FLAGS,
  type AccountFlag,
  accountFlagBits,
  accountFlagNames,
  TRANSFER_FLAG_NAMES,
  TRANSFER_FLAGS,
  type TransferFlag,
  transferFlagBits,
  transferFlagNames,
} from './flags.ts'
export {
  type Account,
  type AccountCommand,
  AMOUNT_MAX,
  type Balances,
  type Hold,
  type HoldState,
  type Ledger,
  type Metadata,
  type Transfer,
  type TransferCommand,
} from './model.ts'
export { expire } from './resolve.ts'
export {
  ACCOUNT_STATUSES,
  type AccountStatus,
  type BurningStatus,
  type StatusEntry,
  TRANSFER_STATUSES,
  type TransferStatus,
} from './statuses.ts'
export { createTransfers } from './transfers.ts'
