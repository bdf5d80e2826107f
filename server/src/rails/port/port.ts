import type { TenantId } from '../../kit/index.ts'

/**
 * A rail: whoever moves money for us outside. All orders carry a `reference` of ours, chosen before anything is sent and
 * stored durably; a rail does the order of one reference once, whatever is sent how often. Nothing here is called
 * within a transaction. An answer that did not come in time is `unknown`, never a decline: it is healed by `enquire`.
 */
export type Rail = {
  /** Stands in the records for ever: sandbox-card. */
  readonly name: string
  /** Moves real money: needed by the live tenant, refused by sandboxes. */
  readonly isLive: boolean
  readonly tokenise: (card: CardEntered) => Tokenised | CardRefused
  readonly authorise: (order: Authorise) => Promise<Authorised>
  readonly capture: (order: FollowUp) => Promise<RailOutcome>
  readonly void: (order: FollowUp) => Promise<RailOutcome>
  readonly refund: (order: FollowUp) => Promise<RailOutcome>
  readonly payOut: (order: PayOut) => Promise<RailOutcome>
  /** What became of an order, by our reference; `not_found` when the rail never got it, so that it may be sent. */
  readonly enquire: (tenant: TenantId, reference: string) => Promise<Authorised | NotFound>
  /** Reads a notification that came in. Whoever cannot prove that it is the rail's own is refused: null. */
  readonly receive: (message: InboundMessage) => readonly Notification[] | null
  /** Answers to a dispute, where the rail takes them. What comes of it is told by notifications. */
  readonly disputes?: DisputeDesk
}

export type DisputeDesk = {
  readonly submitEvidence: (order: DisputeEvidence) => Promise<DisputeTaken>
  /** Gives up: the dispute is lost, an inquiry closed. */
  readonly acceptDispute: (order: DisputeOrder) => Promise<DisputeTaken>
}

/** `dispute`: the rail's own name of the case. */
export type DisputeOrder = { readonly tenant: TenantId; readonly dispute: string }
export type DisputeEvidence = DisputeOrder & {
  /** All that was said, in one text. */
  readonly text: string
}

/** closed: it was decided already, and nothing changes. Taking the same answer twice is harmless. */
export type DisputeTaken = { readonly kind: 'taken' | 'closed' | 'not_found' } | Unknown

export type CardEntered = {
  readonly number: string
  readonly expMonth: number
  readonly expYear: number
  readonly cvc: string | null
}

/** A card as we keep it. The number itself is nowhere but in the rail's token, which means nothing to anybody else. */
export type Tokenised = {
  readonly kind: 'tokenised'
  readonly token: string
  /** Of the number, keyed: the same card is recognised again. */
  readonly fingerprint: string
  readonly brand: CardBrand
  readonly last4: string
  readonly expMonth: number
  readonly expYear: number
  readonly funding: 'credit' | 'debit' | 'prepaid' | 'unknown'
  /** ISO 3166-1, two capitals. */
  readonly country: string
  readonly checks: CardChecks
}

export type CardBrand =
  | 'visa'
  | 'mastercard'
  | 'amex'
  | 'discover'
  | 'diners'
  | 'jcb'
  | 'unionpay'
  | 'unknown'

export type CheckResult = 'pass' | 'fail' | 'unavailable' | 'unchecked'
export type CardChecks = {
  readonly cvc: CheckResult | null
  readonly addressLine1: CheckResult | null
  readonly postalCode: CheckResult | null
}

/** A number that is no card, is past its date, or in a sandbox not one of the published test numbers. */
export type CardRefused = {
  readonly kind: 'refused'
  /** Stripe's code: invalid_number, incorrect_number, invalid_expiry_month, invalid_expiry_year, invalid_cvc … */
  readonly code: string
  readonly param: 'number' | 'exp_month' | 'exp_year' | 'cvc'
  readonly message: string
  /** Beside card_declined: test_mode_live_card for a card that is no test card. */
  readonly declineCode?: string
}

export type Authorise = {
  readonly tenant: TenantId
  readonly reference: string
  /** Of the card. */
  readonly token: string
  /** In minor units of `currency` (three capitals). */
  readonly amount: bigint
  readonly currency: string
  /** `automatic`: authorise and capture in one order. */
  readonly capture: 'automatic' | 'manual'
  /** The customer is not there to authenticate: a card that must be authenticated is declined instead. */
  readonly offSession: boolean
  /** The authentication that the customer went through for this payment, as the rail named it. */
  readonly authentication: string | null
  readonly threeDSecure: 'automatic' | 'any' | 'challenge'
  readonly statementDescriptor: string | null
  /** A zero amount that only verifies the card, for saving it. */
  readonly isVerification: boolean
}

