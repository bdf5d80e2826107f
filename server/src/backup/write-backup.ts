import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type ArchiveChoice,
  type Cluster,
  isArchiving,
  type Layout,
  NO_ARCHIVE,
  readArchiveChoice,
  waitForLock,
  writeArchiveChoice,
} from '../database/index.ts'
import { SetupProblem } from '../kit/index.ts'
import { type BaseCopy, copyBase } from './base-copy.ts'
import { walkData } from './copy-data.ts'
import { segmentsBetween } from './core/log-names.ts'
import type { BackupManifest } from './core/model.ts'
import { syncFolder, troubleOf, writeWhole } from './disk.ts'
import { baseFolder, prepareFolder, refuseTooSmall } from './folder.ts'
import { LOG_ARRIVES_MS, SHIP_EVERY_MS, TURN_MS } from './limits.ts'
import { listBackupIds, MANIFEST_FILE, readBackup } from './read-backups.ts'
import { createShipper, hasLog, readSystemIdentifier, type Shipper } from './ship.ts'

export type BackupProgress = {
  readonly step: 'copy' | 'log'
  readonly done: number
  /** Bytes of the copy, or segments of the log. */
  readonly total: number
}

export type BackupWanted = {
  readonly cluster: Pick<Cluster, 'url' | 'layout' | 'setArchiving'>
  readonly dataDir: string
  /** Null for the folder of the last time. */
  readonly folder: string | null
  readonly release: string
  readonly newestMigration: number
  /** Hexadecimal. */
  readonly masterKeyFingerprint: string
  readonly onProgress: (progress: BackupProgress) => void
  readonly signal: AbortSignal
}

export type BackupWritten = {
  readonly folder: string
  readonly manifest: BackupManifest
  /** The folder whose chain ended with this, where another one was in use. */
  readonly endedFolder: string | null
}

const lockOf = (layout: Layout): string => join(layout.folder, 'backup.lock')

/**
 * One at a time, and the lock goes with its process: what is unfinished while nobody holds it was killed. Null when
 * somebody does for longer than the wait.
 */
export const whileNobodyBacksUp = async <Value>(
  layout: Layout,
  work: () => Promise<Value>,
  waitMs = 0,
): Promise<Value | null> => {
  const lock = await waitForLock(lockOf(layout), { timeoutMs: waitMs })
  if (lock === null) return null
  try {
    return await work()
  } finally {
    lock.release()
  }
}

const chosenFolder = (given: string | null, choice: ArchiveChoice): string => {
  const folder = given ?? choice.folder
  if (folder !== null) return folder
  throw new SetupProblem(
    'No folder of backups was chosen yet',
    'Give one, best on another disk or machine: npx evenkeel backup FOLDER',
  )
}

/** Those of runs that were killed. */
const removeUnfinished = async (folder: string): Promise<void> => {
  for (const id of await listBackupIds(folder))
    if ((await readBackup(folder, id)).kind === 'unfinished')
      await rm(join(baseFolder(folder), id), { recursive: true, force: true })
}

const ID_DIGITS = 3

const nameFor = (folder: string) => (startedAt: string) => {
  const id = `${startedAt.slice(0, 19).replaceAll(/[-:]/g, '')}Z-${randomBytes(ID_DIGITS).toString('hex')}`
  return { id, to: join(baseFolder(folder), id, 'data') }
}

type Shipping = { readonly shipper: Shipper; readonly layout: Layout; readonly folder: string }

/** What keeps the log from this folder ends the backup; trouble of another one is the server's to tell. */
const shipOnce = async ({ shipper, layout, folder }: Shipping): Promise<void> => {
  const { problems } = await shipper.ship(layout)
  const own = problems.find((one) => one.folder === folder)
  if (own !== undefined) throw own.problem
}

/** Where no server runs, the log is shipped by the command itself while it copies. */
const shipWhile = async <Value>(
  shipping: Shipping,
  work: (signal: AbortSignal) => Promise<Value>,
  outer: AbortSignal,
): Promise<Value> => {
  const stop = new AbortController()
  const failed = new AbortController()
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await shipOnce(shipping)
      await sleep(SHIP_EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }
  const shipped = loop().catch((error: unknown) => failed.abort(error))
  try {
    return await work(AbortSignal.any([outer, failed.signal]))
  } finally {
    stop.abort()
    await shipped
  }
}

const LOOK_MS = 100

