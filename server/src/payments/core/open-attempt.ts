import type { Uuid } from '../../kit/index.ts'
import { isManual, threeDSecureWanted } from './change-intent.ts'
import type { Attempt, Intent } from './model.ts'

/** What a request says about its attempt, beside what the payment says. */
export type AttemptWish = {
  readonly attempt: Uuid
  readonly charge: Uuid
  readonly rail: string
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
  made: { readonly createdMicros: bigint; readonly descriptor: string },
): Attempt => ({
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
})

export type FollowUpWish = Pick<AttemptWish, 'attempt' | 'claim' | 'requestId' | 'byClient'> & {
  readonly order: 'capture' | 'void'
  readonly amount: bigint
  readonly reason: string | null
  readonly createdMicros: bigint
}

/** The capture or void of an authorisation: an order of its own, with a reference of its own. */
export const newFollowUp = (authorisation: Attempt, wish: FollowUpWish): Attempt => ({
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
})
