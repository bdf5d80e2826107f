import type { Json, Micros, Uuid } from '../../kit/index.ts'

/*
 * The rows of the payments capability. Amounts are bigints in the ledger's minor units (ISO 4217), never in Stripe's
 * special ones: views translate. Currencies are three capitals; the API shows small letters.
 */

export type Metadata = Readonly<Record<string, string>>
export type { Json }

/**
 * What a launch decided of an attempt when it was made (the floor `exposure` decides; the same shape stands there). It is
 * kept for ever, and goes on to the charge, its refunds and its disputes.
 */
export type Stamp = {
  readonly launch: Uuid
  readonly stage: number
  readonly exposed: boolean
  readonly reason:
    | 'named'
    | 'bucket'
    | 'excluded'
    | 'no_unit'
    | 'currency'
    | 'cap'
    | 'other_launch'
    | 'stopped'
    | 'fallback'
  readonly exposureBp: number
  readonly version: number
  readonly bucket: number | null
}

/** What an exposed attempt holds of its launch's caps. What was given back is not in it any more. */
export type Reservation = {
  readonly launch: Uuid
  readonly stage: number
  readonly day: number
  readonly amount: number
}

export type IntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'processing'
  | 'requires_capture'
  | 'succeeded'
  | 'canceled'

/** Why an attempt failed, as `last_payment_error` and the charge show it. */
export type PaymentError = {
  readonly type: 'card_error' | 'invalid_request_error' | 'api_error'
  readonly code: string
  readonly declineCode: string | null
  readonly message: string
  readonly charge: Uuid | null
  readonly paymentMethod: Uuid | null
  readonly adviceCode: string | null
  readonly networkDeclineCode: string | null
}

export type Intent = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly amount: bigint
  readonly currency: string
  readonly status: IntentStatus
  readonly captureMethod: 'automatic' | 'automatic_async' | 'manual'
  readonly confirmationMethod: 'automatic' | 'manual'
  readonly amountCapturable: bigint
  readonly amountReceived: bigint
  readonly customer: Uuid | null
  readonly paymentMethod: Uuid | null
  readonly paymentMethodTypes: readonly string[]
  readonly automaticPaymentMethods: {
    readonly enabled: boolean
    readonly allowRedirects: string | null
  } | null
  /** As it was sent, for the parts that we support. */
  readonly paymentMethodOptions: Json
  readonly setupFutureUsage: 'off_session' | 'on_session' | null
  readonly description: string | null
  readonly metadata: Metadata
  readonly receiptEmail: string | null
  readonly returnUrl: string | null
  readonly shipping: Json
  readonly statementDescriptor: string | null
  readonly statementDescriptorSuffix: string | null
  readonly transferGroup: string | null
  readonly nextAction: { readonly authentication: string; readonly url: string } | null
  readonly lastError: PaymentError | null
  /** The card that the last error is about, as it was shown then: the intent itself lets go of it. */
  readonly lastErrorMethod: Json
  readonly latestCharge: Uuid | null
  /** The attempt that is being worked on, or was the last. */
  readonly latestAttempt: Uuid | null
  readonly cancellationReason: string | null
  readonly canceledAtMicros: number | null
}

/**
 * One order to a rail: a try to get an authorisation, or its capture or void. It is committed before anything is sent; its
 * id is the reference that the rail gets, so what became of it can always be asked.
 *
 * | state | means | leaves it by |
 * |---|---|---|
 * | sent | committed; the rail may have it or not | the rail's answer, or enquiry |
 * | requires_action | the customer must authenticate | the rail's notification, or cancel |
 * | pending | the rail has it and tells later | notification, or enquiry |
 * | unknown | nobody knows: asked again until somebody does | enquiry |
 * | succeeded, declined, abandoned | final | |
 */
export type AttemptState =
  | 'sent'
  | 'requires_action'
  | 'pending'
  | 'unknown'
  | 'succeeded'
  | 'declined'
  | 'abandoned'

export type Attempt = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly intent: Uuid
  readonly order: 'authorise' | 'capture' | 'void'
  /** The reference of the authorisation that is captured or voided; its own of an authorisation. */
  readonly authorisation: Uuid
  /** The charge that this attempt makes, whatever its outcome. */
  readonly charge: Uuid
  readonly paymentMethod: Uuid
  readonly rail: string
  readonly token: string
  readonly amount: bigint
  readonly currency: string
  readonly capture: 'automatic' | 'manual'
  readonly offSession: boolean
  readonly threeDSecure: 'automatic' | 'any' | 'challenge'
  /** The customer will not be there to authenticate: declined instead. */
  readonly errorOnAction: boolean
  readonly statementDescriptor: string | null
  /** The authentication that the customer went through for an earlier attempt, and that this one is sent with. */
  readonly authenticatedBy: string | null
  /** The authentication that the rail asked for. */
  readonly authentication: string | null
  readonly state: AttemptState
  /** Of a void: why the payment is canceled. */
  readonly reason: string | null
  /** The request that opened it, so that whoever heals it can answer its key. */
  readonly claim: { readonly scope: string; readonly key: string; readonly digest: string } | null
  readonly requestId: string | null
  /** Asked for with a publishable key: whoever answers for it shows the narrow set of fields. */
  readonly byClient: boolean
  readonly enquiries: number
  /** Of the launches whose filters matched. Rows of before there were any have none. */
  readonly stamps?: readonly Stamp[]
  /** Only of an authorisation that was exposed to a launch with caps. */
  readonly reservation?: Reservation | null
  /** The rails that are tried where this one refuses before it reached the issuer, in their order. */
  readonly routes?: readonly string[]
  /** The charge of the attempt that was refused so, and that this one stands in for. */
  readonly fallbackOf?: Uuid | null
  /** The attempt that stands in for this one. */
  readonly fellBackTo?: Uuid | null
  /** By the wall clock, when the order was committed to be sent. */
  readonly sentMs?: number
}

