import { newUuid, type Uuid } from '../../../src/kit/index.ts'
import { openAccounts } from '../load/books.ts'
import { batchIntent, type Place, type TransferWanted, transferIntent } from '../load/requests.ts'
import { openVolley, type Volley } from '../load/volley.ts'
import type { Journal } from '../oracle/journal.ts'
import type { Intent, Outcome } from '../oracle/model.ts'
import type { Amount } from '../size.ts'
import type { Pair } from './pair.ts'
import { closeRound, newTally, openRound, type Say, type Tally } from './run.ts'

const CLIENTS = 32
const KEY_REUSED = 'idempotency_key_reused'
const OTHER_AMOUNT = 'exists_with_different_amount'

/** The same request again: another number in the journal, and everything else as it was. */
const again = (journal: Journal, intent: Intent): Intent => ({ ...intent, n: journal.next() })

const repeat = (journal: Journal, intent: Intent, times: number): Intent[] =>
  Array.from({ length: times }, () => again(journal, intent))

/** By turns from one and from the other, so that both stand in the same batch and in both servers. */
const mingle = (some: readonly Intent[], others: readonly Intent[]): Intent[] =>
  some.flatMap((intent, index) => {
    const other = others[index]
    const pair = other === undefined ? [intent] : [intent, other]
    return index % 2 === 0 ? pair : pair.toReversed()
  })

type Stage = {
  readonly journal: Journal
  readonly volley: Volley
  readonly prefix: string
  readonly wanted: TransferWanted
}

const countOf = (outcomes: readonly Outcome[], name: Outcome['class']): number =>
  outcomes.filter((outcome) => outcome.class === name).length

/** One effect, and for everybody either its answer or 409; that the answers are equal, the oracle sees. */
const oneEffect = (outcomes: readonly Outcome[]): string | null =>
  countOf(outcomes, 'acknowledged') >= 1 &&
  countOf(outcomes, 'acknowledged') + countOf(outcomes, 'retryable') === outcomes.length
    ? null
    : `the answers are ${JSON.stringify(outcomes)}`

/** Of two that exclude each other one wins for all of its clients, and the others are refused. */
const oneWinner = (intents: readonly Intent[], outcomes: readonly Outcome[]): string | null => {
  const winners = new Set(
    intents.filter((_, index) => outcomes[index]?.class === 'acknowledged').map(({ body }) => body),
  )
  const losers = new Set(
    intents.filter((_, index) => outcomes[index]?.class === 'refused').map(({ body }) => body),
  )
  const isFair = winners.size === 1 && losers.size <= 1 && winners.isDisjointFrom(losers)
  return isFair ? null : `won: ${[...winners].join(' ')} lost: ${[...losers].join(' ')}`
}

/** The key of a request, with other parameters: another amount under another reference. */
const withOther = (
  journal: Journal,
  intent: Intent,
  wanted: TransferWanted,
  refused: string,
): [Intent, Intent] => {
  const { key } = intent
  const [item] = intent.items
  const other = transferIntent(
    { n: journal.next(), prefix: `${intent.items[0]?.reference ?? ''}-other-`, naming: 'none' },
    { ...wanted, amount: wanted.amount + 1 },
    [refused],
  )
  const id = refused === OTHER_AMOUNT ? (item?.id ?? null) : null
  const items = other.items.map((one) => ({ ...one, id }))
  const body = id === null ? other.body : JSON.stringify({ ...JSON.parse(other.body), id })
  return [
    { ...intent, mayRefuse: [refused] },
    { ...other, key: refused === OTHER_AMOUNT ? null : key, body, items },
  ]
}

type Storm = (stage: Stage, place: (naming: Place['naming']) => Place) => Promise<string | null>

const oneKey: Storm = async ({ journal, volley, wanted }, place) =>
  oneEffect(await volley.fire(repeat(journal, transferIntent(place('key'), wanted), CLIENTS)))

