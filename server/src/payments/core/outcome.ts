import type { Charge } from './model.ts'

type Outcome = {
  readonly advice_code: string | null
  readonly network_advice_code: string | null
  readonly network_decline_code: string | null
  readonly network_status: string
  readonly reason: string | null
  readonly risk_level?: string
  readonly risk_score?: number
  readonly seller_message: string
  readonly type: string
}

/** What the issuer said without saying why, in Stripe's words; anything else is named by its decline code. */
const SILENT: readonly string[] = ['generic_decline', 'do_not_honor', 'processing_error']
const NO_DETAILS = 'The bank did not return any further details with this decline.'

const riskOf = ({ risk }: Charge): Pick<Outcome, 'risk_level' | 'risk_score'> =>
  risk === null ? { risk_level: 'normal' } : { risk_level: risk.level, risk_score: risk.score }

/** How a charge ended, told to the seller; null while nobody knows. */
export const outcomeOf = (charge: Charge): Outcome | null => {
  const { failure } = charge
  if (charge.status === 'pending') return null
  if (failure === null) {
    return {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: 'approved_by_network',
      reason: null,
      ...riskOf(charge),
      seller_message: 'Payment complete.',
      type: 'authorized',
    }
  }
  const reason = failure.declineCode ?? failure.code
  if (charge.isBlocked) {
    return {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: 'not_sent_to_network',
      reason: 'highest_risk_level',
      risk_level: 'highest',
      risk_score: charge.risk?.score ?? 99,
      seller_message: 'This payment was blocked as too risky.',
      type: 'blocked',
    }
  }
  return {
    advice_code: failure.adviceCode,
    network_advice_code: null,
    network_decline_code: failure.networkDeclineCode,
    network_status: 'declined_by_network',
    reason,
    ...riskOf(charge),
    seller_message: SILENT.includes(reason)
      ? NO_DETAILS
      : `The bank returned the decline code \`${reason}\`.`,
    type: 'issuer_declined',
  }
}