/** The copy is whole when all of the log between its start and its end is there. */
const waitForLog = async (
  shipping: Shipping,
  base: BaseCopy,
  { onProgress, signal }: Pick<BackupWanted, 'onProgress' | 'signal'>,
): Promise<void> => {
  const names = segmentsBetween(base.firstSegment, base.lastSegment)
  if (names.length === 0)
    throw new SetupProblem(
      `The log of the copy goes from ${base.firstSegment} to ${base.lastSegment}, which is no way`,
      'Run the backup again.',
    )
  const from = performance.now()
  for (;;) {
    signal.throwIfAborted()
    const there = await Promise.all(names.map((name) => hasLog(shipping.folder, name)))
    const done = there.filter((one) => one).length
    onProgress({ step: 'log', done, total: names.length })
    if (done === names.length) return
    if (performance.now() - from > LOG_ARRIVES_MS)
      throw new SetupProblem(
        `The log of the copy has not arrived in ${shipping.folder} after ${LOG_ARRIVES_MS / 60_000} minutes`,
        'See what evenkeel doctor and the log of the server say, and run the backup again.',
      )
    await shipOnce(shipping)
    await sleep(LOOK_MS)
  }
}

/** Nothing is taken for a backup but what has a manifest, and that is written last. */
const writeManifest = async (folder: string, manifest: BackupManifest): Promise<void> => {
  const base = join(baseFolder(folder), manifest.id)
  await syncFolder(base)
  await syncFolder(baseFolder(folder))
  await writeWhole(join(base, MANIFEST_FILE), `${JSON.stringify(manifest)}\n`)
}

/** From here on the log goes to the folder, beside the one that it went to. */
const begin = async ({ cluster }: BackupWanted, choice: ArchiveChoice, folder: string): Promise<void> => {
  const goesOn = choice.folder === folder && choice.brokenAt === null
  const kept = choice.brokenAt === null ? choice.folder : null
  writeArchiveChoice(cluster.layout, {
    ...choice,
    folder: kept,
    next: goesOn ? null : folder,
    brokenAt: null,
  })
  await cluster.setArchiving(true)
}

const giveUp = async ({ cluster }: BackupWanted, choice: ArchiveChoice): Promise<void> => {
  writeArchiveChoice(cluster.layout, { ...choice, next: null })
  if (!isArchiving({ ...choice, next: null })) await cluster.setArchiving(false)
}

const write = async (
  wanted: BackupWanted,
  folder: string,
  systemIdentifier: string,
): Promise<BackupManifest> => {
  const { cluster, onProgress, release, newestMigration, masterKeyFingerprint } = wanted
  const shipping: Shipping = { shipper: createShipper(), layout: cluster.layout, folder }
  const base = await shipWhile(
    shipping,
    (signal) =>
      copyBase({
        url: cluster.url,
        data: cluster.layout.data,
        nameFor: nameFor(folder),
        onBytes: (done, total) => onProgress({ step: 'copy', done, total }),
        signal,
      }),
    wanted.signal,
  )
  await waitForLog(shipping, base, wanted)
  const manifest: BackupManifest = {
    object: 'evenkeel_backup',
    format: 1,
    release,
    newestMigration,
    systemIdentifier,
    masterKeyFingerprint,
    ...base,
    bytes: base.files.reduce((sum, { bytes }) => sum + bytes, 0),
  }
  await writeManifest(folder, manifest)
  return manifest
}

const backUp = async (wanted: BackupWanted): Promise<BackupWritten> => {
  const { cluster, dataDir } = wanted
  const { layout } = cluster
  const choice = readArchiveChoice(layout)
  const systemIdentifier = readSystemIdentifier(layout.data)
  const folder = await prepareFolder(chosenFolder(wanted.folder, choice), { systemIdentifier, dataDir })
  try {
    await removeUnfinished(folder)
    await refuseTooSmall(folder, (await walkData(layout.data)).bytes)
    await begin(wanted, choice, folder)
    const manifest = await write(wanted, folder, systemIdentifier)
    const last = { id: manifest.id, endedAt: manifest.endedAt }
    writeArchiveChoice(layout, { folder, next: null, last, brokenAt: null })
    const ended = choice.folder !== null && choice.folder !== folder ? choice.folder : null
    return { folder, manifest, endedFolder: ended }
  } catch (error) {
    await giveUp(wanted, choice)
    await removeUnfinished(folder).catch(() => undefined)
    throw troubleOf(error, folder) ?? error
  }
}

const busy = (): SetupProblem =>
  new SetupProblem('A backup of this database is being written at this moment', 'Wait until it is done.')

/** Writes a backup while the platform works: a copy of its data, the log that makes it whole, and then its manifest. */
export const writeBackup = async (wanted: BackupWanted): Promise<BackupWritten> => {
  const written = await whileNobodyBacksUp(wanted.cluster.layout, () => backUp(wanted), TURN_MS)
  if (written === null) throw busy()
  return written
}

/** No folder of backups any more: what lies there stays, and PostgreSQL's log is not kept. The folder that it was. */
export const endBackups = async (
  cluster: Pick<Cluster, 'layout' | 'setArchiving'>,
): Promise<string | null> => {
  const ended = await whileNobodyBacksUp(
    cluster.layout,
    async () => {
      const { folder } = readArchiveChoice(cluster.layout)
      writeArchiveChoice(cluster.layout, NO_ARCHIVE)
      await cluster.setArchiving(false)
      return { folder }
    },
    TURN_MS,
  )
  if (ended === null) throw busy()
  return ended.folder
}
