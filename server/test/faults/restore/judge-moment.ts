import { isFinal, type Outcome } from '../oracle/model.ts'
import type { Facts } from '../oracle/verdict.ts'
import type { TimedStory } from './timed-journal.ts'

/**
 * lost        acknowledged before the moment, and not there
 * different   acknowledged before the moment, and there with another id or amount
 * doubled     there more than once
 * keyless     answered before the moment, and its key does not say so
 * later       sent after the moment, and there
 * foreign     there, and never sent
 */
export const MOMENT_FAILURES = ['lost', 'different', 'doubled', 'keyless', 'later', 'foreign'] as const
export type MomentFailure = (typeof MOMENT_FAILURES)[number]

export type MomentVerdict = {
  readonly before: number
  readonly after: number
  /** Sent before the moment and not answered by then: they may be there or not. */
  readonly between: number
  readonly failures: readonly (readonly [MomentFailure, string])[]
}

/** On which side of a moment a request lies. Times were cut off to the millisecond, so both sides leave that one out. */
export const sideOf = (
  { sentMs, answeredMs }: Pick<TimedStory, 'sentMs' | 'answeredMs'>,
  momentMs: number,
): 'before' | 'after' | 'between' => {
  if (answeredMs !== null && answeredMs + 1 <= momentMs) return 'before'
  return sentMs === null || sentMs > momentMs ? 'after' : 'between'
}

const finalOf = (outcomes: readonly Outcome[]): Outcome | undefined => outcomes.find(isFinal)

/** Compares the books of a moment with what the clients had written down. */
export const judgeMoment = (
  stories: readonly TimedStory[],
  facts: Facts,
  momentMs: number,
): MomentVerdict => {
  const failures: (readonly [MomentFailure, string])[] = []
  const rows = Map.groupBy(facts.rows, ({ reference }) => reference)
  const keys = new Map(facts.keys.map((row) => [row.key, row]))
  const known = new Set<string>()
  const sides = { before: 0, after: 0, between: 0 }
  for (const timed of stories) {
    const { intent, outcomes } = timed.story
    const side = sideOf(timed, momentMs)
    sides[side] += 1
    const outcome = finalOf(outcomes)
    for (const [index, { reference, amount }] of intent.items.entries()) {
      known.add(reference)
      const [row, second] = rows.get(reference) ?? []
      const told = outcome?.class === 'acknowledged' ? outcome.items[index] : undefined
      if (second !== undefined) failures.push(['doubled', reference])
      if (side === 'after' && row !== undefined) failures.push(['later', reference])
      if (side !== 'before' || told === undefined || !('made' in told)) continue
      if (row === undefined) failures.push(['lost', reference])
      else if (row.id !== told.made || (amount !== null && row.amount !== BigInt(amount)))
        failures.push(['different', reference])
    }
    const key = intent.key === null ? undefined : keys.get(intent.key)
    if (side === 'before' && intent.key !== null && key?.answered !== true)
      failures.push(['keyless', intent.key])
    if (side === 'after' && key !== undefined) failures.push(['later', `the key ${intent.key}`])
  }
  for (const reference of rows.keys()) if (!known.has(reference)) failures.push(['foreign', reference])
  return { ...sides, failures }
}
