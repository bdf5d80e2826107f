import { copyFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { converge } from '../load/converge.ts'
import type { Place } from '../load/send.ts'
import { compare, type Evidence, examine, problemsOf } from '../oracle/examine.ts'
import { type Journal, openJournal, readJournal } from '../oracle/journal.ts'
import type { Verdict } from '../oracle/verdict.ts'

/** What a run has done and found: one line of the table. */
export type Tally = {
  readonly name: string
  /** How often the fault was made, and what it was. */
  times: number
  requests: number
  acknowledged: number
  refused: number
  unknown: number
  lost: number
  doubled: number
  unclassified: number
  /** Everything that does not hold. A run without any has passed. */
  readonly problems: string[]
  /** What was measured, in words. */
  readonly notes: string[]
}

export const newTally = (name: string): Tally => ({
  name,
  times: 0,
  requests: 0,
  acknowledged: 0,
  refused: 0,
  unknown: 0,
  lost: 0,
  doubled: 0,
  unclassified: 0,
  problems: [],
  notes: [],
})

export type Say = (line: string) => void

/** One round: a journal, and where it is compared. */
export type Round = { readonly journal: Journal; readonly evidence: Evidence }

/** Where the books of a run are read. */
export type Reading = Pick<Evidence, 'readerUrl' | 'tenant' | 'durability' | 'alsoPays'>

export const openRound = (folder: string, prefix: string, reading: Reading): Round => {
  const file = join(folder, `${prefix}journal.jsonl`)
  return { journal: openJournal(file), evidence: { ...reading, prefix, journal: file } }
}

const add = (tally: Tally, verdict: Verdict): void => {
  tally.requests += verdict.requests
  tally.acknowledged += verdict.acknowledged
  tally.refused += verdict.refused
  tally.unknown += verdict.unknown
  tally.lost += verdict.failures.lost.length
  tally.doubled += verdict.failures.doubled.length
  tally.unclassified += verdict.failures.unclassified.length
}

/**
 * The end of a round, when the load has stopped and the server is up. What is there is compared before anything is
 * asked again; then every unknown is asked again with the same key, must find its one outcome, and all is compared
 * and verified once more. A journal is kept when something did not hold.
 */
export const closeRound = async (tally: Tally, { journal, evidence }: Round, place: Place): Promise<void> => {
  const before = await compare(evidence)
  const problems = problemsOf(before).map((problem) => `before the retries, ${problem}`)
  const unresolved = await converge(journal, place, await readJournal(evidence.journal))
  journal.close()
  if (unresolved.length > 0) problems.push(`${unresolved.length} requests found no outcome`)
  const examined = await examine(evidence)
  problems.push(...examined.problems)
  add(tally, examined.verdict)
  tally.problems.push(...problems)
  if (problems.length > 0) {
    const kept = join(tmpdir(), `evenkeel-${evidence.prefix}${process.pid}.jsonl`)
    copyFileSync(evidence.journal, kept)
    tally.problems.push(`the journal is kept as ${kept}`)
  }
  rmSync(evidence.journal)
}

/** For notes: the middle and the largest. */
export const spread = (values: readonly number[]): string => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0
  return `median ${Math.round(middle)} ms, largest ${Math.round(sorted.at(-1) ?? 0)} ms`
}
