import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ask, isPasswordRefusal, otherKey } from './ask.ts'
import { POLL_MS, RECOVERY_TIMEOUT_MS, WAITING_NOTE_MS } from './limits.ts'
import { isPostmasterOf, isRunning, waitForExit } from './processes.ts'
import type { Site } from './site.ts'
import { type Postmaster, readPostmasterFile, tooSlow } from './start.ts'

/** Says yes only when the server on the port knows our password and serves our folder. */
export const isOurs = async (site: Site, port: number): Promise<boolean> => {
  try {
    const rows = await ask(site, port, 'postgres', "select current_setting('data_directory') as folder")
    return rows[0]?.['folder'] === site.layout.data
  } catch (error) {
    if (isPasswordRefusal(error)) throw otherKey(site, error)
    return false
  }
}

/**
 * After a crash the pid in the file may have become somebody else's, and PostgreSQL would take that for a postmaster.
 * The file of a pid that is gone stays: it leads PostgreSQL to backends which may still be there.
 */
const forget = (site: Site, pid: number): null => {
  if (isRunning(pid)) rmSync(join(site.layout.data, 'postmaster.pid'), { force: true })
  return null
}

/**
 * The postmaster that already serves the folder, left over by a killed process or started by another of ours.
 * Waits while it recovers, and while it stops. Null when there is none, and then nothing is in the way of a start.
 */
export const adopt = async (site: Site): Promise<Postmaster | null> => {
  const from = performance.now()
  let notedMs = 0
  for (;;) {
    const file = readPostmasterFile(site)
    if (file === null) return null
    if (!isPostmasterOf(file.pid, site.layout.data)) return forget(site, file.pid)
    if (file.status === 'stopping') await waitForExit(file.pid, RECOVERY_TIMEOUT_MS)
    else if (file.port !== null && (await isOurs(site, file.port))) return { pid: file.pid, port: file.port }
    const waitedMs = performance.now() - from
    if (waitedMs > RECOVERY_TIMEOUT_MS) throw tooSlow(site)
    if (waitedMs - notedMs > WAITING_NOTE_MS) {
      notedMs = waitedMs
      site.log.info(
        `Waiting for the PostgreSQL that already runs in ${site.layout.folder} (process ${file.pid})`,
      )
    }
    await sleep(POLL_MS)
  }
}
