import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { SetupProblem } from '../../kit/index.ts'
import { POLL_MS } from './limits.ts'

/**
 * Locks between processes that the operating system itself drops when their owner dies, however it dies, so none is
 * ever stale and no pid has to be believed. Node has no flock; an empty SQLite file gives its locks, on every platform.
 */
export type Lock = { readonly release: () => void }

const SQLITE_BUSY = 5

const open = (file: string, begin: string): Lock | null => {
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    // With a journal in memory no byte is written: locks work on a full disk, where stopping matters most.
    database.exec(`pragma journal_mode = memory; ${begin}`)
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return null
    throw new SetupProblem(`The lock ${file} cannot be taken: ${String(error)}`, `Make ${file} writable.`)
  }
  return { release: () => database.close() }
}

/** For one owner at a time; null when another process, or another part of this one, has it. */
export const tryLock = (file: string): Lock | null => open(file, 'begin exclusive')

/** Shared by all who join. While anybody has joined, tryLock of the same file gives null. */
export const tryJoin = (file: string): Lock | null => open(file, 'begin; select count(*) from sqlite_schema')

export type Waiting = {
  readonly timeoutMs: number
  /** Told once, when the wait is long enough for a person to wonder. */
  readonly onWait?: { readonly afterMs: number; readonly tell: () => void }
}

/** Waits for its turn; null when the time is over. */
export const waitForLock = async (file: string, waiting: Waiting): Promise<Lock | null> => {
  const from = performance.now()
  let told = false
  for (;;) {
    const lock = tryLock(file)
    if (lock !== null) return lock
    const waitedMs = performance.now() - from
    if (waitedMs > waiting.timeoutMs) return null
    if (!told && waiting.onWait !== undefined && waitedMs > waiting.onWait.afterMs) {
      told = true
      waiting.onWait.tell()
    }
    await sleep(POLL_MS)
  }
}
