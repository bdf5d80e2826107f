import { execFile, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { SetupProblem } from '../../kit/index.ts'
import { isArchiving, readArchiveChoice, writeArchiveConf } from './archiving.ts'
import { confLines, renderConf } from './conf.ts'
import { CONF_FILE } from './create.ts'
import { giveTo } from './folders.ts'
import { readState, writeState } from './layout.ts'
import {
  LOG_BYTES,
  ORPHANS_TIMEOUT_MS,
  POLL_MS,
  RECOVERY_TIMEOUT_MS,
  START_ATTEMPTS,
  WAITING_NOTE_MS,
} from './limits.ts'
import { measureMachine } from './machine.ts'
import { choosePort } from './port.ts'
import { type PostmasterFile, parsePostmasterFile } from './postmaster-file.ts'
import { childOptions, type Site } from './site.ts'
import { explain, readTail } from './troubles.ts'

const run = promisify(execFile)

export type Postmaster = { readonly pid: number; readonly port: number }

export const readPostmasterFile = (site: Site): PostmasterFile | null => {
  try {
    return parsePostmasterFile(readFileSync(join(site.layout.data, 'postmaster.pid'), 'utf8'))
  } catch {
    return null
  }
}

/** lz4 costs least, but not every build has it. */
const chooseCompression = async (site: Site): Promise<string> => {
  const question = ['-D', site.layout.data, '-C', 'wal_compression', '-c', 'wal_compression=lz4']
  try {
    await run(site.binaries.postgres, question, childOptions(site))
    return 'lz4'
  } catch {
    return 'pglz'
  }
}

/** A note that cannot be read is told, and keeps nobody from taking payments. */
const wantsArchiving = ({ layout, log }: Site): boolean => {
  try {
    return isArchiving(readArchiveChoice(layout))
  } catch (error) {
    log.warn(`No backups: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}

export const writeConf = async (site: Site, port: number): Promise<void> => {
  const { tuning, layout } = site
  const measured = measureMachine(layout.data)
  const machine = {
    ...measured,
    memoryBytes: tuning.memoryBytes ?? measured.memoryBytes,
    diskBytes: Math.min(tuning.diskBytes ?? measured.diskBytes, measured.diskBytes),
  }
  const walCompression = await chooseCompression(site)
  const text = renderConf(confLines(machine, { port, walCompression, unsafe: tuning.unsafe === true }))
  const file = join(layout.data, CONF_FILE)
  writeFileSync(file, text, { mode: 0o600 })
  giveTo(file, site.account)
  writeArchiveConf(site, wantsArchiving(site))
}

const openLog = (file: string): { readonly handle: number; readonly from: number } => {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > LOG_BYTES) renameSync(file, `${file}.1`)
  return { handle: openSync(file, 'a', 0o600), from: size > LOG_BYTES ? 0 : size }
}

export type Launched = {
  readonly pid: number
  readonly words: () => string
  readonly hasEnded: () => boolean
}

/** In a session of its own, so that Ctrl-C in the terminal reaches us and not PostgreSQL. It outlives a killed parent. */
export const launch = (site: Site, options: readonly string[] = []): Promise<Launched> => {
  const { handle, from } = openLog(site.layout.log)
  let ended = false
  const child = spawn(site.binaries.postgres, ['-D', site.layout.data, ...options], {
    ...childOptions(site),
    detached: true,
    stdio: ['ignore', handle, handle],
  })
  closeSync(handle)
  child.once('exit', () => {
    ended = true
  })
  child.unref()
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(explain(error.message, site.layout.folder, 'PostgreSQL cannot run', error)),
    )
    child.once('spawn', () =>
      resolve({ pid: child.pid ?? 0, words: () => readTail(site.layout.log, from), hasEnded: () => ended }),
    )
  })
}

/** Waits while PostgreSQL starts, which after a crash includes replaying its log. Null when it ended instead. */
const waitUntilReady = async (site: Site, { pid, hasEnded }: Launched): Promise<Postmaster | null> => {
  const from = performance.now()
  let notedMs = 0
  while (!hasEnded()) {
    const file = readPostmasterFile(site)
    if (file?.pid === pid && file.status === 'ready' && file.port !== null) return { pid, port: file.port }
    const waitedMs = performance.now() - from
    if (waitedMs > RECOVERY_TIMEOUT_MS) throw tooSlow(site)
    if (waitedMs - notedMs > WAITING_NOTE_MS) {
      notedMs = waitedMs
      site.log.info(`PostgreSQL is recovering from a crash (${Math.round(waitedMs / 1_000)} s so far)`)
    }
    await sleep(POLL_MS)
  }
  return null
}

export const tooSlow = (site: Site): SetupProblem =>
  new SetupProblem(
    `PostgreSQL in ${site.layout.folder} is still not ready after ${RECOVERY_TIMEOUT_MS / 60_000} minutes`,
    `It goes on by itself. Look into ${site.layout.log}, and start again later.`,
  )

const PORT_TAKEN = /could not bind IPv4 address|could not create any TCP\/IP sockets/
const ORPHANS = /pre-existing shared memory block|lock file "postmaster.pid" already exists/

/**
 * Starts PostgreSQL on data that nobody serves. A port that was taken in the meantime is replaced by another, and
 * the backends that a killed postmaster left behind get time to notice its death.
 */
export const start = async (site: Site): Promise<Postmaster> => {
  const from = performance.now()
  let wanted = readState(site.layout).port
  for (let attempt = 1; ; ) {
    const port = await choosePort(wanted)
    await writeConf(site, port)
    const launched = await launch(site)
    const ready = await waitUntilReady(site, launched)
    if (ready !== null) {
      writeState(site.layout, { port })
      return ready
    }
    const words = launched.words()
    if (ORPHANS.test(words) && performance.now() - from < ORPHANS_TIMEOUT_MS) {
      await sleep(POLL_MS * 10)
    } else if (PORT_TAKEN.test(words) && attempt < START_ATTEMPTS) {
      attempt += 1
      wanted = null
    } else throw explain(words, site.layout.folder, 'PostgreSQL did not start')
  }
}
