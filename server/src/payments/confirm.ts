import { liveRailMissing, type PaymentMethod, putPaymentMethod } from '../customers/index.ts'
import type { Claim, Decision, Draft, Step, Unit } from '../database/index.ts'
import type { RequestContext } from '../http/index.ts'
import { assert, newUuid, type Reply, type Uuid } from '../kit/index.ts'
import { type Conversation, findRecord } from '../requests/index.ts'
import { chooseForAttempt } from './choose-way.ts'
import { isManual } from './core/change-intent.ts'
import { exposedBy } from './core/launched.ts'
import type { Attempt, Intent } from './core/model.ts'
import { newAuthorisation } from './core/open-attempt.ts'
import { type PaymentsDoor, railNames } from './door.ts'
import { givenBack } from './give-back.ts'
import { STEP_LEASE_MS } from './limits.ts'
import { type Asked, isStopped, prepare, readsOf } from './prepare.ts'
import { postingIds, settleUnit } from './settle-unit.ts'
import { exposures } from './store/exposed-intents.ts'
import { attempts } from './store/tables.ts'
import { type Answered, askThrough, newestOf, patiently } from './through-rails.ts'
import { calculatedDescriptor } from './views.ts'
import {
  healLater,
  healNoMore,
  intentReply,
  putAttempt,
  putIntent,
  refusedReply,
  tellIntent,
  type World,
} from './world.ts'

/** What goes on outside is the attempt: its id is enough to go on from. */
export type AttemptStep = Step & { readonly attempt: Uuid }

export const worldOf = (door: PaymentsDoor, context: RequestContext): World => ({
  tenant: context.tenant,
  livemode: context.mode === 'live',
  byClient: context.keyKind === 'publishable',
  secrets: door.secrets,
  settings: door.settings,
  publicUrl: door.publicUrl,
})

export const claimOf = (claim: Claim | null): Attempt['claim'] =>
  claim === null ? null : { scope: claim.scope, key: claim.key, digest: claim.digest.toString('hex') }

/** A customer who was to authenticate for an earlier attempt need not any more. */
export const abandon = (draft: Draft, intent: Intent): void => {
  if (intent.latestAttempt === null) return
  const before = draft.get(attempts.table, intent.latestAttempt)
  if (before?.state !== 'requires_action') return
  putAttempt(draft, { ...givenBack(draft, before), state: 'abandoned' })
  healNoMore(draft, before)
}

const MISSING_METHOD =
  "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken."
const MANUAL_BY_CLIENT =
  'This PaymentIntent cannot be confirmed using your publishable key because its `confirmation_method` is set to `manual`. Please use your secret key instead, or create a PaymentIntent with `confirmation_method` set to `automatic`.'

const refuseConfirming = (world: World, intent: Intent, method: PaymentMethod | null): Reply | null => {
  const refuse = (message: string): Reply =>
    refusedReply(world, { kind: 'precondition', code: 'payment_intent_unexpected_state', message }, intent)
  if (method === null) return refuse(MISSING_METHOD)
  if (world.byClient && intent.confirmationMethod === 'manual') return refuse(MANUAL_BY_CLIENT)
  return null
}

export type Opening = {
  readonly world: World
  readonly asked: Asked
  /** Those of the tenant's mode, by their names; there is one at least. */
  readonly rails: readonly string[]
  readonly ids: { readonly attempt: Uuid; readonly charge: Uuid }
  readonly requestId: string
}

type Opened = Decision<AttemptStep | null>

const answered = (reply: Reply): Opened => ({ kind: 'answer', answer: null, reply })

/** The attempt that the customer has authenticated for, where it is still for this: it is sent again, with that. */
const resumable = (draft: Draft, intent: Intent, method: PaymentMethod): Attempt | null => {
  if (intent.latestAttempt === null) return null
  const before = draft.get(attempts.table, intent.latestAttempt)
  if (before === undefined || before.state !== 'requires_action' || before.authenticatedBy === null)
    return null
  const isSame =
    before.paymentMethod === method.id &&
    before.amount === intent.amount &&
    before.currency === intent.currency &&
    before.capture === (isManual(intent) ? 'manual' : 'automatic')
  return isSame ? before : null
}

type Asks = Pick<Attempt, 'claim' | 'requestId' | 'byClient'>

