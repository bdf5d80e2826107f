import type { Claim, Unit } from '../database/index.ts'
import { refusalReply } from '../http/index.ts'
import { newUuid, type Reply } from '../kit/index.ts'
import { PARAM_OF_DECLINE } from './core/declines.ts'
import type { Intent } from './core/model.ts'
import { followUpInDraft, followUpReads } from './follow-up.ts'
import { WORK_DEADLINE_MS } from './limits.ts'
import type { PostingIds } from './postings.ts'
import { settleInDraft, settleReads } from './settle.ts'
import type { Settling } from './settling.ts'
import { declinedReply, intentReply, shownForCaller, type World } from './world.ts'

/** The ids of what an answer may post, whatever the answer is. */
export const postingIds = (nowMs: number): PostingIds => ({
  transaction: newUuid(nowMs),
  fee: newUuid(nowMs),
  available: newUuid(nowMs),
})

/** A capture or void that the rail declined says so; the payment is as it was. */
const followUpReply = (world: World, intent: Intent, { answer }: Settling): Reply => {
  if (answer.kind !== 'declined') return intentReply(world, intent)
  const { code, message, declineCode } = answer
  const param = PARAM_OF_DECLINE[code]
  return refusalReply({
    kind: 'declined',
    code,
    message,
    ...(param === undefined ? {} : { param }),
    extra: {
      ...(declineCode === null ? {} : { decline_code: declineCode }),
      payment_intent: shownForCaller(world, intent),
    },
  })
}

/** What the request that asked for it is answered: the payment, or what went wrong with it. */
const settledReply = (intent: Intent, settling: Settling): Reply => {
  const { world, attempt } = settling
  if (attempt.order !== 'authorise') return followUpReply(world, intent, settling)
  return intent.latestAttempt === attempt.id && intent.status === 'requires_payment_method'
    ? declinedReply(world, intent)
    : intentReply(world, intent)
}

/** For whoever brings the rail's answer: the request itself, its repetition, the timer, or a notification. */
export const settleUnit = (
  settling: Settling,
  { claim, deadlineMs }: { readonly claim: Claim | null; readonly deadlineMs: number },
): Unit<Intent> => {
  const isAuthorisation = settling.attempt.order === 'authorise'
  return {
    tenant: settling.world.tenant,
    name: `payments.${settling.attempt.order}.settle`,
    items: 1,
    bytes: 0,
    deadlineMs,
    claim,
    duringAdvance: true,
    reads: isAuthorisation ? settleReads(settling) : followUpReads(settling),
    decide: (draft) => {
      const intent = isAuthorisation ? settleInDraft(draft, settling) : followUpInDraft(draft, settling)
      return { kind: 'answer', answer: intent, reply: settledReply(intent, settling) }
    },
  }
}

export const workDeadline = (nowMs: number): number => nowMs + WORK_DEADLINE_MS
