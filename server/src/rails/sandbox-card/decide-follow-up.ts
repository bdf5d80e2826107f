import type { RailOutcome, Succeeded } from '../port/index.ts'
import type { Behaviour } from './behaviour.ts'
import { refusedAs } from './declines.ts'

/** What has become of an authorisation, as later orders change it. */
export type Standing = {
  readonly currency: string
  readonly authorised: bigint
  readonly behaviour: Behaviour
  captured: bigint
  refunded: bigint
  isVoided: boolean
}

export type FollowUpKind = 'capture' | 'void' | 'refund'

type Order = { readonly amount: bigint; readonly currency: string }

const refusalOf = (kind: FollowUpKind, order: Order, standing: Standing | null) => {
  if (standing === null) return refusedAs('authorisation_missing')
  if (standing.currency !== order.currency) return refusedAs('currency_mismatch')
  switch (kind) {
    case 'capture':
      if (standing.isVoided) return refusedAs('authorisation_voided')
      return standing.captured + order.amount > standing.authorised ? refusedAs('capture_too_large') : null
    case 'void':
      return standing.captured > 0n ? refusedAs('authorisation_captured') : null
    case 'refund':
      if (standing.captured === 0n) return refusedAs('not_captured')
      return standing.refunded + order.amount > standing.captured ? refusedAs('refund_too_large') : null
  }
}

const apply = (kind: FollowUpKind, order: Order, standing: Standing): void => {
  if (kind === 'capture') standing.captured += order.amount
  if (kind === 'refund') standing.refunded += order.amount
  if (kind === 'void') standing.isVoided = true
}

export const succeededAs = (railReference: string, behaviour: Behaviour): Succeeded => ({
  kind: 'succeeded',
  railReference,
  checks: null,
  networkTransactionId: null,
  authorisationCode: null,
  availableAtOnce: behaviour.availableAtOnce ?? false,
  risk: { level: 'normal', score: 0 },
  threeDSecure: null,
})

/** Decides a capture, void or refund, and changes the standing, so that the next order of the batch sees it. */
export const decideFollowUp = (
  kind: FollowUpKind,
  order: Order,
  standing: Standing | null,
  railReference: string,
): RailOutcome => {
  const refusal = refusalOf(kind, order, standing)
  if (refusal !== null || standing === null) return refusal ?? refusedAs('authorisation_missing')
  apply(kind, order, standing)
  if (kind === 'refund' && standing.behaviour.refund === 'pending') return { kind: 'pending', railReference }
  return succeededAs(railReference, standing.behaviour)
}
