import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { POLL_MS } from './limits.ts'

/** A killed child that nobody has collected still answers to signals, but it is no longer running. */
const isZombie = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) === 'Z'
  } catch {
    return false
  }
}

export const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return !isZombie(pid)
}

/** The command line of a process, or null where the system does not tell. */
const commandOf = (pid: number): string | null => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    if (process.platform === 'linux' || process.platform === 'win32') return null
  }
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return null
  }
}

const POSTMASTER = /^(\S.*[/\\])?postgres(\.exe)? /

/**
 * Whether a process is the postmaster of this data folder. A pid alone says little: after a crash the system may have
 * given it to anybody, another PostgreSQL included. Our own postmasters name the folder in their command; one that
 * somebody started by hand is known by its working directory.
 */
export const isPostmasterOf = (pid: number, dataFolder: string): boolean => {
  if (!isRunning(pid)) return false
  const command = commandOf(pid)
  if (command === null) return process.platform !== 'linux'
  if (!POSTMASTER.test(command)) return false
  if (command.includes(dataFolder)) return true
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === dataFolder
  } catch {
    return false
  }
}

/** Waits until the process is gone; false when it still runs after the time. */
export const waitForExit = async (pid: number, timeoutMs: number): Promise<boolean> => {
  const deadline = performance.now() + timeoutMs
  while (isRunning(pid)) {
    if (performance.now() > deadline) return false
    await sleep(POLL_MS)
  }
  return true
}
