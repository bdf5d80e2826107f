import { type Declare, type Draft, type Found, setTimer } from '../database/index.ts'
import { refusalReply } from '../http/index.ts'
import { MICROS_PER_SECOND, type Reply, type Uuid } from '../kit/index.ts'
import type { PaymentMethod, SetupAttempt, SetupIntent } from './core/model.ts'
import { nextSetupStatus } from './core/setup-machine.ts'
import { HEAL_AFTER_S, HEAL_PAUSE_MOST_S } from './limits.ts'
import { setupAttempts, setupIntents } from './store/tables.ts'
import { showSetupIntent } from './views.ts'

/** Asks the rail what became of attempts that nobody answered for. By the wall clock: machinery. */
export const HEAL_TIMER = 'customers.setup'

const MICROS_PER_MILLI = 1_000n

/** Sets the next enquiry; the pause doubles with each one. */
export const awaitAnswer = (draft: Draft, attempt: Pick<SetupAttempt, 'id' | 'enquiries'>): void => {
  const pauseS = Math.min(HEAL_AFTER_S * 2 ** Math.min(attempt.enquiries, 10), HEAL_PAUSE_MOST_S)
  setTimer(draft, {
    kind: HEAL_TIMER,
    subject: attempt.id,
    dueMicros: BigInt(Math.floor(draft.wallMs)) * MICROS_PER_MILLI + BigInt(pauseS) * MICROS_PER_SECOND,
    clock: 'wall',
  })
}

export const noLongerAwait = (draft: Draft, attempt: Uuid): void =>
  setTimer(draft, { kind: HEAL_TIMER, subject: attempt, dueMicros: null })

/** An intent and the attempt that it is at, for the second round of reads. */
export const declareLatest = (declare: Declare, found: Found, intent: Uuid): void => {
  const latest = found(setupIntents.table, intent)?.latestAttempt ?? null
  if (latest !== null) declare(setupAttempts.table, latest)
}

/** Ends the attempt that waits for the customer, because the intent goes another way. */
export const abandonLatest = (draft: Draft, intent: SetupIntent): void => {
  if (intent.latestAttempt === null) return
  const latest = draft.get(setupAttempts.table, intent.latestAttempt)
  if (latest?.state !== 'requires_action') return
  draft.put(setupAttempts.table, latest.id, { ...latest, state: 'abandoned' })
}

/** Stripe's error for what the intent's state does not allow, with the intent in it. */
export const unexpectedState = (intent: SetupIntent, message: string, livemode: boolean): Reply =>
  refusalReply({
    kind: 'precondition',
    code: 'setup_intent_unexpected_state',
    message,
    extra: { setup_intent: showSetupIntent(intent, livemode) },
  })

const NO_CARD =
  "You cannot confirm this SetupIntent because it's missing a payment method. You can either update the SetupIntent with a payment method and then confirm it again, or confirm it again directly with a payment method."

/** Why the intent cannot be confirmed; null where it can. */
export const refuseConfirm = (intent: SetupIntent, hasCard: boolean, livemode: boolean): Reply | null => {
  if (nextSetupStatus(intent.status, 'confirm') === null) {
    const message =
      intent.status === 'succeeded'
        ? 'You cannot confirm this SetupIntent because it has already succeeded.'
        : `You cannot confirm this SetupIntent because it has a status of ${intent.status}. Only a SetupIntent with one of the following statuses may be confirmed: requires_payment_method, requires_confirmation, requires_action.`
    return unexpectedState(intent, message, livemode)
  }
  return hasCard ? null : unexpectedState(intent, NO_CARD, livemode)
}

/** What a confirmation sets going. */
type Beginning = {
  readonly attempt: Uuid
  readonly method: PaymentMethod
  readonly rail: string
  readonly returnUrl: string | null
  readonly requestThreeDSecure: SetupIntent['requestThreeDSecure']
}

/** The durable step before anything is sent: the attempt is there, and the intent is processing. */
export const beginAttempt = (draft: Draft, intent: SetupIntent, beginning: Beginning): SetupAttempt => {
  const { method, returnUrl } = beginning
  abandonLatest(draft, intent)
  const requestThreeDSecure = beginning.requestThreeDSecure ?? intent.requestThreeDSecure
  const attempt: SetupAttempt = {
    id: beginning.attempt,
    createdMicros: draft.nextTime(),
    setupIntent: intent.id,
    customer: intent.customer,
    paymentMethod: method.id,
    rail: beginning.rail,
    card: method.card,
    usage: intent.usage,
    state: 'processing',
    error: null,
    authentication: null,
    isAuthenticated: false,
    threeDSecure: null,
    requestThreeDSecure: requestThreeDSecure ?? 'automatic',
    enquiries: 0,
  }
  draft.put(setupAttempts.table, attempt.id, attempt)
  draft.put(setupIntents.table, intent.id, {
    ...intent,
    status: 'processing',
    latestAttempt: attempt.id,
    lastError: null,
    nextAction: null,
    paymentMethod: method.id,
    requestThreeDSecure,
    returnUrl: returnUrl ?? intent.returnUrl,
  })
  awaitAnswer(draft, attempt)
  return attempt
}
