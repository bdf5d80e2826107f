import { copyFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { withClient } from '../../../src/database/index.ts'
import { verifyLedger } from '../../../src/ledger/index.ts'
import { verifyPayments } from '../../../src/payments/index.ts'
import { type Receiver, startReceiver } from '../../support/receiver.ts'
import { openConnection } from '../load/connection.ts'
import { createRandom, type Random } from '../load/random.ts'
import type { Place } from '../load/send.ts'
import { type PaymentFacts, readPaymentFacts, unfinished } from '../payments/facts.ts'
import { openPaymentJournal, readPaymentJournal } from '../payments/journal.ts'
import { judgePayments } from '../payments/judge.ts'
import { type Shoppers, startShoppers } from '../payments/shoppers.ts'
import type { Amount } from '../size.ts'
import type { Pair } from './pair.ts'
import { newTally, type Say, spread, type Tally } from './run.ts'

const KILL_LEAST_MS = 100
const KILL_MOST_MS = 700
/** A worker's lease, the healing after it, and some. */
const FINISHED_WITHIN_MS = 40_000
const DELIVERED_WITHIN_MS = 30_000
const POLL_MS = 250
/** Of the acquirer, after it has done an order: most kills come between an order and its answer. */
const LATENCY_MS = 30

/** Asks once, and expects that it is done. */
export const postOnce = async (place: Place, path: string, body: object): Promise<void> => {
  const connection = openConnection()
  const seen = await connection.post({ ...place, path, body: JSON.stringify(body), key: null })
  connection.close()
  if (seen.kind !== 'answer' || seen.status !== 200) throw new Error(`${path}: ${JSON.stringify(seen)}`)
}

/** Where the payments of a run are read. */
type Books = Pick<Pair, 'reading'>

const factsOf = ({ reading }: Books, run: string): Promise<PaymentFacts> =>
  withClient(reading.readerUrl, (client) => readPaymentFacts(client, reading.tenant, run))

/** Nothing is asked any more: whatever is open is healed by the servers themselves. */
const settled = async (pair: Books, run: string, problems: string[]): Promise<PaymentFacts> => {
  const untilMs = performance.now() + FINISHED_WITHIN_MS
  for (;;) {
    const facts = await factsOf(pair, run)
    const left = unfinished(facts)
    if (left.length === 0) return facts
    if (performance.now() > untilMs) {
      problems.push(`${left.length} were never finished, such as ${left.slice(0, 3).join('; ')}`)
      return facts
    }
    await pause(POLL_MS)
  }
}

/** Each event arrives, and none that is not there. */
const delivered = async (
  receiver: Receiver,
  pair: Books,
  facts: PaymentFacts,
  run: string,
): Promise<string[]> => {
  const arrived = (): Set<string> => new Set(receiver.received.map(({ event }) => event.id))
  const objects = new Set([...facts.intents, ...facts.charges, ...facts.refunds].map(({ id }) => id))
  const wanted = facts.events.filter(({ object }) => objects.has(object))
  const untilMs = performance.now() + DELIVERED_WITHIN_MS
  while (performance.now() < untilMs && !wanted.every(({ id }) => arrived().has(id))) await pause(POLL_MS)
  const missing = wanted.filter(({ id }) => !arrived().has(id))
  // What has arrived by now is there by now; what is told later, such as that a refund has failed, may come in between.
  const received = [...receiver.received]
  const { events } = await factsOf(pair, run)
  const known = new Set(events.map(({ id }) => id))
  const phantoms = received.filter(({ event }) => !known.has(event.id))
  return [
    ...missing
      .slice(0, 3)
      .map(({ id, type }) => `${type} ${id} was never delivered (${missing.length} in all)`),
    ...phantoms.slice(0, 3).map(({ event }) => `${event.type} ${event.id} was delivered and is not there`),
  ]
}

const verified = async ({ reading }: Books): Promise<string[]> =>
  withClient(reading.readerUrl, async (client) => {
    const report = await verifyLedger(client, { durability: reading.durability, alsoProve: verifyPayments })
    return report.checks
      .filter(({ ok }) => !ok)
      .map(
        ({ name, findingsCount, findings }) =>
          `verify, ${name}: ${findingsCount}, ${JSON.stringify(findings[0])}`,
      )
  })

/** By turns one of them, so that the other one takes over, and both, so that nobody does. */
const kill = async ({ servers }: Pair, random: Random, isBoth: boolean): Promise<number[]> => {
  await pause(KILL_LEAST_MS + random.below(KILL_MOST_MS - KILL_LEAST_MS))
  const killed = isBoth ? servers : [random.pick(servers)]
  await Promise.all(killed.map((server) => server.end('SIGKILL')))
  const started = await Promise.all(killed.map((server) => server.start()))
  return started.map(({ readyMs }) => readyMs)
}

type PaymentRound = { readonly run: string; readonly journal: string; readonly receiver: Receiver }

/** The end of a round of payments, when nobody pays any more: all is healed, compared, delivered and verified. */
export const closePayments = async (
  tally: Tally,
  pair: Books,
  { run, journal, receiver }: PaymentRound,
): Promise<void> => {
  const problems: string[] = []
  const facts = await settled(pair, run, problems)
  const stories = readPaymentJournal(journal)
  const judged = judgePayments(stories, facts)
  problems.push(
    ...judged.problems,
    ...(await delivered(receiver, pair, facts, run)),
    ...(await verified(pair)),
  )
  const answers = stories.flatMap((story) => story.answers)
  tally.requests += stories.reduce((sum, { sent }) => sum + sent, 0)
  tally.acknowledged += judged.payments
  tally.refused += answers.filter(
    (answer) => answer.class === 'declined' || answer.class === 'refused',
  ).length
  tally.unknown += stories.reduce((sum, { sent, answers: heard }) => sum + sent - heard.length, 0)
  tally.unknown += answers.filter((answer) => answer.class === 'again').length
  tally.unclassified += answers.filter((answer) => answer.class === 'strange').length
  tally.lost += judged.lost
  tally.doubled += judged.doubled
  tally.problems.push(...problems)
  tally.notes.push(`${facts.events.length} events, ${receiver.received.length} deliveries received`)
  if (problems.length > 0) {
    const kept = join(tmpdir(), `evenkeel-${run}${process.pid}.jsonl`)
    copyFileSync(journal, kept)
    tally.problems.push(`the journal is kept as ${kept}`)
  }
  rmSync(journal)
}

/** One or both of two servers are killed while payments are made, again and again, and an endpoint listens to all of it. */
export const payments = async (pair: Pair, { rounds, perRound }: Amount, say: Say): Promise<Tally> => {
  const tally = newTally('kill -9 during payments')
  const ready: number[] = []
  for (let number = 1; number <= rounds; number++) {
    const run = `payments-${number}-`
    const random = createRandom(number)
    const file = join(pair.folder, `${run}journal.jsonl`)
    const journal = openPaymentJournal(file)
    const receiver = await startReceiver()
    const [first] = pair.servers
    let shoppers: Shoppers | null = null
    try {
      await postOnce(first.place(), '/v1/webhook_endpoints', { url: receiver.url, enabled_events: ['*'] })
      await postOnce(first.place(), '/v1/test_helpers/rails/sandbox-card', { latency_ms: LATENCY_MS })
      shoppers = startShoppers({ journal, run, random, targets: pair.servers })
      for (let count = 1; count <= perRound; count++) {
        ready.push(...(await kill(pair, random, count % 2 === 1)))
        tally.times += 1
        say(`${tally.name}: ${tally.times} of ${rounds * perRound}, ${shoppers.answered()} orders answered`)
      }
      await shoppers.finish()
      journal.close()
      await closePayments(tally, pair, { run, journal: file, receiver })
    } finally {
      await shoppers?.finish()
      receiver.close()
    }
  }
  for (const server of pair.servers) tally.problems.push(...server.unasked)
  tally.notes.push(`ready again: ${spread(ready)}`)
  return tally
}