export type ChargeStatus = 'succeeded' | 'pending' | 'failed'

export type CardSnapshot = {
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
  readonly networkTransactionId: string | null
  readonly authorisationCode: string | null
  readonly threeDSecure: string | null
}

export type Charge = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly intent: Uuid
  /** The rail's reference of the authorisation: the attempt's id. */
  readonly attempt: Uuid
  readonly rail: string
  readonly amount: bigint
  readonly amountCaptured: bigint
  readonly amountRefunded: bigint
  readonly currency: string
  readonly status: ChargeStatus
  readonly captured: boolean
  readonly disputed: boolean
  readonly customer: Uuid | null
  readonly paymentMethod: Uuid
  readonly card: CardSnapshot
  readonly billingDetails: Json
  readonly description: string | null
  readonly metadata: Metadata
  readonly receiptEmail: string | null
  readonly shipping: Json
  readonly statementDescriptor: string | null
  readonly statementDescriptorSuffix: string | null
  readonly transferGroup: string | null
  readonly failure: PaymentError | null
  readonly isBlocked: boolean
  readonly risk: { readonly level: string; readonly score: number } | null
  readonly fraudDetails: { readonly userReport: string | null; readonly stripeReport: string | null }
  /** Of the capture; null until then. */
  readonly balanceTransaction: Uuid | null
  readonly dispute: Uuid | null
  /** The ledger's pending transfer while it is authorised and not captured, and its end by the tenant's clock. */
  readonly hold: Uuid | null
  readonly captureBeforeMicros: number | null
  /** Available at once where the rail says so. */
  readonly availableAtOnce: boolean
  /** Its attempt's. */
  readonly stamps?: readonly Stamp[]
  /** By the wall clock, from sending the order to the commit of its outcome; null until then. */
  readonly railLatencyMs?: number | null
  /** The charge that it stands in for: its rail refused before it reached the issuer. */
  readonly fallbackOf?: Uuid | null
}

export type BalanceTransactionType =
  | 'charge'
  | 'refund'
  | 'refund_failure'
  | 'payment_refund'
  | 'adjustment'
  | 'stripe_fee'

/** A movement of the balance: what it adds, what it cost, and when it may be used. */
export type BalanceTransaction = {
  readonly id: Uuid
  readonly createdMicros: Micros
  /** Signed. */
  readonly amount: bigint
  readonly fee: bigint
  /** amount − fee. */
  readonly net: bigint
  readonly currency: string
  readonly type: BalanceTransactionType
  readonly reportingCategory: string
  /** The shown id of what it is for: ch_…, re_…, dp_… */
  readonly source: string
  readonly availableOnMicros: bigint
  readonly description: string | null
  readonly feeDetails: readonly {
    readonly amount: number
    readonly type: string
    readonly description: string
  }[]
}

/** What becomes available at one moment in one currency, so that it is one posting and one timer however many payments. */
export type Release = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly currency: string
  readonly availableOnMicros: bigint
  readonly amount: bigint
  readonly state: 'waiting' | 'released'
}

export type RefundStatus = 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled'

/**
 * How far a refund has got with its rail; core/refunds.ts has the table of both. `sent`: committed, and the rail may
 * have it or not; `unknown`: asked again until somebody knows; `taken`: the rail has it and tells later.
 */
export type RefundProgress = 'sent' | 'unknown' | 'taken' | 'done'

export type Refund = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly charge: Uuid
  readonly intent: Uuid
  readonly customer: Uuid | null
  readonly paymentMethod: Uuid
  readonly rail: string
  /** The reference of the authorisation that it gives back. */
  readonly authorisation: string
  readonly amount: bigint
  readonly currency: string
  readonly status: RefundStatus
  readonly progress: RefundProgress
  readonly reason: 'duplicate' | 'fraudulent' | 'requested_by_customer' | null
  readonly metadata: Metadata
  readonly failureReason: string | null
  readonly balanceTransaction: Uuid | null
  readonly failureBalanceTransaction: Uuid | null
  readonly railReference: string | null
  readonly claim: Attempt['claim']
  readonly requestId: string | null
  readonly enquiries: number
  /** Its charge's. */
  readonly stamps?: readonly Stamp[]
}

export type DisputeStatus =
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'warning_closed'
  | 'needs_response'
  | 'under_review'
  | 'won'
  | 'lost'

export type Dispute = {
  readonly id: Uuid
  readonly createdMicros: Micros
  /** The rail, and its own name of the case. */
  readonly rail: string
  readonly railDispute: string
  readonly charge: Uuid
  readonly intent: Uuid
  readonly brand: string
  readonly amount: bigint
  readonly currency: string
  readonly reason: string
  readonly status: DisputeStatus
  readonly evidence: Readonly<Record<string, string>>
  readonly evidenceDueMicros: bigint | null
  readonly pastDue: boolean
  readonly submissionCount: number
  readonly metadata: Metadata
  /** Whether the money was taken back for it, and was not given again since. */
  readonly isWithdrawn: boolean
  /** What the rail is still to be told: the evidence, or that the claim is accepted. */
  readonly untold: 'evidence' | 'acceptance' | null
  /** Withdrawal, and reinstatement once won. */
  readonly balanceTransactions: readonly Uuid[]
  /** Its charge's. */
  readonly stamps?: readonly Stamp[]
}
