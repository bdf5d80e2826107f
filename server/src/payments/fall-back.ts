import type { Draft, Round, Unit } from '../database/index.ts'
import { newUuid, type Uuid } from '../kit/index.ts'
import type { Authorised, Declined } from '../rails/index.ts'
import { isOpen } from './core/machine.ts'
import type { Attempt } from './core/model.ts'
import { newFallback } from './core/open-attempt.ts'
import type { PaymentsDoor } from './door.ts'
import { failAttempt, type Refusing, rowsOf, settleReads } from './settle.ts'
import { postingIds, workDeadline } from './settle-unit.ts'
import { attempts } from './store/tables.ts'
import { healLater, healNoMore, putAttempt, putIntent, type World } from './world.ts'

/**
 * Whether a payment goes on to its next rail: only where this one refused before anything reached the issuer. An issuer's
 * word stands, and of an order that nobody knows the end of there is no second one.
 */
export const goesOn = (attempt: Attempt, answer: Authorised): answer is Declined =>
  attempt.order === 'authorise' &&
  answer.kind === 'declined' &&
  answer.beforeIssuer === true &&
  (attempt.routes ?? []).length > 0

/** The attempt that a payment goes on with. `isNew`: nobody but the caller can have sent it yet. */
export type Next = { readonly attempt: Attempt; readonly isNew: boolean }

type Ids = { readonly attempt: Uuid; readonly charge: Uuid }

/** The one that somebody else opened after the same answer; null where the attempt ended otherwise. */
const openedBefore = (draft: Draft, { fellBackTo }: Attempt): Next | null => {
  const attempt =
    fellBackTo === undefined || fellBackTo === null ? undefined : draft.get(attempts.table, fellBackTo)
  return attempt === undefined ? null : { attempt, isNew: false }
}

const fallBackInDraft = (draft: Draft, refusing: Refusing, ids: Ids): Next | null => {
  const rows = rowsOf(draft, refusing.attempt)
  if (!isOpen(rows.attempt.state)) return openedBefore(draft, rows.attempt)
  const wish = { ...ids, createdMicros: draft.nextTime(), sentMs: draft.wallMs }
  const attempt = newFallback(rows.attempt, wish)
  if (attempt === null) return null
  healNoMore(draft, rows.attempt)
  const { attempt: refused } = failAttempt(draft, refusing, rows)
  putAttempt(draft, { ...refused, fellBackTo: attempt.id })
  putAttempt(draft, attempt)
  putIntent(draft, { ...rows.intent, status: 'processing', latestAttempt: attempt.id })
  healLater(draft, attempt)
  return { attempt, isNew: true }
}

const readsOf = (refusing: Refusing): Round[] => [
  ...settleReads(refusing),
  (declare, found) => {
    const next = found(attempts.table, refusing.attempt.id)?.fellBackTo
    if (next !== undefined && next !== null) declare(attempts.table, next)
  },
]

/** The refused attempt ends and the next one begins in one commit, before anything is sent. */
const fallBackUnit = (refusing: Refusing, ids: Ids, deadlineMs: number): Unit<Next | null> => ({
  tenant: refusing.world.tenant,
  name: 'payments.authorise.fall_back',
  items: 1,
  bytes: 0,
  deadlineMs,
  claim: null,
  duringAdvance: true,
  reads: readsOf(refusing),
  decide: (draft) => ({ kind: 'answer', answer: fallBackInDraft(draft, refusing, ids), reply: null }),
})

/**
 * Takes the payment to its next rail. Told twice, or after somebody else, it gives what is there already.
 *
 * @returns null where the attempt ended otherwise meanwhile
 */
export const fallBack = async (
  door: PaymentsDoor,
  world: World,
  attempt: Attempt,
  answer: Declined,
): Promise<Next | null> => {
  const now = door.clock.now()
  const refusing = { world, attempt, answer, ids: postingIds(now) }
  const ids = { attempt: newUuid(now), charge: newUuid(now) }
  const outcome = await door.commit.submit(fallBackUnit(refusing, ids, workDeadline(now)))
  return outcome.kind === 'decided' ? outcome.answer : null
}
