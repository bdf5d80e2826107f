import type { TimerHandler } from '../database/index.ts'
import { Fault } from '../kit/index.ts'
import { type AdvanceOptions, createAdvances } from './advance.ts'
import { WORK_DEADLINE_MS } from './limits.ts'
import { ADVANCE_TIMER, RELEASE_TIMER, releaseUnit } from './units.ts'

export type ClockWorker = {
  /** For the timer worker. */
  readonly timers: Readonly<Record<string, TimerHandler>>
  /** Leaves a clock that is being moved to another process. */
  readonly stop: () => Promise<void>
}

/** Moves clocks on that were told to advance, and lets go of those that were forgotten. */
export const createClockWorker = (options: AdvanceOptions): ClockWorker => {
  const { door } = options
  const advances = createAdvances(options)

  const advance: TimerHandler = async (tenant, clocks) => {
    for (const clock of clocks) advances.begin(tenant, clock)
  }

  const release: TimerHandler = async (tenant, clocks) => {
    for (const clock of clocks) {
      const deadlineMs = door.clock.now() + WORK_DEADLINE_MS
      const unit = releaseUnit({ tenant, bytes: 0, deadlineMs, claim: null, event: null }, clock)
      await door.commit.submit(unit).catch((error: unknown) => {
        // It is let go when it is there.
        if (!(error instanceof Fault && error.code === 'clock_advancing')) throw error
      })
    }
  }

  return { timers: { [ADVANCE_TIMER]: advance, [RELEASE_TIMER]: release }, stop: advances.stop }
}