/** A new attempt goes the way that is decided with it, and keeps to it. */
const newAttempt = (
  draft: Draft,
  { asked, rails, ids }: Opening,
  ready: { readonly intent: Intent; readonly method: PaymentMethod },
  asks: Asks,
): Attempt => {
  const { intent, method } = ready
  const { rail, way } = chooseForAttempt(draft, intent, method, rails)
  assert(asked.confirm !== null, 'only what is confirmed has an attempt')
  const attempt = newAuthorisation(
    intent,
    method,
    { ...ids, ...asks, rail, way, ...asked.confirm },
    {
      createdMicros: draft.nextTime(),
      sentMs: draft.wallMs,
      descriptor: calculatedDescriptor(intent),
    },
  )
  const launch = exposedBy(attempt)
  if (launch !== null)
    draft.append(exposures, { launch, intent: intent.id, createdMicros: intent.createdMicros })
  return attempt
}

/** The payment, its attempt and the timer that heals it, in one commit before anything is sent. */
const open = (
  draft: Draft,
  opening: Opening,
  claim: Claim | null,
  onAttempt: (attempt: Attempt) => void,
): Opened => {
  const { world, asked, requestId } = opening
  const ready = prepare(draft, world, asked)
  if (isStopped(ready)) return answered(ready.reply)
  const { confirm } = asked
  const request = { id: requestId, idempotencyKey: claim?.key ?? null }
  if (confirm === null) {
    if (ready.method !== null) putPaymentMethod(draft, asked.method, ready.method)
    const intent = putIntent(draft, ready.intent)
    if (ready.isNew) tellIntent(draft, world, 'created', intent, request)
    return answered(intentReply(world, intent))
  }
  const refused = refuseConfirming(world, ready.intent, ready.method)
  if (refused !== null) return answered(refused)
  assert(ready.method !== null, 'a payment that is confirmed has a card')
  const method =
    asked.method.kind === 'none' ? ready.method : putPaymentMethod(draft, asked.method, ready.method)
  const again = resumable(draft, ready.intent, method)
  if (again === null) abandon(draft, ready.intent)
  if (ready.isNew) tellIntent(draft, world, 'created', ready.intent, request)
  const asks = { claim: claimOf(claim), requestId, byClient: world.byClient }
  const attempt: Attempt =
    again !== null
      ? { ...again, ...asks, state: 'sent', sentMs: draft.wallMs }
      : newAttempt(draft, opening, { intent: ready.intent, method }, asks)
  putAttempt(draft, attempt)
  putIntent(draft, { ...ready.intent, status: 'processing', nextAction: null, latestAttempt: attempt.id })
  healLater(draft, attempt)
  onAttempt(attempt)
  return {
    kind: 'step',
    answer: { attempt: attempt.id },
    step: { attempt: attempt.id },
    leaseMs: STEP_LEASE_MS,
  }
}

/**
 * The call to the rail, and the unit that takes its answer in: the same for every order. A rail that refuses before the
 * issuer leads to the next one meanwhile; whoever goes on from the step follows.
 */
export const asking = (
  door: PaymentsDoor,
  { tenant, deadlineMs }: Pick<RequestContext, 'tenant' | 'deadlineMs'>,
  world: World,
  known: () => Attempt | null,
): Pick<Conversation<AttemptStep, Answered>, 'outside' | 'finish'> => ({
  outside: async (step, isResumed) => {
    const opened = known()
    const attempt =
      opened?.id === step.attempt ? opened : await findRecord(door, { tenant }, attempts, step.attempt)
    assert(attempt !== null, 'a step has its attempt')
    const newest = await newestOf(door, tenant, attempt)
    return await askThrough(door, world, { attempt: newest, isResumed }, patiently(door, tenant))
  },
  finish: (claim, _step, { attempt, answer }) => {
    const now = door.clock.now()
    return settleUnit(
      { world, attempt, answer, ids: postingIds(now) },
      { claim, deadlineMs: Math.max(deadlineMs, now + STEP_LEASE_MS) },
    )
  },
})

/** One request to the rail about a payment: what is committed before it, the call, and what is committed after it. */
export const confirming = (
  door: PaymentsDoor,
  context: RequestContext,
  asked: Asked,
): Conversation<AttemptStep, Answered> | Reply => {
  const rails = railNames(door.rails, context.mode)
  if (rails.length === 0) return liveRailMissing()
  const now = door.clock.now()
  const world = worldOf(door, context)
  const opening: Opening = {
    world,
    asked,
    rails,
    ids: { attempt: newUuid(now), charge: newUuid(now) },
    requestId: context.requestId,
  }
  let opened: Attempt | null = null
  const { tenant, bodyBytes: bytes, deadlineMs } = context
  return {
    open: (claim): Unit<AttemptStep | null> => ({
      tenant,
      name: asked.confirm === null ? 'payments.intents.change' : 'payments.intents.confirm',
      items: 1,
      bytes,
      deadlineMs,
      claim,
      reads: readsOf(asked),
      decide: (draft) =>
        open(draft, opening, claim, (attempt) => {
          opened = attempt
        }),
    }),
    ...asking(door, context, world, () => opened),
  }
}
