import { readFileSync } from 'node:fs'
import { type Journal, openJournal } from '../oracle/journal.ts'
import { type Intent, isFinal, type Outcome } from '../oracle/model.ts'

type Line =
  | { readonly at: 'intent'; readonly intent: Intent }
  | { readonly at: 'sent'; readonly n: number }
  | { readonly at: 'answered'; readonly n: number; readonly outcome: Outcome }

const LATE: Outcome = { class: 'unknown', why: 'the power was cut before the answer arrived' }

/** Who wants to post a hold of which he heard only after the cut may now hear that there is none. */
const HOLD_GONE = 'pending_transfer_not_found'

const isResolve = ({ path }: Intent): boolean => /\/(post|void)$/.test(path)

/**
 * The journal as it would be, had the clients lost the server at the cut: everything that was ever sent, and of the
 * answers only those that were written down before. The others are unknown.
 */
export const journalOfCut = (journal: string, answersUpTo: number, file: string): Journal => {
  const bytes = readFileSync(journal)
  const texts = bytes
    .toString('utf8')
    .split('\n')
    .filter((text) => text !== '')
  const known = bytes.subarray(0, answersUpTo).toString('utf8').split('\n').length - 1
  const lines = texts.map((text) => JSON.parse(text) as Line)
  const cut = openJournal(file)
  const answered = new Set<number>()
  for (const [index, line] of lines.entries())
    if (line.at === 'answered' && index < known && isFinal(line.outcome)) answered.add(line.n)
  for (const [index, line] of lines.entries()) {
    if (line.at === 'sent') cut.send(line.n)
    else if (line.at === 'answered') cut.answer(line.n, index < known ? line.outcome : LATE)
    else {
      const { intent } = line
      const mayMiss = isResolve(intent) && !answered.has(intent.n)
      cut.intend(mayMiss ? { ...intent, mayRefuse: [...intent.mayRefuse, HOLD_GONE] } : intent)
    }
  }
  return cut
}
