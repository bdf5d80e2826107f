import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parents } from '../processes/postgres.ts'
import { makeFolder } from '../runs/site.ts'

/** A disk that can be filled and freed. */
export type SmallDisk = {
  readonly kind: 'mounted' | 'limited'
  /** The folder of a site; what lies in its `data` is on the disk, and the clients' journal is not. */
  readonly folder: string
  /** From now on nothing fits any more: neither for these processes nor for those that they start. */
  readonly fill: (pids: readonly number[]) => void
  readonly free: (pids: readonly number[]) => void
  /** Before the folder is removed. */
  readonly detach: () => void
}

const SIZE_MEGABYTES = 200
const CHUNK = Buffer.alloc(65_536, 1)

const works = (command: string, args: readonly string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Mounts that a failed run leaves behind would take memory until the next start of the machine. */
const mounted = new Set<string>()
process.once('exit', () => {
  for (const folder of mounted) works('umount', ['--lazy', folder])
})

const fillUp = (file: string): void => {
  const handle = openSync(file, 'w')
  try {
    for (;;) writeSync(handle, CHUNK)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    closeSync(handle)
  }
}

/** A file system of its own in memory, where this user may mount one. */
const mount = (): SmallDisk | null => {
  const folder = makeFolder()
  const data = join(folder, 'data')
  const options = `size=${SIZE_MEGABYTES}m,mode=0711`
  mkdirSync(data, { mode: 0o711 })
  if (!works('mount', ['-t', 'tmpfs', '-o', options, 'evenkeel-test', data])) {
    rmSync(folder, { recursive: true, force: true })
    return null
  }
  mounted.add(data)
  const filler = join(data, 'filler')
  return {
    kind: 'mounted',
    folder,
    fill: () => {
      while (statfsSync(data).bavail > 0) fillUp(filler)
    },
    free: () => rmSync(filler, { force: true }),
    detach: () => {
      works('umount', ['--lazy', data])
      mounted.delete(data)
    },
  }
}

/** So far a file may be written. PostgreSQL's log of changes is longer from its first moment on. */
const LIMIT_BYTES = 262_144

/** For the processes and all that they have started. */
const setLimit = (pids: readonly number[], limit: string): void => {
  const limited = new Set(pids)
  const family = parents()
  for (let before = 0; before < limited.size; ) {
    before = limited.size
    for (const [pid, parent] of family) if (limited.has(parent)) limited.add(pid)
  }
  for (const pid of limited) works('prlimit', [`--pid=${pid}`, `--fsize=${limit}:`])
}

/** Where nothing can be mounted: a limit on the size of files, which fails writes just as a full disk does. */
const limit = (): SmallDisk | null => {
  // Root's PostgreSQL is another user's, whose limits need a right that root does not have everywhere.
  if (process.getuid?.() === 0) return null
  if (!works('prlimit', [`--pid=${process.pid}`, '--fsize'])) return null
  const folder = makeFolder()
  return {
    kind: 'limited',
    folder,
    fill: (pids) => setLimit(pids, String(LIMIT_BYTES)),
    free: (pids) => setLimit(pids, 'unlimited'),
    detach: () => undefined,
  }
}

/** Null where the machine can do neither. `EVENKEEL_TEST_DISK=limited` asks for the second way where the first one is open. */
export const openSmallDisk = (): SmallDisk | null => {
  const isMounting = process.env['EVENKEEL_TEST_DISK'] !== 'limited'
  return (isMounting ? mount() : null) ?? limit()
}
