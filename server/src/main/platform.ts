import { join } from 'node:path'
import type { Logger } from 'pino'
import { type Actor, writeAudit } from '../audit/index.ts'
import { writeClocks } from '../clock/index.ts'
import { writeCustomers } from '../customers/index.ts'
import {
  type Address,
  type Cluster,
  type Commit,
  type Connections,
  classifyError,
  connectionsOf,
  createCommit,
  createRead,
  dropAged,
  dropAgedRows,
  ensureCluster,
  ensurePartitions,
  makeFolder,
  migrate,
  type OnStage,
  openPools,
  type Pools,
  prepareAccess,
  type Read,
  type RolePasswords,
  raiseFloor,
  readFloor,
  refusePowerfulRole,
  refuseUnsafeSettings,
  sessionName,
  type Writer,
  withClient,
  withOwner,
} from '../database/index.ts'
import { type Reachable, writeWebhooks } from '../events/index.ts'
import { writeExposure } from '../exposure/index.ts'
import type { TenantId, WallClock } from '../kit/index.ts'
import { writeLaunches } from '../launches/index.ts'
import { writeLedger } from '../ledger/index.ts'
import { type Marker, refuseUnfinishedMove } from '../move/index.ts'
import { type PaymentSettings, writePayments } from '../payments/index.ts'
import type { People } from '../people/index.ts'
import type { SandboxCard } from '../rails/index.ts'
import { writeRouting } from '../routing/index.ts'
import type { AsOwner, Tenants } from '../tenants/index.ts'
import {
  checkFingerprint,
  ensureSecrets,
  findKeyOf,
  type Keyring,
  openVault,
  type Secrets,
  startWitness,
  type Vault,
} from '../vault/index.ts'
import { actorOfProcess } from './actor.ts'
import { type Capacity, capacityIn } from './capacity.ts'
import { type Configuration, loadConfiguration } from './configuration.ts'
import { addressOf, obtainKeys, passwordsOf, rolePasswordsOf } from './keys.ts'
import { createLog } from './log.ts'
import { findMove, readOnlyCommit, readOnlyOwner } from './moved.ts'
import { followPrimary } from './primary-note.ts'
import { createPublicUrl, type PublicUrl } from './public-url.ts'
import { reachableOf } from './reachable.ts'
import { recordRestore } from './record-restore.ts'
import { RELEASE } from './release.ts'
import { openSandboxCard } from './sandbox.ts'
import { openTenants } from './tenants-and-people.ts'

/** The wall clock of this process. Everything else is handed it. */
export const wallClock: WallClock = { now: () => Date.now() }

const MILLIS_PER_DAY = 86_400_000
const MONTHS_AHEAD = 2
/** The release that brought it opens sealed answers; one before it could not. A new database has none before it. */
const SEALING_MIGRATION = 21
/** Others may pass through to the cluster’s own folder, which root’s PostgreSQL runs in as another user; nobody may look. */
const DATA_FOLDER_MODE = 0o711

/** What the capabilities write in a commit, in this order. */
const WRITERS: readonly Writer[] = [
  writeLedger,
  writeClocks,
  writeWebhooks,
  ...writeCustomers,
  ...writePayments,
  writeRouting,
  ...writeAudit,
  ...writeExposure,
  ...writeLaunches,
]

export type PlatformOptions = {
  /**
   * A server has the data folder to itself; tools work beside it, or on their own where none runs. The mover has it to
   * itself like a server, and opens it although it is being moved.
   */
  readonly as: 'server' | 'tool' | 'mover'
  readonly configuration?: Configuration
  readonly log?: Logger
  /** For tests that stop the world in the middle of a commit. */
  readonly onStage?: OnStage
}

