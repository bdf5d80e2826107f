import { checkClaim, storeClaim } from './claims.ts'
import { type Draft, NotLoaded } from './draft.ts'
import type { Entry } from './entry.ts'
import { DEFERRALS_MOST } from './limits.ts'
import { clockAdvancing } from './tenant-clock.ts'
import type { Outcome, Unit } from './unit.ts'

/** A unit's outcome, or what it threw. */
export type Decided = {
  readonly entry: Entry
  readonly outcome: Outcome<unknown> | null
  readonly error: unknown
}

/** What was begun before the clock moved is finished: the outside has done its part. */
const mayWrite = (draft: Draft, { duringAdvance, claim }: Unit<unknown>): boolean =>
  !draft.clock.isAdvancing || duringAdvance === true || claim?.phase === 'finish'

const decideUnit = (draft: Draft, entry: Entry): Outcome<unknown> => {
  const { claim, decide } = entry.unit
  const claimed = claim === null ? undefined : checkClaim(draft, claim)
  if (claimed !== undefined && claimed.kind !== 'resumed') return claimed
  if (!mayWrite(draft, entry.unit)) throw clockAdvancing()
  if (claimed !== undefined) return claimed
  const decision = decide(draft)
  if (claim !== null) storeClaim(draft, claim, decision)
  return {
    kind: 'decided',
    answer: decision.answer,
    reply: decision.kind === 'answer' ? decision.reply : null,
  }
}

/**
 * Decides one unit after the other. What one of them throws undoes that one alone.
 * A deferred unit needs rows that an earlier one of this batch made known: it is the first of the next batch.
 */
export const decideAll = (
  draft: Draft,
  entries: readonly Entry[],
): { decided: Decided[]; deferred: Entry[] } => {
  const decided: Decided[] = []
  const deferred: Entry[] = []
  for (const entry of entries) {
    const mark = draft.mark()
    try {
      decided.push({ entry, outcome: decideUnit(draft, entry), error: null })
    } catch (error) {
      draft.rollback(mark)
      if (error instanceof NotLoaded && entry.deferrals < DEFERRALS_MOST) {
        entry.deferrals++
        deferred.push(entry)
      } else {
        decided.push({ entry, outcome: null, error })
      }
    }
  }
  return { decided, deferred }
}

/** Answers every caller with its own outcome. */
export const answerAll = (decided: readonly Decided[]): void => {
  for (const { entry, outcome, error } of decided) {
    if (outcome === null) entry.reject(error)
    else entry.resolve(outcome)
  }
}
