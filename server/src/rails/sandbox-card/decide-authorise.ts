import { assert } from '../../kit/index.ts'
import type { Authorise, Authorised, CardChecks, Succeeded } from '../port/index.ts'
import { behaviourOfAmount } from './amounts.ts'
import type { Behaviour } from './behaviour.ts'
import { declinedAs } from './declines.ts'
import type { Knobs } from './knobs.ts'
import { RATE_MOST } from './limits.ts'
import { readToken, type TokenSays } from './tokenise.ts'

/** All that an order is decided by, beside itself. */
export type AuthoriseFacts = {
  readonly knobs: Knobs
  readonly names: Names
  /** What became of the authentication that the order names; null where it names none, or one that is not its own. */
  readonly authentication: 'open' | 'succeeded' | 'failed' | null
  /** The card was authenticated before, with the customer. */
  readonly isSetUp: boolean
  /** The order was sent before and got lost. */
  readonly wasLost: boolean
  /** The order came before, whatever became of it. */
  readonly isKnown: boolean
}

/** What the acquirer calls the order: each follows from the reference, so it is the same whenever it is asked. */
export type Names = {
  readonly railReference: string
  readonly networkTransactionId: string
  readonly authorisationCode: string
  readonly authentication: string
  readonly url: string
  /** A number from 0 to 1, for shares of orders. */
  readonly chance: number
}

export type Decided = {
  /** What enquiry says from now on. */
  readonly outcome: Authorised
  readonly behaviour: Behaviour
  /** given; done: nobody hears it; never_arrived: as if the order had not been sent. */
  readonly answer: 'given' | 'done' | 'never_arrived'
}

const RISK = {
  normal: { level: 'normal', score: 12 },
  elevated: { level: 'elevated', score: 67 },
  highest: { level: 'highest', score: 92 },
} as const

const checksOf = ({ hasCvc }: TokenSays, behaviour: Behaviour): CardChecks => ({
  cvc: hasCvc ? (behaviour.cvc ?? 'pass') : null,
  addressLine1: behaviour.line1 ?? 'pass',
  postalCode: behaviour.postalCode ?? 'pass',
})

type Step = 'none' | 'ask' | 'decline' | 'error' | 'authenticated' | 'acknowledged'

/** What comes of 3D Secure before the issuer is asked; above `Authentication` stands what each word means. */
const authenticationStep = (order: Authorise, behaviour: Behaviour, isSetUp: boolean): Step => {
  const isAsked = order.threeDSecure !== 'automatic' && !order.offSession
  switch (behaviour.authentication) {
    case 'always':
      return order.offSession ? 'decline' : 'ask'
    case 'on_session':
      return order.offSession ? 'none' : 'ask'
    case 'unless_set_up':
      if (!order.offSession) return 'ask'
      return isSetUp ? 'none' : 'decline'
    case 'supported':
      return isAsked ? 'ask' : 'none'
    case 'supported_fails':
      return isAsked ? 'error' : 'none'
    case 'fails':
      return 'error'
    case 'frictionless':
      return 'authenticated'
    case 'unsupported':
      return 'none'
    default:
      return isAsked ? 'acknowledged' : 'none'
  }
}

const stepOf = (order: Authorise, behaviour: Behaviour, facts: AuthoriseFacts): Step | 'failed' => {
  if (facts.authentication === 'succeeded') return 'authenticated'
  if (facts.authentication === 'failed') return 'failed'
  return authenticationStep(order, behaviour, facts.isSetUp)
}

const succeeded = (
  { names }: AuthoriseFacts,
  behaviour: Behaviour,
  checks: CardChecks,
  threeDSecure: Succeeded['threeDSecure'],
): Succeeded => ({
  kind: 'succeeded',
  railReference: names.railReference,
  checks,
  networkTransactionId: names.networkTransactionId,
  authorisationCode: names.authorisationCode,
  availableAtOnce: behaviour.availableAtOnce ?? false,
  risk: RISK[behaviour.risk ?? 'normal'],
  threeDSecure,
})

