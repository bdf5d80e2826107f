/*
 * From the signal to the end.
 *
 * phase      does                                               SIGTERM                     SIGINT (Ctrl-C)
 * serving    its work                                           leaving, or stopping        stopping
 *                                                               where DRAIN_SECONDS is 0
 * leaving    its work, but /readyz says 503 and answers end     stopping                    stopping
 *            their connections: load balancers look away
 * stopping   closes the door and finishes what was begun        ends, whatever still runs   ends
 *
 * A terminal and npm may both send a signal, so a second one within a second is the same one, except that a Ctrl-C never
 * waits for a load balancer.
 */
type Phase = 'serving' | 'leaving' | 'stopping'

const SAME_SIGNAL_MS = 1_000

export type StoppingOptions = {
  readonly now: () => number
  readonly drainMs: number
  /** Resolves when the time is over, or when `hurry` is called. */
  readonly leave: (ms: number) => Promise<void>
  readonly hurry: () => void
  readonly stop: () => Promise<void>
  /** Ends the process at once. */
  readonly giveUp: () => void
  readonly say: (line: string) => void
}

export type OnSignal = (signal: 'SIGINT' | 'SIGTERM') => void

export const createStopping = (options: StoppingOptions): OnSignal => {
  const { now, drainMs, say } = options
  let phase: Phase = 'serving'
  let sinceMs = 0
  const go = (next: Phase): void => {
    phase = next
    sinceMs = now()
  }
  const stop = (): void => {
    go('stopping')
    say('Stopping: finishing what was begun.')
    void options.stop()
  }
  const leave = async (): Promise<void> => {
    go('leaving')
    say(`Stopping in ${drainMs / 1_000} s, and /readyz says so: whoever sends requests looks elsewhere.`)
    await options.leave(drainMs)
    stop()
  }
  return (signal) => {
    const isSame = now() - sinceMs <= SAME_SIGNAL_MS
    if (phase === 'serving') {
      if (signal === 'SIGTERM' && drainMs > 0) void leave()
      else stop()
    } else if (phase === 'leaving') {
      if (signal === 'SIGINT' || !isSame) options.hurry()
    } else if (!isSame) options.giveUp()
  }
}

export type Leaving = Pick<StoppingOptions, 'leave' | 'hurry'> & { readonly isLeaving: () => boolean }

/** The time between the signal and the closed door, in which nobody new should come. */
export const createLeaving = (): Leaving => {
  let leaving = false
  let end = (): void => undefined
  return {
    isLeaving: () => leaving,
    leave: (ms) => {
      leaving = true
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms)
        end = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    },
    hurry: () => end(),
  }
}
