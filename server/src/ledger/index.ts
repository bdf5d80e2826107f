export { closingTimers } from './closing/seal-later.ts'
export {
  type AccountCommand,
  type AccountStatus,
  accountFlagBits,
  type TransferCommand,
  type TransferStatus,
  transferFlagBits,
} from './core/index.ts'
export { EXPIRY_TIMER } from './draft-books.ts'
export type { ExportManifest } from './figures/manifest.ts'
export { type ExportProgress, exportPeriod } from './figures/write-export.ts'
export {
  declarePostings,
  findPostings,
  type HouseAccount,
  type HouseBalance,
  houseAccount,
  houseBalance,
  type Posting,
  post,
} from './house.ts'
export { type OfflineProgress, type OfflineReport, verifyExport } from './offline/verify-export.ts'
export { routesOf } from './routes/all.ts'
export { ledgerErrors } from './routes/errors.ts'
export { findAccountsByReference } from './store/queries.ts'
export { readAccount, readTransfer } from './store/tables.ts'
export { readTrialLine, type TrialLine, trialBalance } from './store/totals.ts'
export { writeLedger } from './store/writer.ts'
export {
  createAccountsUnit,
  createLedgerUnit,
  createTransfersUnit,
  expireUnit,
  type Request,
} from './units.ts'
export {
  houseCredits,
  houseHeld,
  houseHeldMembers,
  housePosted,
  housePostedMembers,
  type Member,
  SET_OF,
  type SetOf,
} from './verify/house-rows.ts'
export { type VerifyOptions, type VerifyReport, verifyLedger } from './verify/verify-ledger.ts'