/** Everything that stands between a configuration and its use: the database, the commit, the tenants. */
export type Platform = {
  readonly configuration: Configuration
  readonly log: Logger
  readonly cluster: Cluster | null
  readonly pools: Pools
  /** In pipeline mode: the commit's, and its like. */
  readonly connections: Connections
  readonly commit: Commit
  readonly read: Read
  readonly tenants: Tenants
  /** People, each with a key of his own: made on this machine only. */
  readonly people: People
  readonly asOwner: AsOwner
  /** Who does what this process does by itself, for the audit log. */
  readonly actor: Actor
  /** Seals what must be readable again, with the tenant's own data key. */
  readonly vault: Vault
  /** No release runs here any more that could not open a sealed answer of a payment. */
  readonly sealsAnswers: boolean
  /** The master keys that this process knows. */
  readonly keyring: Keyring
  /** The role that may make roles and become the owner. */
  readonly admin: Address
  /** The card acquirer of all sandboxes. */
  readonly sandboxCard: SandboxCard
  /** Whether this start made the first tenants. */
  readonly isNew: boolean
  readonly clock: WallClock
  /** What payments cost, and when their money is available. */
  readonly paymentSettings: PaymentSettings
  /** Where people reach the server, for addresses of pages. */
  readonly publicUrl: PublicUrl
  /** Where webhooks may be sent. */
  readonly reachable: Reachable
  /** What the platform's own benchmark held on this machine; null where it was never run here. */
  readonly capacity: () => Promise<Capacity | null>
  /** Makes the partitions of the months ahead and drops what has aged: at the start, and now and then. */
  readonly housekeep: () => Promise<void>
  /** With which the roles log in, for a database that the books are moved to. */
  readonly rolePasswords: () => RolePasswords
  readonly close: () => Promise<void>
}

const startCluster = async (
  options: PlatformOptions,
  configuration: Configuration,
  ring: Keyring,
  log: Logger,
): Promise<Cluster | null> => {
  if (configuration.databaseUrl !== undefined) return null
  return ensureCluster({
    folder: join(configuration.dataDir, 'postgres'),
    superuserPassword: passwordsOf(ring, 'superuser'),
    log: {
      // A command's own words are what somebody reads there.
      info: (message) => (options.as === 'server' ? log.info(message) : log.debug(message)),
      warn: (message) => log.warn(message),
    },
    role: options.as === 'tool' ? 'guest' : 'server',
    onFailure: (error) => {
      log.fatal({ error: error.message }, 'PostgreSQL died and cannot be started again')
      process.exit(1)
    },
  })
}

const housekeep = (admin: Address): Promise<void> =>
  withOwner(admin, async (owner) => {
    const today = Math.floor(wallClock.now() / MILLIS_PER_DAY)
    await ensurePartitions(owner, today, MONTHS_AHEAD)
    await dropAged(owner, today)
  })

const dropRows = (admin: Address, tenants: readonly TenantId[]): Promise<number> =>
  withOwner(admin, (owner) => dropAgedRows(owner, tenants, Math.floor(wallClock.now() / MILLIS_PER_DAY)))

/** Migrates, notes the master key, and sees to the partitions. Cheap when there is nothing to do. */
const prepareDatabase = async (admin: Address, ring: Keyring, log: Logger): Promise<void> => {
  await migrate({
    adminUrl: admin,
    release: RELEASE,
    onApplied: (migration, ms) => log.debug({ migration, ms }, 'migrated'),
    onGaveWay: (migration, attempt) =>
      log.warn(
        { migration, attempt },
        'a long transaction holds what this migration needs; it is tried again',
      ),
  })
  await withOwner(admin, (owner) => checkFingerprint(owner, ring))
  await housekeep(admin)
}

type Opened = { readonly pools: Pools; readonly secrets: Secrets }

type Opening = {
  readonly configuration: Configuration
  readonly admin: Address
  readonly ring: Keyring
  readonly log: Logger
  /** A database that was moved, or is on its way, stays as it is. */
  readonly moved: Marker | null
}

const openDatabase = async ({ configuration, admin, ring, log, moved }: Opening): Promise<Opened> => {
  const { databaseAppUrl, databaseReaderUrl } = configuration
  await prepareAccess(
    {
      admin,
      ...(databaseAppUrl === undefined ? {} : { app: databaseAppUrl }),
      ...(databaseReaderUrl === undefined ? {} : { reader: databaseReaderUrl }),
    },
    // Another key than the database's is refused by its name here, and not by the password that it gives.
    async (client) => {
      await findKeyOf(client, ring)
      return rolePasswordsOf(ring)
    },
  )
  if (configuration.databaseUrl !== undefined) await withClient(admin, refuseUnfinishedMove)
  if (moved === null) await prepareDatabase(admin, ring, log)
  const secrets = await withOwner(admin, (owner) => ensureSecrets(owner, ring))
  const pools = openPools({
    appUrl: databaseAppUrl ?? addressOf(admin, ring, 'app'),
    readerUrl: databaseReaderUrl ?? addressOf(admin, ring, 'reader'),
    onError: (error) => log.warn({ error: error.message }, 'a database connection was lost'),
  })
  try {
    await refuseUnsafeSettings(pools.plain, configuration.allowUnsafeDatabase)
    await refusePowerfulRole(pools.plain)
  } catch (error) {
    await pools.end()
    throw error
  }
  return { pools, secrets }
}

