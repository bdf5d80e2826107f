import { type BackupProgress, type BackupWritten, writeBackup } from '../../src/backup/index.ts'
import { ensureCluster } from '../../src/database/cluster/ensure-cluster.ts'
import { rolePassword } from '../../src/vault/index.ts'
import { testMasterKey } from '../support/postgres.ts'

export type Wanted = {
  readonly clusterFolder: string
  readonly folder: string
  readonly dataDir: string
  readonly onProgress: (progress: BackupProgress) => void
}

/** What `evenkeel backup` does, beside a running server, without the platform around it: for tests that kill it. */
export const backUpAsGuest = async (wanted: Wanted): Promise<BackupWritten> => {
  const { clusterFolder, folder, dataDir, onProgress } = wanted
  const cluster = await ensureCluster({
    folder: clusterFolder,
    superuserPassword: rolePassword(testMasterKey, 'superuser'),
    log: { info: () => undefined, warn: () => undefined },
    role: 'guest',
  })
  try {
    return await writeBackup({
      cluster,
      dataDir,
      folder,
      release: 'test',
      newestMigration: 1,
      masterKeyFingerprint: '00',
      onProgress,
      signal: new AbortController().signal,
    })
  } finally {
    await cluster.stop()
  }
}

/** Says how far it is in percent of the copy; 100 is all of it, and 101 the wait for its log. */
const percentOf = ({ step, done, total }: BackupProgress): number =>
  step === 'log' ? 101 : Math.floor((100 * done) / total)

if (import.meta.main) {
  const [clusterFolder = '', folder = '', dataDir = ''] = process.argv.slice(2)
  let said = -1
  const onProgress = (progress: BackupProgress): void => {
    const percent = percentOf(progress)
    if (percent === said) return
    said = percent
    process.stdout.write(`${percent}\n`)
  }
  await backUpAsGuest({ clusterFolder, folder, dataDir, onProgress })
}
