import { setTimeout as pause } from 'node:timers/promises'
import type { Postgres } from '../processes/postgres.ts'
import type { Amount } from '../size.ts'
import { newTally, type Say, spread, type Tally } from './run.ts'
import { type Site, sceneOf } from './site.ts'
import { offsetMs, underLoad } from './under-load.ts'

/** The cluster is revived at most thirty times within a minute; a round of fewer kills need not wait for that. */
const CYCLE_LEAST_MS = 2_200
const ROUND_WITHOUT_PAUSE = 10
const HEAL_MOST_MS = 30_000
const POLL_MS = 10

const NAMES = {
  everything: 'kill -9 of PostgreSQL',
  backend: 'kill -9 of one of its backends',
} as const

/** The backends of a killed postmaster serve on for a moment, so an answer alone does not tell that it is back. */
const revived = async (postgres: Postgres, before: number): Promise<void> => {
  const untilMs = performance.now() + HEAL_MOST_MS
  while ((postgres.find()?.pid ?? before) === before) {
    if (performance.now() > untilMs) throw new Error('PostgreSQL is not started again after it was killed')
    await pause(POLL_MS)
  }
}

/**
 * kill -9 of PostgreSQL under load: by turns the postmaster with all of its children, and the postmaster alone; or
 * one backend, which makes the postmaster end all others. The server stays, answers meanwhile, and heals by itself.
 */
export const killPostgres = async (
  site: Site,
  what: 'everything' | 'backend',
  amount: Amount,
  say: Say,
): Promise<Tally> => {
  const tally = newTally(NAMES[what])
  const { postgres } = site
  const isLong = what === 'everything' && amount.rounds * amount.perRound > ROUND_WITHOUT_PAUSE
  const healed: number[] = []
  await underLoad(sceneOf(site), {
    tally,
    name: `kill-postgres-${what}`,
    amount,
    say,
    fault: async (load, random) => {
      const fromMs = performance.now()
      await pause(offsetMs(random))
      const killedMs = performance.now()
      const whole = what === 'everything' && tally.times % 4 === 3 ? 'postmaster' : what
      const before = postgres.find()
      postgres.kill(whole, random.below)
      if (what === 'everything') await revived(postgres, before?.pid ?? 0)
      if (!(await load.heals(HEAL_MOST_MS)))
        throw new Error('the server does not heal after PostgreSQL was killed')
      healed.push(performance.now() - killedMs)
      if (isLong) await pause(Math.max(0, fromMs + CYCLE_LEAST_MS - performance.now()))
    },
  })
  tally.notes.push(`acknowledges again: ${spread(healed)}`)
  return tally
}
