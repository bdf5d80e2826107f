import { join } from 'node:path'
import { type Restored, type RestoreProgress, restore } from '../backup/index.ts'
import { makeFolder } from '../database/index.ts'
import { SetupProblem } from '../kit/index.ts'
import { fingerprintText, obtainKeyring } from '../vault/index.ts'
import { type Configuration, loadConfiguration } from './configuration.ts'
import { createLog } from './log.ts'
import { wallClock } from './platform.ts'

export type RestoreWanted = {
  /** The folder of backups. */
  readonly folder: string
  /** A moment as people write it; null for all that is there. */
  readonly to: string | null
  /** The id of a backup; null for the one that fits best. */
  readonly backup: string | null
  /** A data folder that died before all of its log was shipped; null for none. */
  readonly wal: string | null
  readonly signal: AbortSignal
}

export type RestoreDone = Restored & { readonly dataDir: string }

/** Root's PostgreSQL runs as another user, who has to pass through. */
const DATA_FOLDER_MODE = 0o711

const ownDatabase = (): SetupProblem =>
  new SetupProblem(
    'DATABASE_URL is set: the database is your own, and so is bringing it back',
    'Use what it was backed up with: pgBackRest, Barman, pg_basebackup with an archive, or the snapshots of whoever runs it for you; then `npx evenkeel verify` proves the restored books. To restore the embedded database, unset DATABASE_URL.',
  )

/** What is not in a backup, and without which it cannot be read: said before anything is done. */
const noKey = (file: string): SetupProblem =>
  new SetupProblem(
    `The master key is not here, and a backup does not hold it: MASTER_KEY is not set, and there is no file ${file}`,
    `Put your copy of master.key there (mode 0600), or set MASTER_KEY. Your copy of audit-anchor.key belongs beside it.`,
  )

const fingerprintsOf = async ({ dataDir, masterKey }: Configuration): Promise<readonly string[]> => {
  const file = join(dataDir, 'master.key')
  const ring = await obtainKeyring({
    ...(masterKey === undefined ? {} : { text: masterKey }),
    file,
    hasDatabase: () => {
      throw noKey(file)
    },
  })
  return ring.candidates().map(fingerprintText)
}

/** Brings the embedded database back from a folder of backups into DATA_DIR, where none may be. */
export const restoreBackup = async (
  wanted: RestoreWanted,
  onProgress: (progress: RestoreProgress) => void,
): Promise<RestoreDone> => {
  const configuration = loadConfiguration()
  if (configuration.databaseUrl !== undefined) throw ownDatabase()
  const { dataDir } = configuration
  const fingerprints = await fingerprintsOf(configuration)
  makeFolder(dataDir, DATA_FOLDER_MODE)
  const log = createLog(configuration)
  const { folder, to, backup, wal: dead, signal } = wanted
  const restored = await restore({
    folder,
    to,
    backup,
    dead,
    signal,
    fingerprints,
    cluster: join(dataDir, 'postgres'),
    now: wallClock.now,
    // The command's own words are what somebody reads there.
    log: { info: (message) => log.debug(message), warn: (message) => log.warn(message) },
    onProgress,
  })
  return { ...restored, dataDir }
}
