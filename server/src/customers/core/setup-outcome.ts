import type { SetupAttempt, SetupError, SetupIntent } from './model.ts'
import { nextSetupStatus, type SetupHappens } from './setup-machine.ts'

/** What the rail's answer, or its notification, means for a SetupIntent. */
export type SetupOutcome =
  | { readonly kind: 'verified'; readonly threeDSecure: SetupAttempt['threeDSecure'] }
  | { readonly kind: 'declined'; readonly error: SetupError }
  | { readonly kind: 'not_authenticated'; readonly error: SetupError }
  | { readonly kind: 'ask'; readonly authentication: string; readonly url: string }
  /** It has it, or nobody knows: asked again later. */
  | { readonly kind: 'open' }

export type SetupPair = { readonly intent: SetupIntent; readonly attempt: SetupAttempt }

const attemptAfter = (attempt: SetupAttempt, outcome: SetupOutcome): SetupAttempt => {
  switch (outcome.kind) {
    case 'verified':
      return { ...attempt, state: 'succeeded', threeDSecure: outcome.threeDSecure }
    case 'declined':
      return { ...attempt, state: 'failed', error: outcome.error }
    case 'not_authenticated':
      return { ...attempt, state: 'failed', error: outcome.error, threeDSecure: 'failed' }
    case 'ask':
      return { ...attempt, state: 'requires_action', authentication: outcome.authentication }
    case 'open':
      return { ...attempt, enquiries: attempt.enquiries + 1 }
  }
}

const intentAfter = (intent: SetupIntent, outcome: Exclude<SetupOutcome, { kind: 'open' }>): SetupIntent => {
  const status = nextSetupStatus(intent.status, outcome.kind)
  if (status === null) return intent
  switch (outcome.kind) {
    case 'verified':
      return { ...intent, status, nextAction: null, lastError: null }
    case 'declined':
    case 'not_authenticated':
      // It lets go of the card, as Stripe does: confirming again takes another, or the same one once more.
      return { ...intent, status, nextAction: null, lastError: outcome.error, paymentMethod: null }
    case 'ask':
      return {
        ...intent,
        status,
        nextAction: { authentication: outcome.authentication, url: outcome.url },
      }
  }
}

/** What stands after the outcome; null where the attempt is over already, or the intent went on with another. */
export const afterOutcome = ({ intent, attempt }: SetupPair, outcome: SetupOutcome): SetupPair | null => {
  const isAwaited = attempt.state === 'processing' || attempt.state === 'requires_action'
  if (!isAwaited || intent.latestAttempt !== attempt.id) return null
  if (outcome.kind === 'open') return { intent, attempt: attemptAfter(attempt, outcome) }
  const happens: SetupHappens = outcome.kind
  if (nextSetupStatus(intent.status, happens) === null) return null
  return { intent: intentAfter(intent, outcome), attempt: attemptAfter(attempt, outcome) }
}
