import { type Connection, openConnection } from '../load/connection.ts'
import { type Place, sendOnce } from '../load/send.ts'
import type { Journal } from '../oracle/journal.ts'
import { isFinal, isRepeatable, type Outcome } from '../oracle/model.ts'
import { sideOf } from './judge-moment.ts'
import type { TimedStory } from './timed-journal.ts'

const CLIENTS = 8

/** What names a hold cannot be asked again where that hold is of the time that was lost. */
const STANDS_ALONE = ['/v1/ledger/transfers', '/v1/ledger/batches']

type Asked = { readonly timed: TimedStory; readonly outcome: Outcome }

export type Again = {
  readonly stories: readonly TimedStory[]
  readonly momentMs: number
  /** On each side of the moment, those next to it. */
  readonly most: number
}

const askAll = async (
  journal: Journal,
  place: Place,
  { stories, momentMs, most }: Again,
): Promise<readonly Asked[]> => {
  const sides = Map.groupBy(
    stories.filter(({ story: { intent } }) => STANDS_ALONE.includes(intent.path) && isRepeatable(intent)),
    (timed) => sideOf(timed, momentMs),
  )
  const near = [sides.get('before')?.slice(-most), sides.get('between'), sides.get('after')?.slice(0, most)]
  const waiting = near.flatMap((some) => some ?? [])
  const asked: Asked[] = []
  const ask = async (connection: Connection): Promise<void> => {
    for (let timed = waiting.pop(); timed !== undefined; timed = waiting.pop()) {
      journal.intend(timed.story.intent)
      asked.push({ timed, outcome: await sendOnce({ journal, connection }, place, timed.story.intent) })
    }
  }
  const connections = Array.from({ length: CLIENTS }, openConnection)
  await Promise.all(connections.map(ask))
  for (const connection of connections) connection.close()
  return asked
}

export type AskedAgain = {
  readonly replayed: number
  readonly anew: number
  readonly problems: readonly string[]
}

/**
 * Requests are sent once more to the restored books, as clients do that never heard of the restore. What was answered
 * before the moment gets that answer, to the byte; what was sent after it is done now, for the first time.
 */
export const askAgain = async (journal: Journal, place: Place, again: Again): Promise<AskedAgain> => {
  const problems: string[] = []
  let [replayed, anew] = [0, 0]
  for (const { timed, outcome } of await askAll(journal, place, again)) {
    const { intent, outcomes } = timed.story
    const about = `${intent.n} (${intent.key ?? 'by id'})`
    const before = outcomes.find(isFinal)
    if (outcome.class !== 'acknowledged') {
      if (before?.class !== outcome.class) problems.push(`${about} is now ${JSON.stringify(outcome)}`)
      continue
    }
    const side = sideOf(timed, again.momentMs)
    if (outcome.replayed) replayed += 1
    else anew += 1
    if (side === 'before' && !outcome.replayed) problems.push(`${about} was done twice`)
    if (side === 'after' && outcome.replayed) problems.push(`${about} was known before it was sent`)
    const isSame = before?.class === 'acknowledged' && before.digest === outcome.digest
    if (side === 'before' && intent.key !== null && !isSame) problems.push(`${about} has another answer`)
  }
  return { replayed, anew, problems }
}