/** What the issuer says. A card that is only verified, for saving it, is declined as its payments are, but for two. */
const askIssuer = (
  order: Authorise,
  says: TokenSays,
  behaviour: Behaviour,
  facts: AuthoriseFacts,
  step: Step,
) => {
  const checks = checksOf(says, behaviour)
  const { decline } = behaviour
  const isCvcMissing = decline === 'incorrect_cvc' && !says.hasCvc
  const isSaving = order.isVerification && behaviour.savesWell === true
  if (decline !== undefined && !isCvcMissing && !isSaving) return { ...declinedAs(decline), checks }
  if (!order.isVerification && facts.knobs.decline_rate > facts.names.chance * RATE_MOST)
    return { ...declinedAs('do_not_honor'), checks }
  if (behaviour.tellsTwice && !order.isVerification)
    return { kind: 'pending', railReference: facts.names.railReference } as const
  const threeDSecure =
    step === 'authenticated' ? 'authenticated' : step === 'acknowledged' ? 'attempt_acknowledged' : null
  return succeeded(facts, behaviour, checks, threeDSecure)
}

/**
 * Whether the rail takes the order at all. One that came before may have been sent to the issuer then, and so may one
 * whose customer has authenticated: of those it is never said that nothing was sent.
 */
const isRefused = (order: Authorise, { knobs, names, isKnown }: AuthoriseFacts): boolean => {
  if (isKnown || order.isVerification || order.authentication !== null) return false
  const chance = ((names.chance * 1_000_000) % 1) * RATE_MOST
  return chance < knobs.refuse_rate
}

const outcomeOf = (
  order: Authorise,
  says: TokenSays,
  behaviour: Behaviour,
  facts: AuthoriseFacts,
): Authorised => {
  if (isRefused(order, facts)) return { ...declinedAs('refused_before_issuer'), beforeIssuer: true }
  if (behaviour.isBlocked) return { ...declinedAs('fraudulent'), isBlocked: true }
  const step = stepOf(order, behaviour, facts)
  switch (step) {
    case 'ask':
      return {
        kind: 'requires_action',
        authentication: facts.names.authentication,
        url: facts.names.url,
      }
    case 'decline':
      return declinedAs('authentication_required')
    case 'error':
      return declinedAs('authentication_not_handled')
    case 'failed':
      return declinedAs('authentication_failure')
    case 'none':
    case 'authenticated':
    case 'acknowledged':
      return askIssuer(order, says, behaviour, facts, step)
  }
}

/** Whether the answer reaches us, by the card, the amount and the knobs. An order that was lost once arrives. */
export const answerOf = (
  behaviour: Behaviour | null,
  facts: Pick<AuthoriseFacts, 'knobs' | 'names' | 'wasLost'>,
): Decided['answer'] => {
  const { knobs, names, wasLost } = facts
  if (wasLost) return 'given'
  if (behaviour?.answer !== undefined) return behaviour.answer
  if (knobs.lose_answers) return 'done'
  // Another part of the same number, so that the shares of declines and of lost answers do not go together.
  const chance = ((names.chance * 1_000) % 1) * RATE_MOST
  if (chance >= knobs.unknown_rate) return 'given'
  return chance < knobs.unknown_rate / 2 ? 'never_arrived' : 'done'
}

/** What the acquirer answers to an authorisation. The same order under the same facts has the same answer. */
export const decideAuthorise = (order: Authorise, facts: AuthoriseFacts): Decided => {
  assert(order.amount >= 0n, 'an order is of no negative amount')
  const says = readToken(order.token)
  if (says === null) return { outcome: declinedAs('unknown_token'), behaviour: {}, answer: 'given' }
  const ofAmount = facts.knobs.amount_outcomes ? behaviourOfAmount(order.amount) : null
  const behaviour = { ...says.card.behaviour, ...(ofAmount ?? {}) }
  const outcome = outcomeOf(order, says, behaviour, facts)
  const isAsked = outcome.kind === 'requires_action'
  return { outcome, behaviour, answer: isAsked ? 'given' : answerOf(behaviour, facts) }
}
