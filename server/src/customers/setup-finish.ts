import type { Declare, Draft, Found } from '../database/index.ts'
import { recordEvent } from '../events/index.ts'
import type { Uuid } from '../kit/index.ts'
import type { Authorised } from '../rails/index.ts'
import { attachInDraft, type Doing } from './attaching.ts'
import type { PaymentMethod, SetupIntent } from './core/model.ts'
import { afterOutcome, type SetupOutcome, type SetupPair } from './core/setup-outcome.ts'
import { errorOfDecline } from './declined.ts'
import { awaitAnswer, noLongerAwait } from './setup-begin.ts'
import { customers, paymentMethods, setupAttempts, setupIntents } from './store/tables.ts'
import { withChecks } from './verifying.ts'
import { showPaymentMethod, showSetupIntent } from './views.ts'

export type SetupStep = { readonly intent: Uuid; readonly attempt: Uuid }

export const declareFinish = (declare: Declare, step: SetupStep): void => {
  declare(setupIntents.table, step.intent)
  declare(setupAttempts.table, step.attempt)
}

export const declareFinishOwners = (declare: Declare, found: Found, step: SetupStep): void => {
  const attempt = found(setupAttempts.table, step.attempt)
  if (attempt !== undefined) declare(paymentMethods.table, attempt.paymentMethod)
  const customer = found(setupIntents.table, step.intent)?.customer ?? null
  if (customer !== null) declare(customers.table, customer)
}

export const readPair = (draft: Draft, step: SetupStep): SetupPair | null => {
  const intent = draft.get(setupIntents.table, step.intent)
  const attempt = draft.get(setupAttempts.table, step.attempt)
  return intent === undefined || attempt === undefined ? null : { intent, attempt }
}

/** What events say, and where a page of the rail's stands for the intent's customer. */
type Finishing = Doing & { readonly address: (intent: SetupIntent, path: string) => string }

const outcomeOf = (
  answer: Authorised,
  intent: SetupIntent,
  method: PaymentMethod,
  { livemode, address }: Finishing,
): SetupOutcome => {
  switch (answer.kind) {
    case 'succeeded':
      return { kind: 'verified', threeDSecure: answer.threeDSecure }
    case 'declined':
      return { kind: 'declined', error: errorOfDecline(answer, showPaymentMethod(method, livemode)) }
    case 'requires_action':
      return { kind: 'ask', authentication: answer.authentication, url: address(intent, answer.url) }
    case 'pending':
    case 'unknown':
      return { kind: 'open' }
  }
}

const EVENTS = {
  verified: 'setup_intent.succeeded',
  declined: 'setup_intent.setup_failed',
  not_authenticated: 'setup_intent.setup_failed',
  ask: 'setup_intent.requires_action',
} as const satisfies Record<Exclude<SetupOutcome['kind'], 'open'>, string>

const attachTo = (draft: Draft, method: PaymentMethod, intent: SetupIntent, doing: Doing): void => {
  if (intent.customer === null || method.customer !== null) return
  const owner = draft.get(customers.table, intent.customer)
  if (owner !== undefined && !owner.deleted) attachInDraft(draft, method, owner.id, doing)
}

/** Writes what the outcome means, with its events. An outcome that comes late or twice changes nothing. */
export const applyOutcome = (
  draft: Draft,
  pair: SetupPair,
  method: PaymentMethod,
  outcome: SetupOutcome,
  doing: Doing,
): SetupPair => {
  const after = afterOutcome(pair, outcome)
  if (after === null) return pair
  draft.put(setupAttempts.table, after.attempt.id, after.attempt)
  if (outcome.kind === 'open') {
    awaitAnswer(draft, after.attempt)
    return after
  }
  noLongerAwait(draft, after.attempt.id)
  draft.put(setupIntents.table, after.intent.id, after.intent)
  if (outcome.kind === 'verified') attachTo(draft, method, after.intent, doing)
  recordEvent(draft, {
    type: EVENTS[outcome.kind],
    object: showSetupIntent(after.intent, doing.livemode),
    request: doing.request,
  })
  return after
}

/** The rail's answer to an attempt, in a unit that declared it and its owners. */
export const finishAttempt = (
  draft: Draft,
  step: SetupStep,
  answer: Authorised,
  finishing: Finishing,
): SetupPair | null => {
  const pair = readPair(draft, step)
  const method = pair === null ? undefined : draft.get(paymentMethods.table, pair.attempt.paymentMethod)
  if (pair === null || method === undefined) return null
  const checks = answer.kind === 'succeeded' || answer.kind === 'declined' ? answer.checks : null
  const checked = { ...method, card: withChecks(method.card, checks) }
  if (checks !== null && pair.attempt.state === 'processing')
    draft.put(paymentMethods.table, checked.id, checked)
  const card = withChecks(pair.attempt.card, checks)
  const outcome = outcomeOf(answer, pair.intent, checked, finishing)
  return applyOutcome(draft, { ...pair, attempt: { ...pair.attempt, card } }, checked, outcome, finishing)
}
