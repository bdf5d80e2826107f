import type { Uuid } from '../../kit/index.ts'
import { isManual } from './change-intent.ts'
import type { Attempt, CardSnapshot, Charge, Intent, Json, PaymentError } from './model.ts'

/** A card as the customers' folder keeps it. */
export type MethodFacts = {
  readonly id: Uuid
  readonly billingDetails: unknown
  readonly card: {
    readonly brand: string
    readonly last4: string
    readonly expMonth: number
    readonly expYear: number
    readonly funding: string
    readonly country: string
    readonly fingerprint: string
    readonly cvcCheck: string | null
    readonly addressLine1Check: string | null
    readonly postalCodeCheck: string | null
  }
}

/** What a rail tells of an authorisation; the rail port's answers have these and more. */
export type AuthorisationFacts = {
  readonly checks: {
    readonly cvc: string | null
    readonly addressLine1: string | null
    readonly postalCode: string | null
  } | null
  readonly networkTransactionId: string | null
  readonly authorisationCode: string | null
  readonly threeDSecure: string | null
}

export const NO_FACTS: AuthorisationFacts = {
  checks: null,
  networkTransactionId: null,
  authorisationCode: null,
  threeDSecure: null,
}

const snapshotOf = ({ card }: MethodFacts, facts: AuthorisationFacts): CardSnapshot => ({
  brand: card.brand,
  last4: card.last4,
  expMonth: card.expMonth,
  expYear: card.expYear,
  funding: card.funding,
  country: card.country,
  fingerprint: card.fingerprint,
  cvcCheck: facts.checks?.cvc ?? card.cvcCheck,
  addressLine1Check: facts.checks?.addressLine1 ?? card.addressLine1Check,
  postalCodeCheck: facts.checks?.postalCode ?? card.postalCodeCheck,
  networkTransactionId: facts.networkTransactionId,
  authorisationCode: facts.authorisationCode,
  threeDSecure: facts.threeDSecure,
})

export type NewCharge = {
  readonly id: Uuid
  readonly createdMicros: bigint
  readonly attempt: Pick<Attempt, 'id' | 'rail' | 'stamps' | 'fallbackOf'>
  readonly intent: Intent
  readonly method: MethodFacts
  readonly facts: AuthorisationFacts
}

/** The charge of an attempt, before its outcome: what it shows it takes from its intent once and for all. */
export const newCharge = ({ attempt, intent, method, facts, ...made }: NewCharge): Charge => ({
  ...made,
  attempt: attempt.id,
  rail: attempt.rail,
  ...(attempt.stamps === undefined ? {} : { stamps: attempt.stamps }),
  ...(attempt.fallbackOf === undefined ? {} : { fallbackOf: attempt.fallbackOf }),
  intent: intent.id,
  amount: intent.amount,
  amountCaptured: 0n,
  amountRefunded: 0n,
  currency: intent.currency,
  status: 'pending',
  captured: false,
  disputed: false,
  customer: intent.customer,
  paymentMethod: method.id,
  card: snapshotOf(method, facts),
  billingDetails: method.billingDetails as Json,
  description: intent.description,
  metadata: intent.metadata,
  receiptEmail: intent.receiptEmail,
  shipping: intent.shipping,
  statementDescriptor: intent.statementDescriptor,
  statementDescriptorSuffix: intent.statementDescriptorSuffix,
  transferGroup: intent.transferGroup,
  failure: null,
  isBlocked: false,
  risk: null,
  fraudDetails: { userReport: null, stripeReport: null },
  balanceTransaction: null,
  dispute: null,
  hold: null,
  captureBeforeMicros: null,
  availableAtOnce: false,
})

/** By the wall clock; null where nobody noted when the order was sent. */
export const latencyOf = ({ sentMs }: Pick<Attempt, 'sentMs'>, nowMs: number): number | null =>
  sentMs === undefined ? null : Math.max(0, Math.round(nowMs - sentMs))

const settled = { nextAction: null, lastError: null, lastErrorMethod: null } as const

/** Authorised: the money is held, or taken. */
export const afterSuccess = (intent: Intent, charge: Charge): Intent =>
  isManual(intent)
    ? {
        ...intent,
        ...settled,
        status: 'requires_capture',
        amountCapturable: charge.amount,
        latestCharge: charge.id,
      }
    : {
        ...intent,
        ...settled,
        status: 'succeeded',
        amountReceived: charge.amountCaptured,
        latestCharge: charge.id,
      }

/** Declined: the payment lets go of the card and waits for another. */
export const afterDecline = (intent: Intent, error: PaymentError, method: Json): Intent => ({
  ...intent,
  status: 'requires_payment_method',
  paymentMethod: null,
  nextAction: null,
  lastError: error,
  lastErrorMethod: method,
  latestCharge: error.charge ?? intent.latestCharge,
})
