import { openBooks } from '../load/books.ts'
import { type Load, startLoad } from '../load/load.ts'
import { createMix } from '../load/mix.ts'
import { createRandom, type Random } from '../load/random.ts'
import type { Supervisor } from '../processes/supervisor.ts'
import type { Amount } from '../size.ts'
import { closeRound, openRound, type Reading, type Say, type Tally } from './run.ts'

const CLIENTS = 32
const ACCOUNTS = { plain: 40, rich: 4, poor: 6 } as const
/** In the runs where nothing may be refused for want of money, nobody is poor. */
const ALL_RICH = { plain: 40, rich: 10, poor: 0 } as const

const OFFSET_LEAST_MS = 20
const OFFSET_MOST_MS = 1_500
const FRACTION = 1_000_000
const HEAL_MOST_MS = 30_000

/** When after the server is ready the next fault comes: rather soon than late. */
export const offsetMs = (random: Random): number =>
  OFFSET_LEAST_MS + (OFFSET_MOST_MS - OFFSET_LEAST_MS) * (random.below(FRACTION) / FRACTION) ** 1.5

export type Scene = {
  readonly folder: string
  readonly reading: Reading
  /** The clients are shared out among them; the first is asked at the end. */
  readonly servers: readonly [Supervisor, ...Supervisor[]]
}

export type UnderLoad = {
  readonly tally: Tally
  /** What the references and keys of the run begin with. */
  readonly name: string
  readonly amount: Amount
  readonly say: Say
  readonly money?: 'some are poor' | 'all are rich'
  /** Makes the fault once, and waits until it is made. */
  readonly fault: (load: Load, random: Random) => Promise<void>
}

/** Makes a fault again and again while 32 clients send, and compares everything after each round. */
export const underLoad = async (scene: Scene, run: UnderLoad): Promise<Tally> => {
  const { tally, amount, say } = run
  const { servers, folder, reading } = scene
  const [first] = servers
  const total = amount.rounds * amount.perRound
  for (let number = 1; number <= amount.rounds; number++) {
    const prefix = `${run.name}-${number}-`
    const random = createRandom(number)
    const round = openRound(folder, prefix, reading)
    const { journal } = round
    const counts = run.money === 'all are rich' ? ALL_RICH : ACCOUNTS
    const books = await openBooks({ journal, prefix }, first.place(), counts)
    const mix = createMix({ prefix, books, random })
    const load = startLoad({ journal, mix, random, targets: servers, clients: CLIENTS })
    try {
      for (let count = 1; count <= amount.perRound; count++) {
        await run.fault(load, random)
        tally.times += 1
        say(`${tally.name}: ${tally.times} of ${total}, ${load.acknowledged()} requests acknowledged`)
      }
      if (!(await load.heals(HEAL_MOST_MS)))
        tally.problems.push('nothing is acknowledged after the last fault')
    } finally {
      await load.stop()
    }
    await closeRound(tally, round, first.place())
  }
  for (const server of servers) tally.problems.push(...server.unasked)
  return tally
}