const paymentSettingsOf = (configuration: Configuration): PaymentSettings => ({
  fees: { bps: configuration.processingFeeBps, fixed: configuration.processingFeeFixed },
  disputeFee: configuration.disputeFee,
  settlementDelayDays: configuration.settlementDelayDays,
})

const openCommit = (connections: Connections, { onStage }: PlatformOptions): Commit =>
  createCommit({
    connections,
    writers: WRITERS,
    clock: wallClock,
    classify: (error) => (classifyError(error) === 'transient' ? 'transient' : 'other'),
    ...(onStage === undefined ? {} : { onStage }),
  })

/** Whether no release can run here any more that could not open a sealed answer. */
const maySeal = async (admin: Address, { plain }: Pools, isNew: boolean): Promise<boolean> => {
  if (isNew) await withOwner(admin, (owner) => raiseFloor(owner, SEALING_MIGRATION))
  return (await readFloor(plain)) >= SEALING_MIGRATION
}

/** Opens the platform: finds or makes its database, migrates it, and opens the door for changes. */
export const openPlatform = async (options: PlatformOptions): Promise<Platform> => {
  const configuration = options.configuration ?? loadConfiguration()
  const log = options.log ?? createLog(configuration)
  makeFolder(configuration.dataDir, DATA_FOLDER_MODE)
  if (options.as === 'server') followPrimary(configuration, log)
  const ring = await obtainKeys(configuration)
  const moved = findMove(configuration, options.as)
  const cluster = await startCluster(options, configuration, ring, log)
  const admin = cluster?.address ?? configuration.databaseUrl ?? ''
  try {
    const { pools, secrets } = await openDatabase({ configuration, admin, ring, log, moved })
    const witness = startWitness({ ring, plain: pools.plain, session: sessionName(), log })
    const asOwner = readOnlyOwner((work) => withOwner(admin, work), moved)
    const connections = connectionsOf(pools.hot)
    const commit = readOnlyCommit(openCommit(connections, options), moved)
    const read = createRead(connections)
    const actor = actorOfProcess(options.as === 'server' ? 'server' : 'tool')
    const { tenants, people } = openTenants({ asOwner, ring, pools, read, clock: wallClock, actor })
    const isNew = moved === null && (await tenants.ensureFirst())
    await recordRestore({ asOwner, actor, dataDir: configuration.dataDir })
    const vault = openVault(ring, pools.plain, secrets)
    const sealsAnswers = await maySeal(admin, pools, isNew)
    const sandboxCard = openSandboxCard(pools, vault, wallClock)
    const close = async (): Promise<void> => {
      witness.stop()
      await commit.drain()
      await sandboxCard.settle()
      await pools.end()
      await cluster?.stop()
    }
    return {
      configuration,
      log,
      cluster,
      pools,
      connections,
      commit,
      read,
      tenants,
      people,
      asOwner,
      actor,
      vault,
      sealsAnswers,
      sandboxCard,
      isNew,
      clock: wallClock,
      paymentSettings: paymentSettingsOf(configuration),
      publicUrl: createPublicUrl(configuration),
      reachable: reachableOf(configuration),
      capacity: capacityIn(configuration.dataDir),
      housekeep: async () => {
        if (moved !== null) return
        await housekeep(admin)
        await dropRows(
          admin,
          (await tenants.list()).map(({ id }) => id),
        )
      },
      rolePasswords: () => rolePasswordsOf(ring),
      admin,
      keyring: ring,
      close,
    }
  } catch (error) {
    await cluster?.stop()
    throw error
  }
}
