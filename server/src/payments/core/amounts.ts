import { type MoneyCurrency, minorFromStripe } from '../../kit/index.ts'

/**
 * The least that can be charged, as https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts states it, in the
 * amounts of Stripe's resources. A currency that the page does not name has no minimum of its own: one unit of its amounts.
 */
export const MINIMUM_AMOUNTS: Readonly<Record<string, bigint>> = {
  USD: 50n,
  AED: 200n,
  AUD: 50n,
  BGN: 100n,
  BRL: 50n,
  CAD: 50n,
  CHF: 50n,
  CZK: 1_500n,
  DKK: 250n,
  EUR: 50n,
  GBP: 30n,
  HKD: 400n,
  HRK: 50n,
  HUF: 17_500n,
  INR: 50n,
  JPY: 50n,
  MXN: 1_000n,
  MYR: 200n,
  NOK: 300n,
  NZD: 50n,
  PLN: 200n,
  RON: 200n,
  SEK: 300n,
  SGD: 50n,
  THB: 1_000n,
}

/** Eight digits, and twelve for IDR: the same page. */
const MAXIMUM_AMOUNT = 99_999_999n
const MAXIMUM_AMOUNTS: Readonly<Record<string, bigint>> = { IDR: 999_999_999_999n }

export const minimumOf = (currency: MoneyCurrency): bigint => MINIMUM_AMOUNTS[currency.code] ?? 1n
export const maximumOf = (currency: MoneyCurrency): bigint => MAXIMUM_AMOUNTS[currency.code] ?? MAXIMUM_AMOUNT

export type WrongAmount = {
  readonly code: 'amount_too_small' | 'amount_too_large' | 'parameter_invalid_integer'
  readonly message: string
}

const shown = (currency: MoneyCurrency, amount: bigint): string => `${amount} ${currency.code.toLowerCase()}`

/** An amount as it was sent, in our minor units, or what is wrong with it. */
export const readAmount = (
  currency: MoneyCurrency,
  sent: number,
  param = 'amount',
): { readonly minor: bigint } | WrongAmount => {
  const amount = BigInt(sent)
  if (amount < 1n) {
    return {
      code: 'parameter_invalid_integer',
      message: `This value must be greater than or equal to 1 (${param}).`,
    }
  }
  if (amount < minimumOf(currency)) {
    return {
      code: 'amount_too_small',
      message: `The ${param} must be at least ${shown(currency, minimumOf(currency))}, in the smallest unit of the currency.`,
    }
  }
  if (amount > maximumOf(currency)) {
    return {
      code: 'amount_too_large',
      message: `The ${param} must be no more than ${shown(currency, maximumOf(currency))}, in the smallest unit of the currency.`,
    }
  }
  const minor = minorFromStripe(currency, amount)
  return typeof minor === 'bigint'
    ? { minor }
    : { code: 'parameter_invalid_integer', message: `Invalid ${param}: ${minor.reason}.` }
}
