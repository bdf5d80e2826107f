import type { Micros, Uuid } from '../../kit/index.ts'

/* The rows of the customers capability. Nothing here is a card's number, nor leads to one. */

export type Metadata = Readonly<Record<string, string>>

/** Field by field as Stripe names them, so that what was sent is what is shown. */
export type Address = {
  readonly city: string | null
  readonly country: string | null
  readonly line1: string | null
  readonly line2: string | null
  readonly postal_code: string | null
  readonly state: string | null
}

export type Shipping = {
  readonly address: Address
  readonly name: string
  readonly phone: string | null
}

export type Customer = {
  readonly id: Uuid
  readonly createdMicros: Micros
  /** A deleted customer keeps its id and nothing else. */
  readonly deleted: boolean
  readonly address: Address | null
  readonly description: string | null
  readonly email: string | null
  readonly metadata: Metadata
  readonly name: string | null
  readonly phone: string | null
  readonly preferredLocales: readonly string[]
  readonly shipping: Shipping | null
  readonly taxExempt: 'none' | 'exempt' | 'reverse'
  /** Of the invoice settings: a card that is attached to the customer. */
  readonly defaultPaymentMethod: Uuid | null
  /** The card that came as `source`: the same card, called card_… there. */
  readonly defaultSource: Uuid | null
  /** The sandbox's clock, as it was named. */
  readonly testClock: string | null
}

/** A card as it may be kept. */
export type CardDetails = {
  /** What the rail calls the card. It means nothing to anybody else, and is never shown. */
  readonly token: string
  readonly fingerprint: string
  readonly brand: string
  readonly last4: string
  readonly expMonth: number
  readonly expYear: number
  readonly funding: string
  /** Two capitals. */
  readonly country: string
  readonly cvcCheck: string | null
  readonly addressLine1Check: string | null
  readonly postalCodeCheck: string | null
}

export type BillingDetails = {
  readonly address: Address | null
  readonly email: string | null
  readonly name: string | null
  readonly phone: string | null
  readonly tax_id: string | null
}

export type AllowRedisplay = 'always' | 'limited' | 'unspecified'

/**
 * | customer | isSpent | means |
 * |---|---|---|
 * | none | no | new: may be attached, or used once |
 * | one | no | that customer's: may be used again and again, by that customer |
 * | none | yes | detached, or used without a customer: may never be used again |
 */
export type PaymentMethod = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly type: 'card'
  readonly customer: Uuid | null
  readonly isSpent: boolean
  readonly allowRedisplay: AllowRedisplay
  readonly billingDetails: BillingDetails
  readonly card: CardDetails
  readonly metadata: Metadata
}

/** A card on its way: it becomes one payment method, or one source of a customer, and is used up then. */
export type Token = {
  readonly id: Uuid
  readonly createdMicros: Micros
  /** The card_… that is shown within the token. */
  readonly cardId: Uuid
  readonly card: CardDetails
  readonly name: string | null
  readonly address: Address | null
  readonly isUsed: boolean
}

/** Stripe's error as it is shown in last_setup_error and setup_error. */
export type SetupError = {
  readonly type: 'card_error' | 'invalid_request_error' | 'api_error'
  readonly code: string
  readonly declineCode: string | null
  readonly message: string
  readonly adviceCode: string | null
  readonly networkDeclineCode: string | null
  /** The card that it was about, as it was shown then: the intent lets go of it. */
  readonly paymentMethod: Readonly<Record<string, unknown>> | null
}

export type SetupStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'processing'
  | 'succeeded'
  | 'canceled'

export type ThreeDSecureRequest = 'automatic' | 'any' | 'challenge'

export type SetupIntent = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly status: SetupStatus
  readonly automaticPaymentMethods: {
    readonly enabled: boolean
    readonly allowRedirects: 'always' | 'never'
  } | null
  readonly cancellationReason: 'abandoned' | 'duplicate' | 'requested_by_customer' | null
  /** What follows seti_…_secret_ in the client_secret. */
  readonly secret: string
  readonly customer: Uuid | null
  readonly description: string | null
  readonly lastError: SetupError | null
  readonly latestAttempt: Uuid | null
  readonly metadata: Metadata
  readonly nextAction: { readonly authentication: string; readonly url: string } | null
  readonly paymentMethod: Uuid | null
  readonly requestThreeDSecure: ThreeDSecureRequest | null
  readonly returnUrl: string | null
  readonly usage: 'off_session' | 'on_session'
}

/**
 * One try to set a card up. It is committed before anything is sent, and its id is the reference that the rail gets.
 *
 * | state | means | leaves it by |
 * |---|---|---|
 * | processing | the rail may have it or not, or tells later | the rail's answer, or enquiry |
 * | requires_action | the customer must authenticate | the rail's notification, another confirm, or cancel |
 * | succeeded, failed, abandoned | final | |
 */
export type AttemptState = 'processing' | 'requires_action' | 'succeeded' | 'failed' | 'abandoned'

export type SetupAttempt = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly setupIntent: Uuid
  readonly customer: Uuid | null
  readonly paymentMethod: Uuid
  /** The rail's name: whoever asks later asks the same one. */
  readonly rail: string
  readonly card: CardDetails
  readonly usage: 'off_session' | 'on_session'
  readonly state: AttemptState
  readonly error: SetupError | null
  /** What the rail calls the customer's authentication, once it asked for one. */
  readonly authentication: string | null
  /** Whether the customer has been through it. */
  readonly isAuthenticated: boolean
  readonly threeDSecure: 'authenticated' | 'attempt_acknowledged' | 'exempted' | 'failed' | null
  readonly requestThreeDSecure: ThreeDSecureRequest
  /** How often the rail was asked what became of it. */
  readonly enquiries: number
}
