import type { Json, Uuid } from '../../kit/index.ts'

/*
 * What launches write and payments read: which units go the launched way. A control is the live part of a launch; its
 * reviewed content is the ceiling, the control holds the current value below it.
 */

/** 100 % in basis points, and as many buckets. */
export const FULL_EXPOSURE = 10_000

/** What a launch tells apart. `targeting_key`: whatever a feature's caller says (OpenFeature). */
export type UnitKind = 'customer' | 'card' | 'merchant' | 'targeting_key'

/** Null or empty: everything. Amounts in minor units (ISO 4217) of the attempt's own currency, both inclusive. */
export type Filters = {
  /** Of the card, ISO 3166-1, two capitals. */
  readonly countries: readonly string[]
  /** Three capitals. */
  readonly currencies: readonly string[]
  readonly amountFrom: number | null
  readonly amountTo: number | null
}

/** Null: no cap. All in minor units of `currency`; a payment in another currency is not exposed. */
export type Caps = {
  readonly currency: string
  readonly perPayment: number | null
  readonly perStage: number | null
  readonly perDay: number | null
}

/** What an exposed attempt does: rails in order. */
export type RouteSubject = { readonly kind: 'route'; readonly rails: readonly string[] }
/** A feature of the user's own product: an exposed caller gets the variant `on`, everybody else `off`. */
export type FeatureSubject = {
  readonly kind: 'feature'
  readonly key: string
  readonly variants: Readonly<Record<string, Json>>
  readonly on: string
  readonly off: string
}
export type Subject = RouteSubject | FeatureSubject

export type Control = {
  readonly launch: Uuid
  readonly subject: Subject
  readonly unit: UnitKind
  /** Fixed for the launch's life. */
  readonly salt: string
  /** Basis points, 0 to FULL_EXPOSURE. */
  readonly exposureBp: number
  /** Units that are exposed whatever their bucket: cus_…, a card's fingerprint, a targeting key. */
  readonly named: readonly string[]
  /** Units that never are. */
  readonly excluded: readonly string[]
  readonly filters: Filters
  readonly caps: Caps | null
  /** Index of the stage that the exposure is of; caps per stage are counted under it. */
  readonly stage: number
  /** A stopped control exposes nobody, named units included; it stays to say so in the stamps. */
  readonly isStopped: boolean
  /** Of the controls, when this one was changed last. */
  readonly version: number
}

/** All controls of a tenant, in order of precedence (the launch that started first comes first). */
export type Controls = { readonly version: number; readonly controls: readonly Control[] }

/** What the payment path knows of an attempt when it is made. */
export type AttemptFacts = {
  readonly customer: Uuid | null
  readonly cardFingerprint: string
  readonly merchant: string | null
  readonly country: string
  readonly currency: string
  readonly amount: bigint
}

/**
 * Why an attempt is exposed (`named`, `bucket`) or not (all others). `bucket` without exposure is the control arm, and
 * the only one that guardrails compare with.
 */
export type StampReason =
  | 'named'
  | 'bucket'
  | 'excluded'
  | 'no_unit'
  | 'currency'
  | 'cap'
  | 'other_launch'
  | 'stopped'
  /** It is the second try of a payment whose first attempt was refused by a rail before it reached the issuer. */
  | 'fallback'

/** Decided once, in the commit that makes the attempt, and kept on it for ever. Only launches whose filters match. */
export type Stamp = {
  readonly launch: Uuid
  readonly stage: number
  readonly exposed: boolean
  readonly reason: StampReason
  readonly exposureBp: number
  readonly version: number
  /** 0 to 9,999; null without a unit. */
  readonly bucket: number | null
}

/** What an exposed attempt took from its launch's caps, so that it can be given back. */
export type Reservation = {
  readonly launch: Uuid
  readonly stage: number
  /** Of the attempt, in the tenant's zone, since 1970. */
  readonly day: number
  /** Minor units of the caps' currency. */
  readonly amount: number
}

export type AttemptDecision = {
  readonly stamps: readonly Stamp[]
  /** The launched route's rails, or null where the attempt goes the ordinary way. */
  readonly rails: readonly string[] | null
  readonly reservation: Reservation | null
}
