import { closeSync, openSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Intent, Outcome, Story } from './model.ts'

/*
 * The client's own record: an append-only file. A request is written down before a byte of it is sent, each sending
 * once more, and each answer when it has arrived. What is compared with the database is this file and nothing else.
 */

type Line =
  | { readonly at: 'intent'; readonly intent: Intent }
  | { readonly at: 'sent'; readonly n: number }
  | { readonly at: 'answered'; readonly n: number; readonly outcome: Outcome }

export type Journal = {
  readonly file: string
  /** The number of the next request. */
  readonly next: () => number
  readonly intend: (intent: Intent) => void
  readonly send: (n: number) => void
  readonly answer: (n: number, outcome: Outcome) => void
  readonly close: () => void
}

export const openJournal = (file: string): Journal => {
  const handle = openSync(file, 'ax', 0o600)
  let count = 0
  const write = (line: Line): void => {
    writeSync(handle, `${JSON.stringify(line)}\n`)
  }
  return {
    file,
    next: () => {
      count += 1
      return count
    },
    intend: (intent) => write({ at: 'intent', intent }),
    send: (n) => write({ at: 'sent', n }),
    answer: (n, outcome) => write({ at: 'answered', n, outcome }),
    close: () => closeSync(handle),
  }
}

type Draft = { readonly intent: Intent; readonly outcomes: Outcome[]; sent: number }

/** A sending that was never answered is unknown, like one whose connection broke. */
const finish = ({ intent, outcomes, sent }: Draft): Story => {
  const silent = Array.from({ length: sent - outcomes.length }, (): Outcome => {
    return { class: 'unknown', why: 'the client never wrote an answer down' }
  })
  return { intent, outcomes: [...outcomes, ...silent] }
}

export const readJournal = async (file: string): Promise<Story[]> => {
  const drafts = new Map<number, Draft>()
  const handle = await open(file)
  for await (const text of handle.readLines()) {
    const line = JSON.parse(text) as Line
    if (line.at === 'intent') {
      drafts.set(line.intent.n, { intent: line.intent, outcomes: [], sent: 0 })
      continue
    }
    const draft = drafts.get(line.n)
    if (draft === undefined) throw new Error(`the journal answers request ${line.n}, which it does not know`)
    if (line.at === 'sent') draft.sent += 1
    else draft.outcomes.push(line.outcome)
  }
  return [...drafts.values()].map(finish)
}
