import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../load/random.ts'
import type { Supervisor } from '../processes/supervisor.ts'
import type { Amount } from '../size.ts'
import type { Pair } from './pair.ts'
import { newTally, type Say, spread, type Tally } from './run.ts'
import { offsetMs, underLoad } from './under-load.ts'

const ALONE_MS = 200
const STANDSTILL_LEAST_MS = 200
const STANDSTILL_MOST_MS = 1_500
const HEAL_MOST_MS = 20_000

/** One of them dies in the middle of whatever it does, and the other goes on. */
const kill = async (server: Supervisor): Promise<void> => {
  await server.end('SIGKILL')
  await pause(ALONE_MS)
  await server.start()
}

/** One of them stands still, perhaps with the tenant's lock in its hand, and then goes on as if nothing had been. */
const halt = async (server: Supervisor, random: Random): Promise<void> => {
  const { pid } = server.server()
  process.kill(pid, 'SIGSTOP')
  try {
    await pause(STANDSTILL_LEAST_MS + random.below(STANDSTILL_MOST_MS - STANDSTILL_LEAST_MS))
  } finally {
    process.kill(pid, 'SIGCONT')
  }
}

/** Two servers on one database, with the same accounts, of which by turns one is killed or halted. */
export const twoServers = async (pair: Pair, amount: Amount, say: Say): Promise<Tally> => {
  const tally = newTally('two servers, one killed or halted')
  const { servers } = pair
  const healed: number[] = []
  await underLoad(pair, {
    tally,
    name: 'two-servers',
    amount,
    say,
    fault: async (load, random) => {
      await pause(offsetMs(random))
      const server = random.pick(servers)
      await (tally.times % 2 === 0 ? kill(server) : halt(server, random))
      const fromMs = performance.now()
      if (!(await load.heals(HEAL_MOST_MS))) throw new Error('nothing is acknowledged with two servers up')
      healed.push(performance.now() - fromMs)
    },
  })
  tally.notes.push(`acknowledges again: ${spread(healed)}`)
  return tally
}
