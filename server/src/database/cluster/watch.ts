import { setTimeout as sleep } from 'node:timers/promises'
import { SetupProblem } from '../../kit/index.ts'
import { FULL_NOTE_MS, FULL_PAUSE_MS, RESTARTS_MAX, RESTARTS_WINDOW_MS, WATCH_MS } from './limits.ts'
import { isRunning } from './processes.ts'
import type { Site } from './site.ts'
import type { Postmaster } from './start.ts'
import { explained, FullDisk } from './troubles.ts'

export type Watch = { readonly stop: () => Promise<void> }

type Watched = {
  readonly site: Pick<Site, 'log' | 'layout'>
  readonly pid: () => number
  /** Adopts or starts, in turn with other processes, on the port that clients know. */
  readonly bringUp: () => Promise<Postmaster>
  readonly onFailure: (problem: Error) => void
}

/**
 * A server's cluster whose postmaster dies unasked is started again; clients reconnect on the same port. While its disk
 * is full it cannot start, and nothing is wrong that space would not mend: the server stays, answers 503 and looks again.
 */
export const watch = ({ site, pid, bringUp, onFailure }: Watched): Watch => {
  const restartsMs: number[] = []
  const stopping = new AbortController()
  let pending: Promise<unknown> = Promise.resolve()
  let busy = false

  const bringUpWithSpace = async (): Promise<Postmaster | null> => {
    let notedMs = Number.NEGATIVE_INFINITY
    while (!stopping.signal.aborted) {
      try {
        return await explained(site.layout.folder, bringUp)
      } catch (error) {
        if (!(error instanceof FullDisk)) throw error
        if (performance.now() - notedMs > FULL_NOTE_MS) {
          notedMs = performance.now()
          site.log.warn(`${error.message}: PostgreSQL cannot run until there is space. ${error.fix}`)
        }
        await sleep(FULL_PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
    return null
  }

  const revive = async (): Promise<void> => {
    const nowMs = performance.now()
    while ((restartsMs[0] ?? nowMs) < nowMs - RESTARTS_WINDOW_MS) restartsMs.shift()
    if (restartsMs.push(nowMs) > RESTARTS_MAX)
      throw new SetupProblem(
        `PostgreSQL died ${RESTARTS_MAX} times within ${RESTARTS_WINDOW_MS / 1_000} s`,
        `Look into ${site.layout.log}.`,
      )
    site.log.warn(`PostgreSQL (process ${pid()}) has died; starting it again`)
    const postmaster = await bringUpWithSpace()
    if (postmaster !== null) site.log.info(`PostgreSQL is back (process ${postmaster.pid})`)
  }

  const look = (): void => {
    if (busy || isRunning(pid())) return
    busy = true
    pending = revive().then(
      () => {
        busy = false
      },
      (error: Error) => {
        clearInterval(timer)
        onFailure(error)
      },
    )
  }

  const timer = setInterval(look, WATCH_MS)
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      stopping.abort()
      await pending
    },
  }
}
