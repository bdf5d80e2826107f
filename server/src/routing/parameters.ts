import { type Static, Type } from 'typebox'
import { readMoneyCurrency } from '../requests/index.ts'
import { BRANDS, type RoutingFacts, type Rule } from './core/model.ts'
import { CONDITION_VALUES_MOST, MERCHANT_CHARS, NAME_CHARS, RAILS_MOST, RULES_MOST } from './limits.ts'

const currency = () =>
  Type.String({ pattern: '^[a-zA-Z]{3}$', 'x-form': 'three letters of ISO 4217, such as eur' })
const country = () =>
  Type.String({ pattern: '^[A-Z]{2}$', 'x-form': 'two capitals of ISO 3166-1, such as NL' })
const brand = () => Type.Enum([...BRANDS])
const merchant = () => Type.String({ maxLength: MERCHANT_CHARS })
const amount = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }))

const listOf = <T extends ReturnType<typeof Type.String> | ReturnType<typeof brand>>(
  item: T,
  description: string,
) => Type.Optional(Type.Array(item, { maxItems: CONDITION_VALUES_MOST, description }))

const ruleParameter = Type.Object({
  name: Type.Optional(Type.String({ maxLength: NAME_CHARS, description: 'By which people know the rule.' })),
  currencies: listOf(currency(), 'Currencies of payments that it is for; without it all.'),
  countries: listOf(country(), 'Countries of cards; without it all.'),
  brands: listOf(brand(), 'Brands of cards; without it all.'),
  merchants: listOf(merchant(), 'Merchants; without it all, and payments without one.'),
  amount_from: amount('The least amount, in minor units. A rule with amounts names one currency.'),
  amount_to: amount('The largest amount.'),
  rails: Type.Array(Type.String({ maxLength: NAME_CHARS }), {
    minItems: 1,
    maxItems: RAILS_MOST,
    description:
      'The rails that such a payment takes, in the order in which they are tried. The second is only tried where the first refused before anything was sent to the issuer: never after an issuer’s decline, and never while the outcome is unknown.',
  }),
})

/** All of the table. A form cannot write an empty array, and writes the empty text for it. */
export const rulesParameter = () =>
  Type.Union([Type.Literal(''), Type.Array(ruleParameter, { maxItems: RULES_MOST })], {
    description:
      'The whole table, in order: the first rule that matches wins. Empty: all payments take the default rail.',
  })

export const factsParameters = {
  currency: currency(),
  amount: Type.Integer({ minimum: 0, description: 'In minor units.' }),
  country: Type.String({
    pattern: '^[A-Z]{2}$',
    'x-form': 'two capitals of ISO 3166-1, such as NL',
    description: 'Of the card.',
  }),
  brand: brand(),
  merchant: Type.Optional(merchant()),
}

type Sent = Static<typeof ruleParameter>

const unique = <T>(values: readonly T[] = []): readonly T[] => [...new Set(values)]

const readRule = (sent: Sent, at: number): Rule => ({
  name: sent.name ?? null,
  currencies: unique(
    sent.currencies?.map((text, place) => readMoneyCurrency(text, `rules[${at}][currencies][${place}]`).code),
  ),
  countries: unique(sent.countries),
  brands: unique(sent.brands),
  merchants: unique(sent.merchants),
  amountFrom: sent.amount_from ?? null,
  amountTo: sent.amount_to ?? null,
  rails: sent.rails,
})

export const readRules = (sent: '' | readonly Sent[]): readonly Rule[] =>
  sent === '' ? [] : sent.map(readRule)

export const readFacts = (sent: {
  readonly currency: string
  readonly amount: number
  readonly country: string
  readonly brand: string
  readonly merchant?: string
}): RoutingFacts => ({
  currency: readMoneyCurrency(sent.currency, 'currency').code,
  country: sent.country,
  brand: sent.brand,
  amount: BigInt(sent.amount),
  merchant: sent.merchant ?? null,
})
