import { withClient } from '../../../src/database/index.ts'
import { newUuid } from '../../../src/kit/index.ts'
import { openConnection } from '../load/connection.ts'
import type { Load } from '../load/load.ts'
import type { Random } from '../load/random.ts'
import { LEDGER } from '../load/requests.ts'
import { newTally, type Say, type Tally } from '../runs/run.ts'
import { underLoad } from '../runs/under-load.ts'
import type { Amount } from '../size.ts'
import type { ClockWorld } from './world.ts'

const SECOND_MS = 1_000
const HOUR_MS = 3_600 * SECOND_MS
const DAY_MS = 24 * HOUR_MS
const HEAL_MOST_MS = 30_000
const QUIET_MS = 1_000
const TRIES_MOST = 60

type Said = { readonly status: number; readonly code: string; readonly message: string }

/** A request of nobody's load, whose answer is read. */
const probe = async (world: ClockWorld): Promise<Said> => {
  const connection = openConnection()
  const [{ address, apiKey }] = world.servers.map((server) => server.place()) as [
    { address: string; apiKey: string },
  ]
  const body = JSON.stringify({
    accounts: [{ id: newUuid(Date.now()), ledger: LEDGER, code: 1, currency: 'eur' }],
  })
  const seen = await connection.post({ address, apiKey, path: '/v1/ledger/batches', body, key: null })
  connection.close()
  if (seen.kind !== 'answer') return { status: 0, code: seen.why, message: '' }
  const { error = {} } = JSON.parse(seen.body) as { error?: { code?: string; message?: string } }
  return { status: seen.status, code: error.code ?? '', message: error.message ?? '' }
}

/** Nothing is recorded, and whoever asks hears why. */
const refuses = async (world: ClockWorld, load: Load): Promise<void> => {
  for (let tries = 1; ; tries++) {
    const said = await probe(world)
    const isNamed =
      said.status === 503 && said.code === 'clock_behind' && /clock is \d{4} s behind/.test(said.message)
    if (isNamed && !(await load.heals(QUIET_MS))) return
    if (tries === TRIES_MOST)
      throw new Error(`a clock an hour behind is not refused by name: ${JSON.stringify(said)}`)
  }
}

const goesOn = async (load: Load, what: string): Promise<void> => {
  if (!(await load.heals(HEAL_MOST_MS))) throw new Error(`nothing is acknowledged after ${what}`)
}

/** Each leaves the database's clock as wrong as it says, because what was recorded ahead cannot be taken back. */
const jumps = (world: ClockWorld) => {
  let databaseMs = 0
  const set = async (ms: number): Promise<void> => {
    databaseMs = ms
    await world.setDatabase(ms)
  }
  return [
    async (load: Load) => {
      const rightMs = databaseMs
      await set(rightMs - HOUR_MS)
      await refuses(world, load)
      await set(rightMs)
      await goesOn(load, 'the clock of the database was an hour behind')
    },
    async (load: Load) => {
      await set(databaseMs + HOUR_MS)
      await goesOn(load, 'the clock of the database went an hour ahead')
    },
    async (load: Load) => {
      await set(databaseMs - 3 * SECOND_MS)
      await goesOn(load, 'the clock of the database went back by three seconds')
    },
    async (load: Load) => {
      world.setServer(-HOUR_MS)
      await goesOn(load, 'the clock of the server went back by an hour')
      world.setServer(0)
      await goesOn(load, 'the clock of the server was set right again')
    },
    async (load: Load) => {
      world.setServer(DAY_MS)
      await goesOn(load, 'the clock of the server went a day ahead')
      world.setServer(0)
      await goesOn(load, 'the clock of the server came back from a day ahead')
    },
  ] as const
}

/** Written another way than verify has it: in the order of their numbers, times rise. */
const FALLS = `
select count(*)::integer as falls from (
  select time_micros <= lag(time_micros) over (partition by tenant order by sequence) as fell
    from ledger.transfers) steps
 where fell`

const fallsOf = (url: string): Promise<number> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ falls: number }>(FALLS)
    return rows[0]?.falls ?? -1
  })

/** The clocks jump under load. Times never fall, a database far behind is refused by name, and all goes on by itself. */
export const jumpClocks = async (world: ClockWorld, amount: Amount, say: Say): Promise<Tally> => {
  const tally = newTally('clock jumps')
  const all = jumps(world)
  await underLoad(world, {
    tally,
    name: 'clock-jumps',
    amount,
    say,
    fault: async (load: Load, _random: Random) => {
      await all[tally.times % all.length]?.(load)
    },
  })
  const falls = await fallsOf(world.reading.readerUrl)
  if (falls !== 0) tally.problems.push(`recorded time falls ${falls} times`)
  return tally
}
