import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { SetupProblem } from '../../kit/index.ts'
import type { Layout } from './layout.ts'
import { TURN_TIMEOUT_MS, WAITING_NOTE_MS } from './limits.ts'
import { type Lock, tryJoin, tryLock, waitForLock } from './lock.ts'
import type { Log } from './site.ts'

/** Who this process is to a cluster: the one server of the folder, or a command that passes by. */
export type Role = 'server' | 'guest'

const describeServer = (layout: Layout): string => {
  try {
    const { pid, since } = JSON.parse(readFileSync(layout.serverNote, 'utf8')) as {
      pid: number
      since: string
    }
    return `process ${pid}, started ${since}`
  } catch {
    return 'another process'
  }
}

/** One server per folder. The note only serves the message; the lock alone decides. */
export const takeServer = (layout: Layout): Lock => {
  const lock = tryLock(layout.server)
  if (lock === null)
    throw new SetupProblem(
      `The database folder ${layout.folder} is in use by another Evenkeel server (${describeServer(layout)})`,
      'Stop that server first, or set DATA_DIR to another folder.',
    )
  writeFileSync(layout.serverNote, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }))
  return {
    release: () => {
      rmSync(layout.serverNote, { force: true })
      lock.release()
    },
  }
}

/** Creating, starting, adopting and stopping happen one process after the other. */
export const inTurn = async <Value>(layout: Layout, log: Log, work: () => Promise<Value>): Promise<Value> => {
  const lock = await waitForLock(layout.turn, {
    timeoutMs: TURN_TIMEOUT_MS,
    onWait: {
      afterMs: WAITING_NOTE_MS,
      tell: () =>
        log.info(`Waiting for another process that starts or stops the database in ${layout.folder}`),
    },
  })
  if (lock === null)
    throw new SetupProblem(
      `Another process has been starting or stopping the database in ${layout.folder} for ${TURN_TIMEOUT_MS / 1_000} s`,
      'See whether it hangs, and start again once it has ended.',
    )
  try {
    return await work()
  } finally {
    lock.release()
  }
}

/** Only in turn: joining while somebody looks whether he is the last one would fail. */
export const joinUsers = (layout: Layout): Lock => {
  const lock = tryJoin(layout.users)
  if (lock === null)
    throw new SetupProblem(
      `The lock ${layout.users} is held by a stranger`,
      'Stop the process that holds it.',
    )
  return lock
}

/** Only in turn, and after the own lock was released: whether no other process uses the cluster. */
export const isUnused = (layout: Layout): boolean => {
  const lock = tryLock(layout.users)
  lock?.release()
  return lock !== null
}
