import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'pg'
import { NO_ARCHIVE, writeArchiveChoice } from '../../src/database/cluster/archiving.ts'
import { type Cluster, ensureCluster } from '../../src/database/cluster/ensure-cluster.ts'
import { makeFolder } from '../../src/database/cluster/folders.ts'
import { layOut } from '../../src/database/cluster/layout.ts'
import { type Access, prepareAccess } from '../../src/database/connect/access.ts'
import { withClient, withOwner } from '../../src/database/connect/owner.ts'
import { withDatabase as toDatabase } from '../../src/database/connect/url.ts'
import { type Migration, readMigrations } from '../../src/database/migrate/files.ts'
import { migrate } from '../../src/database/migrate/migrate.ts'
import { ensurePartitions } from '../../src/database/migrate/partitions.ts'
import type { TenantId } from '../../src/kit/index.ts'
import { keyringOf, type MasterKey, masterKeyFromText, rolePassword } from '../../src/vault/index.ts'

/** A migrated database of a test file's own. */
export type TestDatabase = Access & {
  readonly name: string
  /** Drops it; the cluster stops with its last user. */
  readonly close: () => Promise<void>
}

/** The master key of all test databases, as text for MASTER_KEY. */
export const TEST_MASTER_KEY_TEXT = Buffer.alloc(32, 7).toString('base64')
export const testMasterKey: MasterKey = masterKeyFromText(TEST_MASTER_KEY_TEXT)
export const testKeyring = keyringOf(testMasterKey)

const MEGABYTE = 1_048_576
const MEMORY_BYTES = 1_024 * MEGABYTE
const DISK_BYTES = 2_048 * MEGABYTE

/** One folder per user of the machine, so that all test files of a run, and runs side by side, share one cluster. */
const SHARED_FOLDER = join(tmpdir(), `evenkeel-test-${userInfo().username}`)

const quiet = { info: () => undefined, warn: () => undefined }

const passwords = { app: rolePassword(testMasterKey, 'app'), reader: rolePassword(testMasterKey, 'reader') }

const startShared = (): Promise<Cluster> =>
  ensureCluster({
    folder: SHARED_FOLDER,
    superuserPassword: rolePassword(testMasterKey, 'superuser'),
    log: quiet,
    role: 'guest',
    tuning: { unsafe: true, throwaway: true, memoryBytes: MEMORY_BYTES, diskBytes: DISK_BYTES },
  })

let shared: Promise<Cluster> | null = null
let users = 0

/** The cluster is held from the first database of this process to its last. */
const acquire = (): Promise<Cluster> => {
  users += 1
  shared ??= startShared()
  return shared
}

const release = async (): Promise<void> => {
  users -= 1
  if (users > 0) return
  const cluster = await shared
  shared = null
  await cluster?.stop()
}

/** Changed migrations get a template of their own, so a cluster that another checkout started serves as well. */
const templateName = (migrations: readonly Migration[]): string => {
  const digest = createHash('sha256')
  for (const { name, sha256 } of migrations) digest.update(`${name} ${sha256}\n`)
  return `template_${digest.digest('hex').slice(0, 16)}`
}

const MILLIS_PER_DAY = 86_400_000

const fillTemplate = async (url: string, migrations: readonly Migration[]): Promise<void> => {
  await prepareAccess({ admin: url }, passwords)
  await migrate({ adminUrl: url, release: 'test', migrations })
  await withOwner(url, (owner) => ensurePartitions(owner, Math.floor(Date.now() / MILLIS_PER_DAY), 2))
}

const exists = async (client: Client, database: string): Promise<boolean> =>
  (await client.query('select from pg_database where datname = $1', [database])).rowCount === 1

const TEMPLATE_LOCK = 1

