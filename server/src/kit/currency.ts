import { ACTIVE, type CurrencyKind, type StripeRule, WITHDRAWN } from './currency-table.ts'

export type { CurrencyKind, StripeRule }

export type Currency = {
  /** Three capital letters. Stripe's lower case is the door's affair. */
  readonly code: string
  /** Three digits, with leading zeros. */
  readonly numeric: string
  /** Decimals of the minor unit; null where ISO states none, and then it is no currency for money. */
  readonly exponent: number | null
  readonly name: string
  readonly kind: CurrencyKind
  /** YYYY-MM when ISO withdrew the code, null while it is active. */
  readonly withdrawn: string | null
  /** How Stripe writes its amounts, null for plain ISO minor units. */
  readonly stripe: StripeRule | null
}

/** A currency that amounts can be counted in. */
export type MoneyCurrency = Currency & { readonly exponent: number }

const active = ACTIVE.map(
  ([code, numeric, exponent, name, kind = 'currency', stripe = null]): Currency => ({
    code,
    numeric,
    exponent,
    name,
    kind,
    withdrawn: null,
    stripe,
  }),
)

const withdrawn = WITHDRAWN.map(
  ([code, numeric, exponent, name, month]): Currency => ({
    code,
    numeric,
    exponent,
    name,
    kind: 'currency',
    withdrawn: month,
    stripe: null,
  }),
)

/** All codes we know, active ones first, each group in alphabetical order. */
export const CURRENCIES: readonly Currency[] = [...active, ...withdrawn]

const byCode = new Map(CURRENCIES.map((currency) => [currency.code, currency]))
const byNumeric = new Map(active.map((currency) => [currency.numeric, currency]))

/** The currency of an alphabetic code in capitals, withdrawn ones too; null when there is none. */
export const currencyOf = (code: string): Currency | null => byCode.get(code) ?? null

/** The active currency of an ISO numeric code such as '203'. */
export const currencyOfNumeric = (numeric: string): Currency | null => byNumeric.get(numeric) ?? null

/** Whether amounts can be counted in it: it has a minor unit. */
export const isMoney = (currency: Currency): currency is MoneyCurrency => currency.exponent !== null

/** The currency to count money in, or what is wrong with the code and what to do. */
export const moneyCurrency = (code: string): MoneyCurrency | { readonly reason: string } => {
  const currency = currencyOf(code)
  if (currency === null) {
    const capitals = currencyOf(code.toUpperCase())
    const fix = capitals === null ? 'use an ISO 4217 code such as EUR' : `write ${capitals.code}`
    return { reason: `"${code}" is not a currency code; ${fix}` }
  }
  if (!isMoney(currency)) {
    return { reason: `${code} (${currency.name}) has no minor unit, so money cannot be counted in it` }
  }
  return currency
}

/**
 * Stripe's special cases, from https://docs.stripe.com/currencies (zero-decimal list; special cases; three-decimal):
 * - zero_decimal: the amount is whole units. For MGA, whose ISO exponent is 2, one unit is 100 of our minor units.
 * - two_decimal_whole (ISK, UGX): whole units, yet written with two decimals that must be 00. UGX stands in the
 *   zero-decimal list too; the special case is the newer and more exact statement, so it rules.
 * - three_decimal_tens: three decimals, the last of which must be 0.
 * HUF and TWD are special for payouts only.
 */
const STRIPE_EXPONENTS: Readonly<Record<StripeRule, number>> = {
  zero_decimal: 0,
  two_decimal_whole: 2,
  three_decimal_tens: 3,
}

/** How many decimals an amount has on Stripe's resources. */
export const stripeExponent = (currency: MoneyCurrency): number =>
  currency.stripe === null ? currency.exponent : STRIPE_EXPONENTS[currency.stripe]

/** What an amount on Stripe's resources must be a multiple of. */
const stripeStep = (currency: MoneyCurrency): bigint => {
  if (currency.stripe === 'two_decimal_whole') return 100n
  return currency.stripe === 'three_decimal_tens' ? 10n : 1n
}

/** An amount as Stripe's resources write it, in our minor units; refused, never rounded, where it does not fit. */
export const minorFromStripe = (
  currency: MoneyCurrency,
  amount: bigint,
): bigint | { readonly reason: string } => {
  const step = stripeStep(currency)
  if (amount % step !== 0n) {
    return { reason: `amounts in ${currency.code} must be a multiple of ${step}` }
  }
  const shift = currency.exponent - stripeExponent(currency)
  return shift >= 0 ? amount * 10n ** BigInt(shift) : amount / 10n ** BigInt(-shift)
}

/** Minor units as Stripe's resources write them; refused where Stripe has no such amount. */
export const stripeFromMinor = (
  currency: MoneyCurrency,
  minor: bigint,
): bigint | { readonly reason: string } => {
  const shift = stripeExponent(currency) - currency.exponent
  const unit = shift < 0 ? 10n ** BigInt(-shift) : 1n
  const amount = shift >= 0 ? minor * 10n ** BigInt(shift) : minor / unit
  if (minor % unit !== 0n || amount % stripeStep(currency) !== 0n) {
    return { reason: `${minor} minor units of ${currency.code} cannot be written in Stripe's amounts` }
  }
  return amount
}
