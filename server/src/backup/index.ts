export { type CheckedFolder, type CheckProgress, checkBackups } from './check.ts'
export type { BackupEntry, BackupManifest } from './core/model.ts'
export type { Keep } from './core/retention.ts'
export { baseFolder } from './folder.ts'
export { type Pruned, prune } from './prune.ts'
export { readBackups } from './read-backups.ts'
export { type Restored, type RestoreProgress, restore } from './restore/restore.ts'
export { createShipper, type Shipper } from './ship.ts'
export { type Shipping, startShipping } from './shipping.ts'
export { readStanding, type Standing } from './standing.ts'
export {
  type BackupProgress,
  type BackupWanted,
  type BackupWritten,
  endBackups,
  writeBackup,
} from './write-backup.ts'
