import type { CardBrand, Tokenised } from '../port/index.ts'
import type { DeclineName } from './declines.ts'

/**
 * When the customer must go to the card issuer's page.
 *
 * always          for every payment; without the customer it is declined
 * on_session      while the customer is there; without him it goes through
 * unless_set_up   as always, but without the customer it goes through once the card was set up with him
 * supported       only where the merchant asks for it
 * supported_fails as supported, and then the issuer's page fails with an error
 * fails           for every payment, and the issuer's page fails with an error
 * frictionless    for every payment, without a question to the customer
 * unenrolled      the merchant may ask, the issuer takes note: nobody is asked
 * unsupported     nothing happens, whoever asks
 */
export type Authentication =
  | 'always'
  | 'on_session'
  | 'unless_set_up'
  | 'supported'
  | 'supported_fails'
  | 'fails'
  | 'frictionless'
  | 'unenrolled'
  | 'unsupported'

/** What a test card does. Whatever is left out goes well. */
export type Behaviour = {
  readonly decline?: DeclineName
  /** It can be saved, and only payments with it are declined. */
  readonly savesWell?: true
  readonly risk?: 'elevated' | 'highest'
  /** Refused by the rail's own risk rules; the issuer is not asked. */
  readonly isBlocked?: true
  readonly cvc?: 'fail'
  readonly line1?: 'fail' | 'unavailable'
  readonly postalCode?: 'fail' | 'unavailable'
  readonly disputes?: readonly DisputePlan[]
  readonly earlyFraudWarning?: string
  /** pending: succeeds later. fails: succeeds at first, and fails later. */
  readonly refund?: 'pending' | 'fails'
  readonly availableAtOnce?: true
  readonly authentication?: Authentication
  /** done: the order is done and the answer lost. never_arrived: the order is lost, the first time. */
  readonly answer?: 'done' | 'never_arrived'
  /** Payments are pending at first, and the notification of their success comes twice. */
  readonly tellsTwice?: true
}

/** `part`: which share of the payment is disputed, in tenths. */
export type DisputePlan = { readonly reason: string; readonly isInquiry: boolean; readonly part: 10 | 5 }

export type TestCard = {
  /** Names it in tokens and in the acquirer's tables. */
  readonly key: string
  readonly number: string
  readonly brand: CardBrand
  readonly funding: Tokenised['funding']
  readonly country: string
  /** What stands after pm_card_ and tok_ in the names of this card. */
  readonly names: readonly string[]
  readonly behaviour: Behaviour
  /** For people: what happens. */
  readonly about: string
}

type Details = Partial<Pick<TestCard, 'brand' | 'funding' | 'country' | 'behaviour' | 'about'>>

export const SUCCEEDS = 'Succeeds.'

/** A card of the table: Visa, credit, from the United States, and all goes well, unless it says otherwise. */
export const card = (
  key: string,
  number: string,
  names: string | readonly string[] = [],
  details: Details = {},
): TestCard => ({
  key,
  number,
  names: typeof names === 'string' ? [names] : names,
  brand: 'visa',
  funding: 'credit',
  country: 'US',
  behaviour: {},
  about: SUCCEEDS,
  ...details,
})
