import { setTimeout as pause } from 'node:timers/promises'
import type { Amount } from '../size.ts'
import { newTally, type Say, spread, type Tally } from './run.ts'
import { type Site, sceneOf } from './site.ts'
import { offsetMs, underLoad } from './under-load.ts'

const STOP_MOST_MS = 5_000

/** SIGTERM under load: what was begun is finished, the process ends in time, and the next one goes on. */
export const stopServer = async (site: Site, amount: Amount, say: Say): Promise<Tally> => {
  const tally = newTally('SIGTERM to the server')
  const { server } = site
  const stopped: number[] = []
  await underLoad(sceneOf(site), {
    tally,
    name: 'stop-server',
    amount,
    say,
    fault: async (load, random) => {
      if (!(await load.heals(STOP_MOST_MS))) throw new Error('the server is idle before it is stopped')
      await pause(offsetMs(random))
      const fromMs = performance.now()
      const { code, signal } = await server.end('SIGTERM')
      const ms = performance.now() - fromMs
      stopped.push(ms)
      if (ms > STOP_MOST_MS) tally.problems.push(`a stop took ${Math.round(ms)} ms`)
      if (code !== 0) tally.problems.push(`a stop ended with ${code ?? signal}: ${server.server().output()}`)
      await server.start()
    },
  })
  tally.notes.push(`stopped: ${spread(stopped)}`)
  return tally
}