/** Capture, void or refund of an authorisation. */
export type FollowUp = {
  readonly tenant: TenantId
  readonly reference: string
  /** The reference of the authorisation. */
  readonly of: string
  readonly amount: bigint
  readonly currency: string
}

export type PayOut = {
  readonly tenant: TenantId
  readonly reference: string
  readonly amount: bigint
  readonly currency: string
  /** Of the bank account or card that gets it, as the rail tokenised it. */
  readonly destination: string
  readonly statementDescriptor: string | null
}

export type Succeeded = {
  readonly kind: 'succeeded'
  /** What the rail itself calls it. */
  readonly railReference: string
  readonly checks: CardChecks | null
  readonly networkTransactionId: string | null
  readonly authorisationCode: string | null
  /** The card scheme's own settlement: available at once where the test card says so. */
  readonly availableAtOnce: boolean
  readonly risk: { readonly level: 'normal' | 'elevated' | 'highest'; readonly score: number }
  readonly threeDSecure: 'authenticated' | 'attempt_acknowledged' | 'exempted' | null
}

export type Declined = {
  readonly kind: 'declined'
  /** Stripe's codes: card_declined with insufficient_funds … */
  readonly code: string
  readonly declineCode: string | null
  readonly message: string
  /** Blocked before it was sent to the issuer, by the rail's own risk rules. */
  readonly isBlocked: boolean
  readonly checks: CardChecks | null
  readonly networkDeclineCode: string | null
  readonly adviceCode: 'do_not_try_again' | 'try_again_later' | 'confirm_card_data' | null
  /**
   * The rail itself refused the order, and nothing was sent to the issuer: another rail may be tried. Only said where that
   * is certain. An issuer's decline never has it, nor does a payment that the rail's risk rules blocked.
   */
  readonly beforeIssuer?: true
}

/** The customer must authenticate at the address; afterwards a notification comes, or the order is sent again with it. */
export type ActionRequired = {
  readonly kind: 'requires_action'
  readonly authentication: string
  /** Path on our own server, or an absolute address. */
  readonly url: string
}

/** Taken in; the rail tells later by a notification, or by enquiry. */
export type Pending = { readonly kind: 'pending'; readonly railReference: string }
/** Nobody knows: no answer, or one that makes no sense. */
export type Unknown = { readonly kind: 'unknown'; readonly reason: string }
export type NotFound = { readonly kind: 'not_found' }

export type RailOutcome = Succeeded | Declined | Pending | Unknown
export type Authorised = RailOutcome | ActionRequired

export type InboundMessage = {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
}

/** What a rail tells by itself. `id` is its own: the same one twice is one. */
export type Notification = {
  readonly id: string
  readonly tenant: TenantId
} & (
  | {
      readonly type: 'authentication'
      readonly authentication: string
      readonly result: 'succeeded' | 'failed'
    }
  | { readonly type: 'order'; readonly reference: string; readonly outcome: RailOutcome }
  | {
      readonly type: 'refund_failed'
      readonly reference: string
      /** Stripe's failure_reason: expired_or_canceled_card, lost_or_stolen_card, unknown … */
      readonly reason: string
    }
  | {
      readonly type: 'dispute'
      /** The rail's own name of the case. */
      readonly dispute: string
      /** The reference of the authorisation. */
      readonly of: string
      readonly amount: bigint
      readonly currency: string
      readonly state: 'opened' | 'inquiry' | 'won' | 'lost' | 'closed'
      /** Stripe's reason: fraudulent, product_not_received … */
      readonly reason: string
      readonly evidenceDueMicros: bigint | null
    }
  | {
      readonly type: 'early_fraud_warning'
      readonly of: string
      readonly fraudType: string
    }
  | { readonly type: 'settlement'; readonly settlement: Settlement }
)

/** What the rail paid us for a day, order by order: the sum of the lines less its costs is what came in. */
export type Settlement = {
  readonly id: string
  readonly day: string
  readonly currency: string
  readonly gross: bigint
  readonly cost: bigint
  readonly net: bigint
  readonly lines: readonly {
    readonly reference: string
    readonly kind: 'capture' | 'refund' | 'chargeback' | 'chargeback_reversal'
    /** Signed: what it adds to the sum. */
    readonly amount: bigint
    readonly cost: bigint
  }[]
}
