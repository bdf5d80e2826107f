import type { Uuid } from '../../kit/index.ts'
import { isManual, threeDSecureWanted } from './change-intent.ts'
import { asFallback } from './launched.ts'
import type { Attempt, Intent } from './model.ts'

/** What a request says about its attempt, beside what the payment says. */
export type AttemptWish = {
  readonly attempt: Uuid
  readonly charge: Uuid
  readonly rail: string
  readonly way: Pick<Attempt, 'stamps' | 'reservation' | 'routes'>
  readonly offSession: boolean
  readonly errorOnAction: boolean
  readonly claim: Attempt['claim']
  readonly requestId: string | null
  readonly byClient: boolean
}

export const newAuthorisation = (
  intent: Intent,
  method: { readonly id: Uuid; readonly card: { readonly token: string } },
  wish: AttemptWish,
  made: { readonly createdMicros: bigint; readonly sentMs: number; readonly descriptor: string },
): Attempt => ({
  ...wish.way,
  id: wish.attempt,
  createdMicros: made.createdMicros,
  intent: intent.id,
  order: 'authorise',
  authorisation: wish.attempt,
  charge: wish.charge,
  paymentMethod: method.id,
  rail: wish.rail,
  token: method.card.token,
  amount: intent.amount,
  currency: intent.currency,
  capture: isManual(intent) ? 'manual' : 'automatic',
  offSession: wish.offSession,
  threeDSecure: threeDSecureWanted(intent),
  errorOnAction: wish.errorOnAction,
  statementDescriptor: made.descriptor,
  authenticatedBy: null,
  authentication: null,
  state: 'sent',
  reason: null,
  claim: wish.claim,
  requestId: wish.requestId,
  byClient: wish.byClient,
  enquiries: 0,
  sentMs: made.sentMs,
})

export type FallbackWish = Pick<AttemptWish, 'attempt' | 'charge'> & {
  readonly createdMicros: bigint
  readonly sentMs: number
}

/**
 * The attempt at the next rail, for one that was refused before it reached the issuer: an order of its own, for the same
 * request. An authentication is its rail's own, so the customer may have to authenticate once more. Null where there is
 * no other rail.
 */
export const newFallback = (refused: Attempt, wish: FallbackWish): Attempt | null => {
  const [rail, ...routes] = refused.routes ?? []
  if (rail === undefined) return null
  const { stamps, reservation: _reservation, ...same } = refused
  return {
    ...same,
    ...(stamps === undefined ? {} : { stamps: asFallback(stamps) }),
    id: wish.attempt,
    createdMicros: wish.createdMicros,
    authorisation: wish.attempt,
    charge: wish.charge,
    rail,
    routes,
    fallbackOf: refused.charge,
    authentication: null,
    authenticatedBy: null,
    state: 'sent',
    enquiries: 0,
    sentMs: wish.sentMs,
  }
}

export type FollowUpWish = Pick<AttemptWish, 'attempt' | 'claim' | 'requestId' | 'byClient'> & {
  readonly order: 'capture' | 'void'
  readonly amount: bigint
  readonly reason: string | null
  readonly createdMicros: bigint
  readonly sentMs: number
}

/**
 * The capture or void of an authorisation: an order of its own at the same rail, with a reference of its own. What is held
 * of a launch's caps stays with the authorisation.
 */
export const newFollowUp = (
  { reservation: _reservation, routes: _routes, ...authorisation }: Attempt,
  wish: FollowUpWish,
): Attempt => ({
  ...authorisation,
  id: wish.attempt,
  createdMicros: wish.createdMicros,
  order: wish.order,
  amount: wish.amount,
  reason: wish.reason,
  claim: wish.claim,
  requestId: wish.requestId,
  byClient: wish.byClient,
  authentication: null,
  authenticatedBy: null,
  state: 'sent',
  enquiries: 0,
  sentMs: wish.sentMs,
})
