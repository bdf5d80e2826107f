import { currencyOf, formatMinor } from '../../kit/index.ts'

/** How the page writes amounts, shares and moments. */

const SIGNIFICANT = 3
const EXACT_BELOW = 10

export const exponentOf = (currency: string): number => currencyOf(currency.toUpperCase())?.exponent ?? 2

const plain = (units: number): string =>
  units.toLocaleString('en-US', {
    maximumSignificantDigits: SIGNIFICANT,
    maximumFractionDigits: 2,
    roundingPriority: 'lessPrecision',
  })

const SCALES = [
  { from: 1_000_000_000, word: ' billion' },
  { from: 1_000_000, word: ' million' },
] as const
type Scale = { readonly from: number; readonly word: string }
const UNSCALED: Scale = { from: 1, word: '' }

const scaleOf = (units: number): Scale => SCALES.find(({ from }) => units >= from) ?? UNSCALED

const scaled = (minor: number, currency: string, { from }: Scale): string => {
  const units = minor / 10 ** exponentOf(currency) / from
  if (units === 0) return '0'
  return from === 1 && units < EXACT_BELOW
    ? formatMinor(BigInt(Math.round(minor)), exponentOf(currency))
    : plain(units)
}

/** 93,700 or 1.28 million: three digits, as nobody knows an estimate better. */
export const figure = (minor: number, currency: string): string => {
  const scale = scaleOf(minor / 10 ** exponentOf(currency))
  return `${scaled(minor, currency, scale)}${scale.word}`
}

/** 2,460 to 4,380, or 0.9 to 1.6 million: both on the scale of the larger one. */
export const figureRange = (low: number, high: number, currency: string): string => {
  const scale = scaleOf(high / 10 ** exponentOf(currency))
  const [from, to] = [scaled(low, currency, scale), scaled(high, currency, scale)]
  return `${from === to ? to : `${from} to ${to}`}${scale.word}`
}

/** EUR 93,700 */
export const estimate = (minor: number, currency: string): string =>
  `${currency.toUpperCase()} ${figure(minor, currency)}`

/** EUR 2,460 to 4,380 */
export const estimateRange = (low: number, high: number, currency: string): string =>
  `${currency.toUpperCase()} ${figureRange(low, high, currency)}`

/** An exact amount in a column that names its currency above. */
export const amount = (minor: number, currency: string): string =>
  formatMinor(BigInt(Math.round(minor)), exponentOf(currency))

export const count = (number: number): string => number.toLocaleString('en-US')

export const many = (number: number, one: string, several = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : several}`

/** 0.05 %, 5 %, 100 % */
export const exposure = (bp: number): string => `${(bp / 100).toFixed(2).replace(/\.?0+$/, '')} %`

export const isZone = (timeZone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone })
    return true
  } catch {
    return false
  }
}

export const dateOf = (seconds: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'short', year: 'numeric' }).format(
    seconds * 1_000,
  )

export const shortDateOf = (seconds: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'short' }).format(seconds * 1_000)

const FAR_S = 270 * 86_400

/** 30 Nov, or Nov 2028 where the year matters more than the day. */
export const nearDateOf = (seconds: number, nowSeconds: number, timeZone: string): string =>
  Math.abs(seconds - nowSeconds) < FAR_S
    ? shortDateOf(seconds, timeZone)
    : new Intl.DateTimeFormat('en-GB', { timeZone, month: 'short', year: 'numeric' }).format(seconds * 1_000)

export const momentOf = (seconds: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
    .format(seconds * 1_000)
    .replace(',', '')
