import { setTimeout as pause } from 'node:timers/promises'
import type { Amount } from '../size.ts'
import { newTally, type Say, spread, type Tally } from './run.ts'
import { type Site, sceneOf } from './site.ts'
import { offsetMs, underLoad } from './under-load.ts'

/** kill -9 of the server under load, again and again; PostgreSQL stays, and the next server finds it running. */
export const killServer = async (site: Site, amount: Amount, say: Say): Promise<Tally> => {
  const tally = newTally('kill -9 of the server')
  const { server } = site
  const ready: number[] = []
  await underLoad(sceneOf(site), {
    tally,
    name: 'kill-server',
    amount,
    say,
    fault: async (_load, random) => {
      await pause(offsetMs(random))
      await server.end('SIGKILL')
      const { readyMs } = await server.start()
      ready.push(readyMs)
    },
  })
  tally.notes.push(`ready again: ${spread(ready)}`)
  return tally
}
