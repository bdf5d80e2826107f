export { baseFolder, logFolder } from './folder.ts'
export { readBackups } from './read-backups.ts'
export { createShipper, type Shipper } from './ship.ts'
export { type BackupProgress, type BackupWanted, type BackupWritten, writeBackup } from './write-backup.ts'
