import { saysNothingWasDone } from './classify.ts'
import type { Item, Outcome, Story } from './model.ts'

/** A transfer as the database has it. */
export type Row = { readonly reference: string; readonly id: string; readonly amount: bigint }
/** An idempotency key as the database has it. */
export type KeyRow = { readonly key: string; readonly answered: boolean; readonly status: number | null }

export type Facts = { readonly rows: readonly Row[]; readonly keys: readonly KeyRow[] }

/**
 * lost            acknowledged, and not there
 * doubled         there twice
 * phantom         refused, or said to be left undone, and there
 * different       there with another id or amount than was acknowledged
 * contradictory   acknowledged in one answer and refused in another, or two answers to one key that are not equal
 * repeated        the very first answer says that it is a repeat: it was done twice instead of looked up
 * foreign         there, and never sent
 * keyless         answered for good, and the key does not say so
 */
export const FAILURES = [
  'lost',
  'doubled',
  'phantom',
  'different',
  'contradictory',
  'repeated',
  'foreign',
  'keyless',
  'unclassified',
] as const
export type Failure = (typeof FAILURES)[number]

export type Verdict = {
  readonly requests: number
  /** Transfers that were acknowledged or refused at least once, and answers of which nothing was known. */
  readonly acknowledged: number
  readonly refused: number
  readonly unknown: number
  readonly failures: Readonly<Record<Failure, readonly string[]>>
}

type Told = { item: Item; made: Set<string>; refused: Set<string>; open: boolean; undone: boolean }

const told = (item: Item): Told => ({ item, made: new Set(), refused: new Set(), open: false, undone: true })

const tell = (about: Told, outcome: Outcome, index: number): void => {
  about.undone &&= saysNothingWasDone(outcome)
  if (outcome.class === 'refused') about.refused.add(outcome.code)
  else if (outcome.class !== 'acknowledged') about.open = true
  else {
    const item = outcome.items[index]
    if (item === undefined) about.open = true
    else if ('made' in item) about.made.add(item.made)
    else about.refused.add(item.refused)
  }
}

/** Several requests may want the same transfer, as in a storm; what was said about it is taken together. */
const gather = (stories: readonly Story[]): Map<string, Told> => {
  const all = new Map<string, Told>()
  for (const { intent, outcomes } of stories) {
    for (const [index, item] of intent.items.entries()) {
      const about = all.get(item.reference) ?? told(item)
      all.set(item.reference, about)
      for (const outcome of outcomes) tell(about, outcome, index)
    }
  }
  return all
}

type Report = (failure: Failure, what: string) => void

const judgeTransfer = (report: Report, about: Told, rows: readonly Row[]): void => {
  const { item, made, refused } = about
  const { reference } = item
  const [row] = rows
  if (rows.length > 1) report('doubled', `${reference} is there ${rows.length} times`)
  if (made.size > 1 || (made.size > 0 && refused.size > 0))
    report(
      'contradictory',
      `${reference} was made as ${[...made].join(', ')} and refused: ${[...refused].join(', ')}`,
    )
  if (made.size > 0 && row === undefined) report('lost', `${reference} was acknowledged`)
  if (made.size > 0 && row !== undefined && !made.has(row.id))
    report('different', `${reference} was acknowledged as ${[...made].join(', ')} and is ${row.id}`)
  if (made.size > 0 && row !== undefined && item.amount !== null && row.amount !== BigInt(item.amount))
    report('different', `${reference} was sent with ${item.amount} and has ${row.amount}`)
  if (made.size > 0 || row === undefined) return
  if (refused.size > 0)
    report('phantom', `${reference} was refused (${[...refused].join(', ')}) and is there`)
  else if (about.undone) report('phantom', `${reference} is there, though nothing was said to be done`)
}