/** Made once per cluster: other processes wait for it. Unfinished it has another name. */
const ensureTemplate = async (cluster: Cluster): Promise<string> => {
  const migrations = readMigrations()
  const template = templateName(migrations)
  await withClient(cluster.url, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
    if (await exists(client, template)) return
    const unfinished = `${template}_unfinished`
    await client.query(`drop database if exists ${unfinished} with (force)`)
    await client.query(`create database ${unfinished}`)
    await fillTemplate(toDatabase(cluster.url, unfinished), migrations)
    await client.query(`alter database ${unfinished} rename to ${template}`)
    await client.query(`alter database ${template} with allow_connections false`)
  })
  return template
}

const createClone = async (cluster: Cluster): Promise<string> => {
  const template = await ensureTemplate(cluster)
  const name = `test_${randomBytes(8).toString('hex')}`
  await withClient(cluster.url, (client) => client.query(`create database ${name} template ${template}`))
  return name
}

/** A fresh database with all migrations, in some 100 ms. Durability is off: what a crash leaves is for withCluster. */
export const withDatabase = async (): Promise<TestDatabase> => {
  const cluster = await acquire()
  try {
    const name = await createClone(cluster)
    const access = await prepareAccess({ admin: toDatabase(cluster.url, name) }, passwords)
    return {
      ...access,
      name,
      close: async () => {
        await withClient(cluster.url, (client) =>
          client.query(`drop database if exists ${name} with (force)`),
        )
        await release()
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** An empty database in the shared cluster, and a role that may do everything in it: for tests of setting up. */
export const withEmptyDatabase = async (): Promise<{
  readonly url: string
  readonly close: () => Promise<void>
}> => {
  const cluster = await acquire()
  const name = `test_${randomBytes(8).toString('hex')}`
  await withClient(cluster.url, (client) => client.query(`create database ${name}`))
  return {
    url: toDatabase(cluster.url, name),
    close: async () => {
      await withClient(cluster.url, (client) => client.query(`drop database if exists ${name} with (force)`))
      await release()
    },
  }
}

export type TestCluster = {
  readonly cluster: Cluster
  readonly access: Access
  /** Stops it and removes its data. */
  readonly close: () => Promise<void>
}

/** A migrated cluster of the test's own with everything on, for tests that kill it. */
export const withCluster = async ({
  archives = false,
}: {
  /** PostgreSQL's archiver works from the start: begun within 10 s of it, it would wait for their end. */
  readonly archives?: boolean
} = {}): Promise<TestCluster> => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-cluster-'))
  // mkdtemp closes it to the user that root's cluster runs as.
  chmodSync(folder, 0o711)
  const layout = layOut(join(folder, 'postgres'))
  if (archives) {
    makeFolder(layout.folder, 0o711)
    writeArchiveChoice(layout, { ...NO_ARCHIVE, next: folder })
  }
  const cluster = await ensureCluster({
    folder: join(folder, 'postgres'),
    superuserPassword: rolePassword(testMasterKey, 'superuser'),
    log: quiet,
    role: 'server',
    tuning: { memoryBytes: MEMORY_BYTES, diskBytes: DISK_BYTES },
  })
  if (archives) writeArchiveChoice(layout, NO_ARCHIVE)
  const access = await prepareAccess({ admin: cluster.url }, passwords)
  await fillTemplate(cluster.url, readMigrations())
  return {
    cluster,
    access,
    close: async () => {
      await cluster.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Makes a tenant with its head row, as the capability `tenants` does it. */
export const addTenant = async (
  database: Pick<Access, 'adminUrl'>,
  tenant: number,
  timeZone = 'UTC',
): Promise<TenantId> => {
  await withOwner(database.adminUrl, async (owner) => {
    await owner.query('begin')
    await owner.query(`select set_config('evenkeel.tenant', $1, true)`, [String(tenant)])
    await owner.query('insert into database.heads (tenant, time_zone) values ($1, $2)', [tenant, timeZone])
    await owner.query(
      `insert into tenants.tenants (tenant, kind, name, time_zone) values ($1, 'sandbox', $2, $3)`,
      [tenant, `test ${tenant}`, timeZone],
    )
    await owner.query('commit')
  })
  return tenant as TenantId
}