const keyAndId: Storm = async ({ journal, volley, wanted }, place) =>
  oneEffect(await volley.fire(repeat(journal, transferIntent(place('both'), wanted), CLIENTS)))

const oneId: Storm = async ({ journal, volley, wanted }, place) =>
  oneEffect(await volley.fire(repeat(journal, transferIntent(place('id'), wanted), CLIENTS)))

const idTwiceInARequest: Storm = async ({ journal, volley, wanted }, place) => {
  const intent = batchIntent(place('id'), [wanted])
  const [item] = intent.items
  const { transfers } = JSON.parse(intent.body) as { transfers: unknown[] }
  const twice = {
    ...intent,
    body: JSON.stringify({ transfers: [...transfers, ...transfers] }),
    items: item === undefined ? [] : [item, item],
  }
  return oneEffect(await volley.fire(repeat(journal, twice, CLIENTS)))
}

const contest =
  (naming: 'key' | 'id', refused: string): Storm =>
  async ({ journal, volley, wanted }, place) => {
    const [one, other] = withOther(journal, transferIntent(place(naming), wanted), wanted, refused)
    const half = CLIENTS / 2
    const intents = mingle(repeat(journal, one, half), repeat(journal, other, half))
    return oneWinner(intents, await volley.fire(intents))
  }

/** Long after the key was answered: the same is replayed, and anything else refused. */
const afterwards: Storm = async ({ journal, volley, wanted }, place) => {
  const [one, other] = withOther(journal, transferIntent(place('key'), wanted), wanted, KEY_REUSED)
  await volley.fire([again(journal, one)])
  const half = CLIENTS / 2
  const intents = mingle(repeat(journal, one, half), repeat(journal, other, half))
  const outcomes = await volley.fire(intents)
  const isRight = intents.every(({ body }, index) => {
    const outcome = outcomes[index]
    return body === one.body
      ? outcome?.class === 'acknowledged' && outcome.replayed
      : outcome?.class === 'refused'
  })
  return isRight ? null : `the answers are ${JSON.stringify(outcomes)}`
}

const STORMS: readonly (readonly [string, Storm])[] = [
  ['one key', oneKey],
  ['one key, two sets of parameters', contest('key', KEY_REUSED)],
  ['one key and one id', keyAndId],
  ['one id', oneId],
  ['one id, two amounts', contest('id', OTHER_AMOUNT)],
  ['one id twice in a request', idTwiceInARequest],
  ['one key that was answered before', afterwards],
]

/** One key or one id from 32 clients at once, through two servers. */
export const storm = async (pair: Pair, { rounds, perRound }: Amount, say: Say): Promise<Tally> => {
  const tally = newTally('idempotency storm, 32 at once')
  const places = pair.servers.map((server) => server.place())
  const [first] = pair.servers
  const [debit, credit]: [Uuid, Uuid] = [newUuid(Date.now()), newUuid(Date.now())]
  await openAccounts(
    first.place(),
    [debit, credit].map((id) => ({ id, limited: false })),
  )
  for (let number = 1; number <= rounds; number++) {
    const prefix = `storm-${number}-`
    const round = openRound(pair.folder, prefix, pair.reading)
    const { journal } = round
    const volley = openVolley(journal, places)
    for (let count = 1; count <= perRound; count++) {
      const [name, one] = STORMS[count % STORMS.length] ?? ['one key', oneKey]
      const wanted = { debit, credit, amount: count }
      const problem = await one({ journal, volley, prefix, wanted }, (naming) => ({
        n: journal.next(),
        prefix,
        naming,
      }))
      if (problem !== null) tally.problems.push(`${name}: ${problem}`)
      tally.times += 1
      if (count % 100 === 0) say(`${tally.name}: ${tally.times} of ${rounds * perRound}`)
    }
    volley.close()
    await closeRound(tally, round, first.place())
  }
  return tally
}