/** One key has one answer: whoever asks with the same parameters hears the same, to the byte. */
const judgeAnswers = (report: Report, stories: readonly Story[]): void => {
  const first = new Map<string, string>()
  for (const { intent, outcomes } of stories) {
    if (intent.key === null) continue
    const asked = `${intent.key} ${intent.path} ${intent.body}`
    for (const outcome of outcomes) {
      if (outcome.class !== 'acknowledged' && outcome.class !== 'refused') continue
      const known = first.get(asked)
      if (known === undefined) first.set(asked, outcome.digest)
      else if (known !== outcome.digest) report('contradictory', `${intent.key} has two answers`)
    }
  }
}

const KEY_REUSED = 'idempotency_key_reused'

const judgeKeys = (report: Report, stories: readonly Story[], keys: readonly KeyRow[]): void => {
  const stored = new Map(keys.map((row) => [row.key, row]))
  for (const { intent, outcomes } of stories) {
    if (intent.key === null) continue
    const row = stored.get(intent.key)
    for (const outcome of outcomes) {
      if (outcome.class === 'acknowledged' && (row?.answered !== true || row.status !== 200))
        report('keyless', `${intent.key} was answered 200, and its row says ${row?.status}`)
      if (outcome.class === 'refused' && outcome.code !== KEY_REUSED && (row?.status ?? 0) < 400)
        report('keyless', `${intent.key} was refused with ${outcome.code}, and its row says ${row?.status}`)
    }
  }
}

/** Only of what a single request wants: in a storm all but one are repeats. */
const judgeFirst = (report: Report, stories: readonly Story[]): void => {
  const wanted = new Map<string, number>()
  const count = (name: string): void => {
    wanted.set(name, (wanted.get(name) ?? 0) + 1)
  }
  const namesOf = ({ intent }: Story): string[] => intent.items.map(({ id, reference }) => id ?? reference)
  for (const story of stories) for (const name of namesOf(story)) count(name)
  for (const story of stories) {
    const [first] = story.outcomes
    const isRepeat =
      (first?.class === 'acknowledged' && first.replayed) ||
      (first?.class === 'refused' && first.code === 'id_already_failed')
    if (isRepeat && namesOf(story).every((name) => wanted.get(name) === 1))
      report('repeated', `request ${story.intent.n} was sent once and answered as a repeat`)
  }
}

const emptyFailures = (): Record<Failure, string[]> => ({
  lost: [],
  doubled: [],
  phantom: [],
  different: [],
  contradictory: [],
  repeated: [],
  foreign: [],
  keyless: [],
  unclassified: [],
})

const countUnknown = (stories: readonly Story[]): number =>
  stories.reduce(
    (sum, { outcomes }) => sum + outcomes.filter((outcome) => outcome.class === 'unknown').length,
    0,
  )

/** Compares what the clients wrote down with what the database has. */
export const judge = (stories: readonly Story[], facts: Facts): Verdict => {
  const failures = emptyFailures()
  const report: Report = (failure, what) => failures[failure].push(what)
  const all = gather(stories)
  const rowsOf = Map.groupBy(facts.rows, (row) => row.reference)
  for (const about of all.values()) judgeTransfer(report, about, rowsOf.get(about.item.reference) ?? [])
  for (const reference of rowsOf.keys()) {
    if (!all.has(reference)) report('foreign', `${reference} is there and was never sent`)
  }
  judgeFirst(report, stories)
  judgeAnswers(report, stories)
  judgeKeys(report, stories, facts.keys)
  for (const { intent, outcomes } of stories) {
    for (const outcome of outcomes) {
      if (outcome.class === 'unclassified') report('unclassified', `request ${intent.n}: ${outcome.why}`)
    }
  }
  const about = [...all.values()]
  return {
    requests: stories.length,
    acknowledged: about.filter(({ made }) => made.size > 0).length,
    refused: about.filter(({ made, refused }) => made.size === 0 && refused.size > 0).length,
    unknown: countUnknown(stories),
    failures,
  }
}
