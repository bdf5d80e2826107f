import type { Claim, Decision, Draft, Round, Unit } from '../database/index.ts'
import { type RequestContext, refusalReply } from '../http/index.ts'
import { assert, newUuid, type Reply, showId, type Uuid } from '../kit/index.ts'
import { type Conversation, type Metadata, mergeMetadata, noSuchReply } from '../requests/index.ts'
import { type AttemptStep, abandon, asking, claimOf, worldOf } from './confirm.ts'
import { canceled, captureAmount } from './core/capture.ts'
import { refuseCommand } from './core/machine.ts'
import type { Attempt, Intent } from './core/model.ts'
import { type FollowUpWish, newFollowUp } from './core/open-attempt.ts'
import { PAYMENT_REASONS } from './core/reasons.ts'
import { isRefused } from './core/refused.ts'
import type { PaymentsDoor } from './door.ts'
import { declareGivingBack } from './give-back.ts'
import { STEP_LEASE_MS } from './limits.ts'
import { isAtWork, locked } from './prepare.ts'
import { attempts, intents } from './store/tables.ts'
import type { Answered } from './through-rails.ts'
import { INTENT_PREFIX } from './views.ts'
import {
  healLater,
  intentReply,
  putAttempt,
  putIntent,
  refusedReply,
  tellIntent,
  type World,
} from './world.ts'

export type CaptureAsked = {
  readonly intent: Uuid
  /** As it was sent; null for all. */
  readonly amount: number | null
  readonly metadata: Metadata | '' | undefined
  readonly statementDescriptor: string | undefined
  readonly statementDescriptorSuffix: string | undefined
}

type Opened = Decision<AttemptStep | null>
type Opening = {
  readonly world: World
  readonly attempt: Uuid
  readonly requestId: string
  readonly claim: Claim | null
  readonly onAttempt: (attempt: Attempt) => void
}

const answered = (reply: Reply): Opened => ({ kind: 'answer', answer: null, reply })

const missing = (intent: Uuid): Opened =>
  answered(noSuchReply('payment_intent', showId(INTENT_PREFIX, intent), 'intent'))

const readsOf = (intent: Uuid): Round[] => [
  (declare) => declare(intents.table, intent),
  (declare, found) => {
    const latest = found(intents.table, intent)?.latestAttempt ?? null
    if (latest !== null) declare(attempts.table, latest)
  },
  (declare, found) => {
    const latest = found(intents.table, intent)?.latestAttempt ?? null
    if (latest !== null) declareGivingBack(declare, found(attempts.table, latest))
  },
]

/** The order and the timer that heals it, in one commit before anything is sent. */
const send = (
  draft: Draft,
  { world, attempt: id, requestId, claim, onAttempt }: Opening,
  intent: Intent,
  wish: Pick<FollowUpWish, 'order' | 'amount' | 'reason'>,
): Opened => {
  assert(intent.latestAttempt !== null, 'what is held was authorised')
  const before = draft.get(attempts.table, intent.latestAttempt)
  assert(before !== undefined, 'a payment has its attempt')
  const attempt = newFollowUp(before, {
    ...wish,
    attempt: id,
    createdMicros: draft.nextTime(),
    sentMs: draft.wallMs,
    claim: claimOf(claim),
    requestId,
    byClient: world.byClient,
  })
  putAttempt(draft, attempt)
  putIntent(draft, { ...intent, latestAttempt: attempt.id })
  healLater(draft, attempt)
  onAttempt(attempt)
  return { kind: 'step', answer: { attempt: id }, step: { attempt: id }, leaseMs: STEP_LEASE_MS }
}

const openCapture = (draft: Draft, opening: Opening, asked: CaptureAsked): Opened => {
  const before = draft.get(intents.table, asked.intent)
  if (before === undefined) return missing(asked.intent)
  if (isAtWork(draft, before)) throw locked()
  const wanted = captureAmount(before, asked.amount)
  if (isRefused(wanted)) return answered(refusedReply(opening.world, wanted, before))
  const metadata = mergeMetadata(before.metadata, asked.metadata)
  if (metadata === null) {
    const { metadata_too_many_keys: reason } = PAYMENT_REASONS
    return answered(refusalReply({ ...reason, code: 'metadata_too_many_keys' }))
  }
  const intent = {
    ...before,
    metadata,
    statementDescriptor: asked.statementDescriptor ?? before.statementDescriptor,
    statementDescriptorSuffix: asked.statementDescriptorSuffix ?? before.statementDescriptorSuffix,
  }
  return send(draft, opening, intent, { order: 'capture', amount: wanted.amount, reason: null })
}

const openCancel = (draft: Draft, opening: Opening, id: Uuid, reason: string | null): Opened => {
  const before = draft.get(intents.table, id)
  if (before === undefined) return missing(id)
  if (isAtWork(draft, before)) throw locked()
  const message = refuseCommand('cancel', before.status)
  if (message !== null) {
    const refused = { kind: 'precondition', code: 'payment_intent_unexpected_state', message } as const
    return answered(refusedReply(opening.world, refused, before))
  }
  if (before.status === 'requires_capture') {
    return send(draft, opening, before, { order: 'void', amount: before.amountCapturable, reason })
  }
  abandon(draft, before)
  const intent = putIntent(draft, canceled(before, reason, draft.now))
  const request = { id: opening.requestId, idempotencyKey: opening.claim?.key ?? null }
  tellIntent(draft, opening.world, 'canceled', intent, request)
  return answered(intentReply(opening.world, intent))
}

type Order = {
  readonly name: string
  readonly intent: Uuid
  readonly open: (draft: Draft, opening: Opening) => Opened
}

const conversationOf = (
  door: PaymentsDoor,
  context: RequestContext,
  order: Order,
): Conversation<AttemptStep, Answered> => {
  const world = worldOf(door, context)
  const id = newUuid(door.clock.now())
  let opened: Attempt | null = null
  const onAttempt = (attempt: Attempt): void => {
    opened = attempt
  }
  const { tenant, bodyBytes: bytes, deadlineMs, requestId } = context
  return {
    open: (claim): Unit<AttemptStep | null> => ({
      tenant,
      name: order.name,
      items: 1,
      bytes,
      deadlineMs,
      claim,
      reads: readsOf(order.intent),
      decide: (draft) => order.open(draft, { world, attempt: id, requestId, claim, onAttempt }),
    }),
    ...asking(door, context, world, () => opened),
  }
}

export const capturing = (
  door: PaymentsDoor,
  context: RequestContext,
  asked: CaptureAsked,
): Conversation<AttemptStep, Answered> =>
  conversationOf(door, context, {
    name: 'payments.intents.capture',
    intent: asked.intent,
    open: (draft, opening) => openCapture(draft, opening, asked),
  })

/** Where nothing is held it is one unit; else the rail is told to let go. */
export const canceling = (
  door: PaymentsDoor,
  context: RequestContext,
  intent: Uuid,
  reason: string | null,
): Conversation<AttemptStep, Answered> =>
  conversationOf(door, context, {
    name: 'payments.intents.cancel',
    intent,
    open: (draft, opening) => openCancel(draft, opening, intent, reason),
  })
