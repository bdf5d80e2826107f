import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Stage, withClient } from '../../../src/database/index.ts'
import { openBooks } from '../load/books.ts'
import { createMix } from '../load/mix.ts'
import { createRandom, type Random } from '../load/random.ts'
import { openVolley } from '../load/volley.ts'
import { readFacts } from '../oracle/facts.ts'
import type { Intent, Outcome } from '../oracle/model.ts'
import { startServer } from '../processes/server.ts'
import type { Amount } from '../size.ts'
import { type Pair, settingsFor } from './pair.ts'
import { closeRound, newTally, openRound, type Round, type Say, type Tally } from './run.ts'

const ENTRY = fileURLToPath(import.meta.resolve('../processes/stage-server.ts'))
const AT_ONCE = 40
const VOLLEYS_MOST = 20
const ACCOUNTS = { plain: 20, rich: 2, poor: 2 } as const

const STAGES: readonly Stage[] = ['gathered', 'locked', 'decided', 'appended', 'committed']

type Shot = { readonly intents: readonly Intent[]; readonly outcomes: readonly Outcome[] }

/** How many of the transfers of these requests are in the database. */
const countThere = (pair: Pair, round: Round, intents: readonly Intent[]): Promise<number> =>
  withClient(pair.reading.readerUrl, async (client) => {
    const { rows } = await readFacts(client, round.evidence)
    const wanted = new Set(intents.flatMap(({ items }) => items.map(({ reference }) => reference)))
    return rows.filter(({ reference }) => wanted.has(reference)).length
  })

/** What the database must have of requests that nobody heard about, by where their batch was stopped. */
const judge = (stage: Stage, there: number): string | null => {
  if (stage === 'committed') return there > 0 ? null : 'nothing is there of a batch that was committed'
  return there === 0 ? null : `${there} transfers are there of a batch that was stopped when it was ${stage}`
}

/** Fires until the server is gone, which the batch that reaches the stage brings about. */
const fireUntilGone = async (
  {
    round,
    address,
    apiKey,
    ended,
  }: {
    readonly round: Round
    readonly address: string
    readonly apiKey: string
    readonly ended: () => boolean
  },
  next: () => Intent,
): Promise<Shot> => {
  const volley = openVolley(round.journal, [{ address, apiKey }])
  try {
    for (let count = 1; count <= VOLLEYS_MOST; count++) {
      const intents = Array.from({ length: AT_ONCE }, next)
      const outcomes = await volley.fire(intents)
      if (ended() || outcomes.some((outcome) => outcome.class === 'unknown')) return { intents, outcomes }
    }
    throw new Error(`the server lives after ${VOLLEYS_MOST} volleys`)
  } finally {
    volley.close()
  }
}

/** Kills a third server on the database of the pair in the middle of a batch. */
const killAt = async (
  pair: Pair,
  round: Round,
  stage: Stage,
  options: { next: () => Intent; random: Random },
): Promise<string | null> => {
  const server = await startServer({
    settings: {
      ...settingsFor(pair, pair.folder),
      EVENKEEL_TEST_STAGE: stage,
      EVENKEEL_TEST_STAGE_TIMES: String(1 + options.random.below(3)),
    },
    folder: join(pair.folder, 'work'),
    entry: ENTRY,
  })
  let hasEnded = false
  void server.exited.then(() => {
    hasEnded = true
  })
  const { address } = server
  const { apiKey } = pair.servers[0].place()
  const shot = await fireUntilGone({ round, address, apiKey, ended: () => hasEnded }, options.next)
  const { signal } = await server.exited
  if (signal !== 'SIGKILL') return `the server ended with ${signal}: ${server.output()}`
  const unheard = shot.intents.filter((_, index) => shot.outcomes[index]?.class === 'unknown')
  return judge(stage, await countThere(pair, round, unheard))
}

/** The server dies at each stage of a batch, and another one answers for what became of it. */
export const stages = async (pair: Pair, { rounds, perRound }: Amount, say: Say): Promise<Tally> => {
  const tally = newTally('kill -9 at a stage of a batch')
  const [first] = pair.servers
  for (let number = 1; number <= rounds; number++) {
    const prefix = `stages-${number}-`
    const random = createRandom(number)
    const round = openRound(pair.folder, prefix, pair.reading)
    const { journal } = round
    const books = await openBooks({ journal, prefix }, first.place(), ACCOUNTS)
    const mix = createMix({ prefix, books, random, holdsExpire: false })
    const next = (): Intent => mix.next(journal.next())
    for (let count = 0; count < perRound; count++) {
      const stage = STAGES[count % STAGES.length] ?? 'gathered'
      const problem = await killAt(pair, round, stage, { next, random })
      if (problem !== null) tally.problems.push(`at ${stage}: ${problem}`)
      tally.times += 1
      say(`${tally.name}: ${tally.times} of ${rounds * perRound}, ${stage}`)
    }
    await closeRound(tally, round, first.place())
  }
  return tally
}
