import { SetupProblem } from '../../kit/index.ts'
import { RESTARTS_MAX, RESTARTS_WINDOW_MS, WATCH_MS } from './limits.ts'
import { isRunning } from './processes.ts'
import type { Site } from './site.ts'
import type { Postmaster } from './start.ts'

export type Watch = { readonly stop: () => Promise<void> }

type Watched = {
  readonly site: Site
  readonly pid: () => number
  /** Adopts or starts, in turn with other processes, on the port that clients know. */
  readonly bringUp: () => Promise<Postmaster>
  readonly onFailure: (problem: Error) => void
}

/** A server's cluster whose postmaster dies unasked is started again; clients reconnect on the same port. */
export const watch = ({ site, pid, bringUp, onFailure }: Watched): Watch => {
  const restartsMs: number[] = []
  let pending: Promise<unknown> = Promise.resolve()
  let busy = false

  const revive = async (): Promise<void> => {
    const nowMs = performance.now()
    while ((restartsMs[0] ?? nowMs) < nowMs - RESTARTS_WINDOW_MS) restartsMs.shift()
    if (restartsMs.push(nowMs) > RESTARTS_MAX)
      throw new SetupProblem(
        `PostgreSQL died ${RESTARTS_MAX} times within ${RESTARTS_WINDOW_MS / 1_000} s`,
        `Look into ${site.layout.log}.`,
      )
    site.log.warn(`PostgreSQL (process ${pid()}) has died; starting it again`)
    const { pid: now } = await bringUp()
    site.log.info(`PostgreSQL is back (process ${now})`)
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
      await pending
    },
  }
}
