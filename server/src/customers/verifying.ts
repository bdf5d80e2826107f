import { setTimeout as pause } from 'node:timers/promises'
import { Fault, type TenantId, type Uuid } from '../kit/index.ts'
import type { Authorise, Authorised, CardChecks, Declined, Rail } from '../rails/index.ts'
import type { CardDetails, ThreeDSecureRequest } from './core/model.ts'
import { ANSWER_BUDGET_MS } from './limits.ts'

export type Verification = {
  readonly tenant: TenantId
  /** Ours; stored before it is sent. */
  readonly reference: Uuid
  readonly token: string
  readonly authentication: string | null
  readonly threeDSecure: ThreeDSecureRequest
}

const orderOf = (verification: Verification): Authorise => ({
  ...verification,
  amount: 0n,
  // No money moves, so it is of no meaning which.
  currency: 'USD',
  capture: 'manual',
  offSession: false,
  statementDescriptor: null,
  isVerification: true,
})

const silence = (reason: unknown): Authorised => ({ kind: 'unknown', reason: String(reason) })

/** Its answer, or that nobody knows: a rail that throws or takes too long has said neither yes nor no. */
const within = async (answer: Promise<Authorised>, budgetMs: number): Promise<Authorised> => {
  const over = new AbortController()
  const late = pause(budgetMs, silence('no answer in time'), { signal: over.signal }).catch(silence)
  try {
    return await Promise.race([answer.catch(silence), late])
  } finally {
    over.abort()
  }
}

const ask = async (rail: Rail, verification: Verification, isResumed: boolean): Promise<Authorised> => {
  if (!isResumed) return await rail.authorise(orderOf(verification))
  const found = await rail.enquire(verification.tenant, verification.reference)
  // Before the customer was authenticated it got the order, but not the one that says so.
  const isBefore = found.kind === 'requires_action' && verification.authentication !== null
  return found.kind === 'not_found' || isBefore ? await rail.authorise(orderOf(verification)) : found
}

/** Asks the rail whether a card is good. Where somebody may have asked before, it is asked what became of that first. */
export const verify = (rail: Rail, verification: Verification, isResumed: boolean): Promise<Authorised> =>
  within(ask(rail, verification, isResumed), ANSWER_BUDGET_MS)

export type Attachable =
  | { readonly kind: 'good'; readonly checks: CardChecks | null }
  | { readonly kind: 'declined'; readonly declined: Declined }

/** It says nothing against a card that its owner must be there when it is used, or that one payment looked like fraud. */
const ONLY_AUTHENTICATION = new Set(['authentication_required', 'authentication_not_handled'])

const saysNothingAgainst = ({ code, declineCode, isBlocked }: Declined): boolean =>
  isBlocked || ONLY_AUTHENTICATION.has(code) || ONLY_AUTHENTICATION.has(declineCode ?? '')

/** Whether a card may be attached. What the rail does not know is a fault: nothing is attached, and nothing refused. */
export const verifyForAttaching = async (
  rail: Rail,
  verification: Pick<Verification, 'tenant' | 'reference' | 'token'>,
  isResumed: boolean,
): Promise<Attachable> => {
  const whole: Verification = { ...verification, authentication: null, threeDSecure: 'automatic' }
  const answer = await verify(rail, whole, isResumed)
  switch (answer.kind) {
    case 'succeeded':
      return { kind: 'good', checks: answer.checks }
    case 'requires_action':
      return { kind: 'good', checks: null }
    case 'declined':
      return saysNothingAgainst(answer)
        ? { kind: 'good', checks: null }
        : { kind: 'declined', declined: answer }
    case 'pending':
    case 'unknown':
      throw new Fault('The rail did not say whether the card is good. Nothing was attached.', {
        kind: 'unavailable',
        code: 'rail_unanswered',
        retryAfterS: 1,
      })
  }
}

/** The card with what the rail found when it was checked. */
export const withChecks = (card: CardDetails, checks: CardChecks | null): CardDetails =>
  checks === null
    ? card
    : {
        ...card,
        cvcCheck: checks.cvc ?? card.cvcCheck,
        addressLine1Check: checks.addressLine1 ?? card.addressLine1Check,
        postalCodeCheck: checks.postalCode ?? card.postalCodeCheck,
      }
