import { join } from 'node:path'
import {
  type BackupEntry,
  type BackupProgress,
  type BackupWritten,
  type CheckedFolder,
  type CheckProgress,
  checkBackups,
  createShipper,
  endBackups,
  type Keep,
  type Pruned,
  prune,
  readBackups,
  writeBackup,
} from '../backup/index.ts'
import { type Cluster, hasCluster, layOut, readApplied, readArchiveChoice } from '../database/index.ts'
import { SetupProblem } from '../kit/index.ts'
import { readMark } from '../vault/index.ts'
import { type Configuration, loadConfiguration } from './configuration.ts'
import { createLog } from './log.ts'
import { openPlatform, type Platform } from './platform.ts'
import { RELEASE } from './release.ts'

export type BackupAsked = {
  /** Null for the folder of the last time. */
  readonly folder: string | null
  readonly keep: Keep
  readonly signal: AbortSignal
}

export type BackupDone = BackupWritten & { readonly pruned: Pruned }

export type BackupsListed = {
  readonly folder: string
  readonly backups: readonly BackupEntry[]
}

const MICROS_PER_MILLI = 1_000n

const clusterFolderOf = ({ dataDir }: Configuration): string => join(dataDir, 'postgres')

/** What Evenkeel does not do for a PostgreSQL that is not its own, and who does. */
const refuseOwnDatabase = ({ databaseUrl }: Configuration): void => {
  if (databaseUrl === undefined) return
  throw new SetupProblem(
    'DATABASE_URL is set: these books are in a PostgreSQL of your own, and its own tools back it up',
    [
      'On a managed PostgreSQL turn on its snapshots and point-in-time recovery. On one that you run:',
      '  pgbackrest --stanza=evenkeel backup              all in one: copies, log, retention, encryption',
      '  pg_basebackup -D FOLDER -X stream -c fast        a copy; with archive_command for the log since',
      'pg_dump is no substitute: it has no log, so it brings you back to one moment only.',
      'The master key is in none of them: keep it elsewhere. Then try a restore, and prove it, with',
      '  DATABASE_URL=postgresql://…the-restored-copy… npx evenkeel verify',
    ].join('\n'),
  )
}

const refuseNothing = (configuration: Configuration): void => {
  if (hasCluster(clusterFolderOf(configuration))) return
  throw new SetupProblem(
    `There is no database in ${configuration.dataDir}, so there is nothing to back up`,
    'Run it in the folder where the server runs, or set DATA_DIR as the server has it.',
  )
}

/** What the command says stands alone on the terminal: the cluster's own words are for servers. */
const withEmbedded = async <Value>(
  work: (platform: Platform, cluster: Cluster) => Promise<Value>,
): Promise<Value> => {
  const configuration = loadConfiguration()
  refuseOwnDatabase(configuration)
  refuseNothing(configuration)
  const platform = await openPlatform({
    as: 'tool',
    configuration,
    log: createLog({ ...configuration, logLevel: 'warn' }),
  })
  const { cluster } = platform
  try {
    if (cluster === null) throw new Error('an embedded database has a cluster')
    return await work(platform, cluster)
  } finally {
    await platform.close()
    // Where no server runs PostgreSQL has ended with this, and written the last of its log.
    if (cluster !== null)
      await createShipper()
        .ship(cluster.layout)
        .catch(() => undefined)
  }
}

const newestOf = (applied: readonly string[]): number => Number(applied.at(-1)?.slice(0, 4) ?? 0)

/** Writes a backup beside a running server, or on its own. */
export const backUp = (
  { folder, keep, signal }: BackupAsked,
  onProgress: (progress: BackupProgress) => void,
): Promise<BackupDone> =>
  withEmbedded(async ({ asOwner, configuration, clock }, cluster) => {
    const { mark, applied } = await asOwner(async (owner) => ({
      mark: await readMark(owner),
      applied: await readApplied(owner),
    }))
    const written = await writeBackup({
      cluster,
      dataDir: configuration.dataDir,
      folder,
      release: RELEASE,
      newestMigration: newestOf(applied),
      masterKeyFingerprint: mark?.fingerprint.toString('hex') ?? '',
      onProgress,
      signal,
    })
    const nowMicros = BigInt(clock.now()) * MICROS_PER_MILLI
    return { ...written, pruned: await prune(written.folder, keep, nowMicros) }
  })

/** No more backups: PostgreSQL's log is not kept any longer. The folder that they went to. */
export const endBackingUp = (): Promise<string | null> =>
  withEmbedded((_platform, cluster) => endBackups(cluster))

const chosenFolder = (): string => {
  const configuration = loadConfiguration()
  refuseOwnDatabase(configuration)
  const { folder } = readArchiveChoice(layOut(clusterFolderOf(configuration)))
  if (folder !== null) return folder
  throw new SetupProblem(
    'No folder of backups was chosen yet',
    'Give the folder to look into, npx evenkeel backup --list FOLDER, or begin: npx evenkeel backup FOLDER',
  )
}

/** What lies in a folder, on any machine: neither a database nor a server is needed. */
export const listBackups = async (given: string | null): Promise<BackupsListed> => {
  const folder = given ?? chosenFolder()
  return { folder, backups: await readBackups(folder) }
}

/** The same, after reading all of it. */
export const checkFolder = async (
  given: string | null,
  onProgress: (progress: CheckProgress) => void,
  signal: AbortSignal,
): Promise<CheckedFolder & { readonly folder: string }> => {
  const folder = given ?? chosenFolder()
  return { folder, ...(await checkBackups(folder, onProgress, signal)) }
}

/** For whoever is told that the master key is not in a backup: where it is. */
export const whereMasterKeyIs = (): string => {
  const { masterKey, dataDir } = loadConfiguration()
  return masterKey === undefined ? join(dataDir, 'master.key') : 'MASTER_KEY'
}
