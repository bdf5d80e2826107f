import type { Declare, Draft, Found } from '../database/index.ts'
import { missingReply, type RequestContext } from '../http/index.ts'
import { newUuid, type Reply, showId, type Uuid } from '../kit/index.ts'
import type { Authorised, Rail } from '../rails/index.ts'
import { converse, objectReply, unitRequest } from '../requests/index.ts'
import type { SetupAttempt, SetupIntent } from './core/model.ts'
import type { SetupPair } from './core/setup-outcome.ts'
import { declinedReply } from './declined.ts'
import { doingOf } from './doing.ts'
import type { CustomersDoor } from './door.ts'
import { LEASE_MS } from './limits.ts'
import {
  declarePaymentMethod,
  type GivenMethod,
  isReply,
  putPaymentMethod,
  usablePaymentMethod,
} from './payment-method-source.ts'
import { addressOn } from './setup-address.ts'
import { beginAttempt, declareLatest, refuseConfirm } from './setup-begin.ts'
import { declareFinish, declareFinishOwners, finishAttempt } from './setup-finish.ts'
import { declareNew, declareOwnCard, makeIntent, type NewSetupIntent, refuseSecret } from './setup-write.ts'
import { setupIntents } from './store/tables.ts'
import { verify } from './verifying.ts'
import { clientSecretOf, SETUP_INTENT_PREFIX, showSetupIntent } from './views.ts'

/** A new intent that is confirmed at once, or one that is there. */
type ConfirmWish =
  | { readonly kind: 'new'; readonly wanted: NewSetupIntent; readonly given: GivenMethod }
  | {
      readonly kind: 'existing'
      readonly id: Uuid
      readonly given: GivenMethod
      /** What a publishable key must know; null for whoever need not. */
      readonly secret: string | null
      readonly returnUrl: string | null
      readonly requestThreeDSecure: SetupIntent['requestThreeDSecure']
    }

type Step = {
  readonly intent: Uuid
  readonly attempt: Uuid
  readonly token: string
  readonly threeDSecure: SetupAttempt['requestThreeDSecure']
}

export const missingIntent = (id: Uuid): Reply => missingReply('setupintent', showId(SETUP_INTENT_PREFIX, id))

const readFirst = (declare: Declare, wish: ConfirmWish): void => {
  if (wish.kind === 'new') declareNew(declare, wish.wanted, wish.given)
  else {
    declare(setupIntents.table, wish.id)
    declarePaymentMethod(declare, wish.given)
  }
}

const readSecond = (declare: Declare, found: Found, wish: ConfirmWish): void => {
  if (wish.kind === 'new') return
  declareLatest(declare, found, wish.id)
  declareOwnCard(declare, found, wish.id)
}

const stepOf = (intent: SetupIntent, attempt: SetupAttempt): Step => ({
  intent: intent.id,
  attempt: attempt.id,
  token: attempt.card.token,
  threeDSecure: attempt.requestThreeDSecure,
})

type Opening = { readonly attempt: Uuid; readonly rail: string; readonly context: RequestContext }

const openNew = (
  draft: Draft,
  wish: Extract<ConfirmWish, { kind: 'new' }>,
  { attempt: id, rail, context }: Opening,
): Step | Reply => {
  const made = makeIntent(draft, wish.wanted, wish.given, doingOf(context))
  if (isReply(made)) return made
  const { intent, method } = made
  if (method === null) return refuseConfirm(intent, false, false) ?? missingIntent(intent.id)
  const beginning = { attempt: id, method, rail, returnUrl: null, requestThreeDSecure: null }
  return stepOf(intent, beginAttempt(draft, intent, beginning))
}

const openExisting = (
  draft: Draft,
  wish: Extract<ConfirmWish, { kind: 'existing' }>,
  { attempt: id, rail, context }: Opening,
): Step | Reply => {
  const intent = draft.get(setupIntents.table, wish.id)
  if (wish.secret !== null && (intent === undefined || clientSecretOf(intent) !== wish.secret))
    return refuseSecret()
  if (intent === undefined) return missingIntent(wish.id)
  const own = intent.paymentMethod
  const given: GivenMethod =
    wish.given.kind === 'none' && own !== null
      ? { kind: 'existing', id: own, param: 'payment_method' }
      : wish.given
  const refused = refuseConfirm(intent, given.kind !== 'none', doingOf(context).livemode)
  if (refused !== null) return refused
  const usable = usablePaymentMethod(draft, given, intent.customer)
  if (usable === null) return missingIntent(wish.id)
  if (usable.kind === 'refused') return usable.reply
  const method = putPaymentMethod(draft, given, usable.row)
  const { returnUrl, requestThreeDSecure } = wish
  const beginning = { attempt: id, method, rail, returnUrl, requestThreeDSecure }
  return stepOf(intent, beginAttempt(draft, intent, beginning))
}

/** The intent as it stands after the rail's answer, or Stripe's 402 with the intent in it. */
const replyOfPair = ({ intent, attempt }: SetupPair, livemode: boolean): Reply => {
  const shown = showSetupIntent(intent, livemode)
  if (attempt.state !== 'failed' || attempt.error === null) return objectReply(shown)
  const { paymentMethod } = attempt.error
  const more = {
    ...(paymentMethod === null ? {} : { payment_method: paymentMethod, payment_method_type: 'card' }),
    setup_intent: shown,
  }
  return { ...declinedReply(attempt.error, more), objectId: shown.id }
}

const NAME = 'customers.setup_intents.confirm'

/** Confirms: the attempt is committed, then the rail is asked, then its answer is committed. */
export const submitConfirm = (
  door: CustomersDoor,
  context: RequestContext,
  rail: Rail,
  wish: ConfirmWish,
  again: (objectId: string) => Promise<Reply | null>,
) => {
  const { tenant } = context
  const doing = doingOf(context)
  const opening = { attempt: newUuid(door.clock.now()), rail: rail.name, context }
  const finishing = { ...doing, address: addressOn(door) }
  return converse<Step, Authorised>(
    door,
    context,
    {
      open: (claim) => ({
        ...unitRequest(context),
        name: `${NAME}.open`,
        items: 1,
        claim,
        reads: [(declare) => readFirst(declare, wish), (declare, found) => readSecond(declare, found, wish)],
        decide: (draft) => {
          const step =
            wish.kind === 'new' ? openNew(draft, wish, opening) : openExisting(draft, wish, opening)
          if (isReply(step)) return { kind: 'answer', answer: null, reply: step }
          return { kind: 'step', answer: step, step, leaseMs: LEASE_MS }
        },
      }),
      outside: ({ attempt: reference, token, threeDSecure }, isResumed) =>
        verify(rail, { tenant, reference, token, threeDSecure, authentication: null }, isResumed),
      finish: (claim, step, answer) => ({
        ...unitRequest(context),
        name: NAME,
        items: 1,
        claim,
        reads: [
          (declare) => declareFinish(declare, step),
          (declare, found) => declareFinishOwners(declare, found, step),
        ],
        decide: (draft) => {
          const pair = finishAttempt(draft, step, answer, finishing)
          const reply = pair === null ? missingIntent(step.intent) : replyOfPair(pair, doing.livemode)
          return { kind: 'answer', answer: null, reply }
        },
      }),
    },
    again,
  )
}
