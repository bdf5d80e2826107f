import { join } from 'node:path'
import { type Access, hasCluster, openPools, type Pools } from '../database/index.ts'
import { SetupProblem } from '../kit/index.ts'
import type { VerifyReport } from '../ledger/index.ts'
import { giveUpMove, type Marker, type Moved, type MoveProgress, move } from '../move/index.ts'
import { type Configuration, loadConfiguration } from './configuration.ts'
import { createLog } from './log.ts'
import { openPlatform, type Platform, wallClock } from './platform.ts'
import { RELEASE } from './release.ts'

export type MoveAsked = {
  /** Of the database that the books go to, with a login that may make roles. */
  readonly url: string
  /** For roles that somebody else has made. */
  readonly appUrl?: string
  readonly readerUrl?: string
  readonly despiteDangers: boolean
  readonly isStopped: () => boolean
}

export type ProvenMove = Moved & {
  /** Of the books in the target; null where they had been moved before. */
  readonly proof: VerifyReport | null
}

type Proving = Pick<Platform, 'configuration' | 'isNew'> & { readonly pools: Pick<Pools, 'reader'> }
type Prove = (platform: Proving) => Promise<VerifyReport>

const URL_SHAPE = /^postgres(ql)?:\/\/./

const refuseWrongUrl = (url: string): void => {
  if (!URL_SHAPE.test(url))
    throw new SetupProblem(
      'The address of the new database is not one of PostgreSQL’s',
      'Write it as postgresql://user:password@host:5432/database.',
    )
}

const clusterFolderOf = ({ dataDir }: Configuration): string => join(dataDir, 'postgres')

/** Only the embedded database is moved: another one has tools of its own. */
const refuseOtherDatabase = (configuration: Configuration): void => {
  if (configuration.databaseUrl !== undefined)
    throw new SetupProblem(
      'DATABASE_URL is set: these books are in a PostgreSQL of your own already',
      'Run it with the settings that the server had with its own database, without DATABASE_URL. From one PostgreSQL to another go with pg_dump, or with replication.',
    )
  if (!hasCluster(clusterFolderOf(configuration)))
    throw new SetupProblem(
      `There is no database in ${configuration.dataDir}, so there is nothing to move`,
      'Run it in the folder where the server runs, or set DATA_DIR as the server has it.',
    )
}

/** What the command says stands alone on the terminal: the cluster’s own words are for servers. */
const withMover = async <Value>(work: (platform: Platform) => Promise<Value>): Promise<Value> => {
  const configuration = loadConfiguration()
  refuseOtherDatabase(configuration)
  const log = createLog({ ...configuration, logLevel: 'warn' })
  const platform = await openPlatform({ as: 'mover', configuration, log })
  try {
    return await work(platform)
  } finally {
    await platform.close()
  }
}

const proveTarget = async (
  { configuration }: Platform,
  { appUrl, readerUrl }: Access,
  prove: Prove,
): Promise<VerifyReport> => {
  const pools = openPools({ appUrl, readerUrl })
  try {
    const report = await prove({ configuration, isNew: false, pools })
    const failed = report.checks.filter(({ ok }) => !ok).map(({ name }) => name)
    if (report.ok) return report
    throw new SetupProblem(
      `The books are not proven in the new database: ${failed.join(', ')}`,
      'Nothing counts as moved. See whether they are in the old one: evenkeel verify. If so, tell us.',
    )
  } finally {
    await pools.end()
  }
}

/** Carries the books of the embedded database into one of the user’s own; no server may run on the data folder. */
export const moveBooks = async (
  asked: MoveAsked,
  onProgress: (progress: MoveProgress) => void,
  prove: Prove,
): Promise<ProvenMove> => {
  refuseWrongUrl(asked.url)
  const { url, appUrl, readerUrl, despiteDangers, isStopped } = asked
  return withMover(async (platform) => {
    const { configuration, cluster } = platform
    let proof: VerifyReport | null = null
    const moved = await move({
      source: {
        clusterFolder: clusterFolderOf(configuration),
        adminUrl: cluster?.url ?? '',
      },
      target: {
        admin: url,
        ...(appUrl === undefined ? {} : { app: appUrl }),
        ...(readerUrl === undefined ? {} : { reader: readerUrl }),
      },
      passwords: platform.rolePasswords(),
      release: RELEASE,
      clock: wallClock,
      allowUnsafe: configuration.allowUnsafeDatabase,
      despiteDangers,
      prove: async (access) => {
        proof = await proveTarget(platform, access, prove)
      },
      onProgress,
      isStopped,
    })
    return { ...moved, proof }
  })
}

/** Ends a move that is not finished; the embedded database goes on. */
export const giveMoveUp = (): Promise<Marker> =>
  withMover(({ configuration, cluster }) => giveUpMove(clusterFolderOf(configuration), cluster?.url ?? ''))
