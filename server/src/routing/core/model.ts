import type { Micros } from '../../kit/index.ts'

/** Of a card, as rails name them. */
export const BRANDS = [
  'visa',
  'mastercard',
  'amex',
  'discover',
  'diners',
  'jcb',
  'unionpay',
  'unknown',
] as const
export type Brand = (typeof BRANDS)[number]

/** When a rule is for a payment. An empty list and null ask nothing; what is asked must all be so. */
export type Conditions = {
  /** Three capitals. */
  readonly currencies: readonly string[]
  /** Of the card, ISO 3166-1, two capitals. */
  readonly countries: readonly string[]
  readonly brands: readonly Brand[]
  readonly merchants: readonly string[]
  /** Minor units of the rule's one currency, both inclusive. */
  readonly amountFrom: number | null
  readonly amountTo: number | null
}

export type Rule = Conditions & {
  /** For people. */
  readonly name: string | null
  /** In the order in which they are tried. */
  readonly rails: readonly string[]
}

/** A tenant's rules in order: the first that matches says which rails. One row, read with every attempt. */
export type RoutingTable = {
  /** From 1, by one with each change. */
  readonly version: number
  readonly updatedMicros: Micros
  readonly rules: readonly Rule[]
}

/** What is known of a payment when its rail is chosen. */
export type RoutingFacts = {
  /** Three capitals. */
  readonly currency: string
  /** Of the card, two capitals. */
  readonly country: string
  readonly brand: string
  readonly amount: bigint
  readonly merchant: string | null
}
