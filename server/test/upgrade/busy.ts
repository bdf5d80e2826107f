import { join } from 'node:path'
import { openBooks } from '../faults/load/books.ts'
import { type Load, startLoad } from '../faults/load/load.ts'
import { createMix } from '../faults/load/mix.ts'
import { createRandom } from '../faults/load/random.ts'
import { readJournal } from '../faults/oracle/journal.ts'
import { isFinal, type Outcome } from '../faults/oracle/model.ts'
import { openPaymentJournal } from '../faults/payments/journal.ts'
import { startShoppers } from '../faults/payments/shoppers.ts'
import { closePayments, postOnce } from '../faults/runs/payments.ts'
import { closeRound, newTally, openRound, type Tally } from '../faults/runs/run.ts'
import { startReceiver } from '../support/receiver.ts'
import type { Stand } from './stand.ts'

const CLIENTS = 4
const SHOPPERS = 4
const ACCOUNTS = { plain: 20, rich: 3, poor: 3 } as const
const SEED = 6

export type Busy = {
  readonly tally: Tally
  /** Answers that a client had to ask again for, whatever it asked for. */
  readonly withoutOutcome: readonly Outcome[]
}

/**
 * Does something to the servers while clients post transfers through the balancer. Then every request that has no
 * outcome yet is asked again under its key, and the journal is compared with the database.
 */
export const whileBusy = async (
  { folder, reading, target, place }: Stand,
  name: string,
  work: (load: Load) => Promise<void>,
): Promise<Busy> => {
  const tally = newTally(name)
  const prefix = `${name}-`
  const random = createRandom(SEED)
  const round = openRound(folder, prefix, reading)
  const { journal, evidence } = round
  const books = await openBooks({ journal, prefix }, place, ACCOUNTS)
  const mix = createMix({ prefix, books, random })
  const load = startLoad({ journal, mix, random, targets: [target], clients: CLIENTS })
  try {
    await work(load)
  } finally {
    await load.stop()
  }
  const stories = await readJournal(evidence.journal)
  const withoutOutcome = stories.flatMap(({ outcomes }) => outcomes.filter((outcome) => !isFinal(outcome)))
  await closeRound(tally, round, place)
  return { tally, withoutOutcome }
}

/** The same for payments: made, captured, canceled and refunded, and an endpoint listens to all of it. */
export const whilePaying = async (
  { folder, reading, target, place }: Stand,
  name: string,
  work: () => Promise<void>,
): Promise<Tally> => {
  const tally = newTally(name)
  const run = `${name}-`
  const file = join(folder, `${run}journal.jsonl`)
  const journal = openPaymentJournal(file)
  const receiver = await startReceiver()
  try {
    await postOnce(place, '/v1/webhook_endpoints', { url: receiver.url, enabled_events: ['*'] })
    const shoppers = startShoppers({
      journal,
      run,
      random: createRandom(SEED),
      targets: [target],
      atOnceMost: SHOPPERS,
    })
    try {
      await work()
    } finally {
      await shoppers.finish()
      journal.close()
    }
    await closePayments(tally, { reading }, { run, journal: file, receiver })
  } finally {
    receiver.close()
  }
  return tally
}
