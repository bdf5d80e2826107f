import { mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Json, SetupProblem } from '../../kit/index.ts'
import { NO_ARCHIVE, readArchiveChoice, writeArchiveChoice } from './archiving.ts'
import { prepareSite } from './ensure-cluster.ts'
import { giveTo, giveTreeTo, makeFolder } from './folders.ts'
import { layOut } from './layout.ts'
import { POLL_MS } from './limits.ts'
import { choosePort } from './port.ts'
import { inTurn, takeServer } from './presence.ts'
import { removeRestoreNote, writeRestoreNote } from './restore-note.ts'
import type { Log, Site, Tuning } from './site.ts'
import { type Launched, launch, readPostmasterFile, writeConf } from './start.ts'
import { stop } from './stop.ts'
import { explain, explained } from './troubles.ts'

/** A folder beside the data that PostgreSQL's user can read and write. */
export type Reach = { readonly folder: string; readonly give: (path: string) => void }

/** Hands PostgreSQL the log while it replays. */
export type Feeding = {
  /** As restore_command has it. */
  readonly command: string
  /** What keeps the log from being handed over; PostgreSQL ends because of it. */
  readonly problem: () => Error | null
  readonly stop: () => Promise<void>
}

export type Recovery = {
  /** The cluster's: a folder without data. */
  readonly folder: string
  readonly log: Log
  readonly tuning?: Tuning
  /** Lays the copy into the folder, which is empty. */
  readonly copy: (data: string) => Promise<void>
  readonly feed: (reach: Reach) => Feeding
  /** The moment up to which the log is replayed, as PostgreSQL reads it; null for all of the log. */
  readonly until: string | null
  /** What the audit log is to be told, from what PostgreSQL said while it replayed. */
  readonly tell: (words: string) => Json
  /** What is said instead where PostgreSQL ended before it was through. */
  readonly explain: (words: string) => SetupProblem | null
  readonly signal: AbortSignal
}

const unfinishedOf = (site: Site): Site => ({
  ...site,
  layout: { ...site.layout, data: `${site.layout.data}.unfinished` },
})

const refuseOther = (folder: string): void => {
  const { data } = layOut(folder)
  if (statSync(data, { throwIfNoEntry: false }) === undefined) return
  throw new SetupProblem(
    `There is a database in ${folder} already, and a restore never writes over one`,
    'Set DATA_DIR to a new folder, or move the old one away: what it holds may still be needed.',
  )
}

/** Of a restore that was killed: PostgreSQL outlives its parent, and the copy is begun anew. */
const clear = async (site: Site, ready: string): Promise<void> => {
  await stop(site)
  rmSync(site.layout.data, { recursive: true, force: true })
  rmSync(ready, { recursive: true, force: true })
}

/** What PostgreSQL expects to find, whatever the copy has left out; and nothing that would start it as another one. */
const completeCopy = ({ layout, account }: Site): void => {
  for (const name of ['postmaster.pid', 'postmaster.opts', 'standby.signal'])
    rmSync(join(layout.data, name), { force: true })
  mkdirSync(join(layout.data, 'pg_wal', 'archive_status'), { recursive: true, mode: 0o700 })
  writeFileSync(join(layout.data, 'recovery.signal'), '')
  giveTreeTo(layout.data, account)
}

/** Given at the start and not written down, so that nothing of it is left in the data. */
const optionsOf = ({ until }: Recovery, { command }: Feeding): readonly string[] => {
  const settings = {
    restore_command: command,
    recovery_target_timeline: 'current',
    ...(until === null ? {} : { recovery_target_time: until, recovery_target_inclusive: 'on' }),
    recovery_target_action: 'promote',
    // Nobody looks into it, and nothing is kept of it, before it is whole.
    hot_standby: 'off',
    archive_mode: 'off',
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

const waitUntilReplayed = async (
  site: Site,
  { recovery, launched, feeding }: { recovery: Recovery; launched: Launched; feeding: Feeding },
): Promise<void> => {
  while (!launched.hasEnded()) {
    recovery.signal.throwIfAborted()
    const file = readPostmasterFile(site)
    if (file?.pid === launched.pid && file.status === 'ready') return
    await sleep(POLL_MS)
  }
  const problem = feeding.problem()
  if (problem !== null) throw problem
  const words = launched.words()
  const known = recovery.explain(words)
  throw known ?? explain(words, site.layout.folder, 'PostgreSQL could not replay the log')
}

/** Replays the log over the copy until PostgreSQL takes it for a database of its own, and stops it. What it said. */
const replay = async (site: Site, recovery: Recovery, reach: Reach): Promise<string> => {
  const feeding = recovery.feed(reach)
  try {
    await writeConf(site, await choosePort(null))
    const launched = await launch(site, optionsOf(recovery, feeding))
    await waitUntilReplayed(site, { recovery, launched, feeding })
    const words = launched.words()
    await stop(site)
    return words
  } finally {
    await feeding.stop()
  }
}

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const recoverIn = async (folder: string, recovery: Recovery): Promise<void> => {
  const whole = await inTurn(layOut(folder), recovery.log, async () => {
    refuseOther(folder)
    // From here on nobody makes an empty database in its place.
    writeRestoreNote(folder, { state: 'copying', since: new Date().toISOString() })
    return prepareSite({ ...recovery, folder, superuserPassword: '', role: 'server' })
  })
  const site = unfinishedOf(whole)
  const ready = `${whole.layout.data}.log`
  try {
    await clear(site, ready)
    for (const path of [site.layout.data, ready]) {
      mkdirSync(path, { mode: 0o700 })
      giveTo(path, site.account)
    }
    await recovery.copy(site.layout.data)
    completeCopy(site)
    const words = await replay(site, recovery, {
      folder: ready,
      give: (path) => giveTo(path, site.account),
    })
    recovery.signal.throwIfAborted()
    // Of a database that was here before: its folder of backups holds no copy of the life that begins now.
    if (readArchiveChoice(whole.layout).folder !== null) writeArchiveChoice(whole.layout, NO_ARCHIVE)
    writeRestoreNote(folder, { state: 'restored', told: recovery.tell(words) })
    renameSync(site.layout.data, whole.layout.data)
    await syncFolder(dirname(whole.layout.data))
    rmSync(ready, { recursive: true, force: true })
  } catch (error) {
    await clear(site, ready)
    removeRestoreNote(folder)
    throw error
  }
}

/**
 * Makes the data of a cluster from a copy and its log. They stand under another name until they are whole: whoever is killed
 * meanwhile leaves no database, and the next restore begins anew.
 */
export const recoverCluster = async (recovery: Recovery): Promise<void> => {
  const folder = await explained(recovery.folder, () => {
    makeFolder(resolve(recovery.folder), process.getuid?.() === 0 ? 0o711 : 0o700)
    return realpathSync(recovery.folder)
  })
  refuseOther(folder)
  await explained(folder, async () => {
    const server = takeServer(layOut(folder))
    try {
      await recoverIn(folder, recovery)
    } finally {
      server.release()
    }
  })
}
