/** An amount in minor units of a currency, always together with that currency. */
export type Minor = bigint

/** The bounds of an amount: 64 bits, signed, as PostgreSQL's bigint. */
export const MINOR_MAX = 9_223_372_036_854_775_807n
export const MINOR_MIN = -9_223_372_036_854_775_808n

/** The largest integer that JSON carries exactly everywhere: 2^53 - 1. */
export const JSON_INTEGER_MAX = 9_007_199_254_740_991n

/** How amounts are written in a text. No group separator: digits must stand together. */
export type NumberStyle = {
  readonly decimalSeparator: '.' | ','
  readonly groupSeparator: '' | '.' | ',' | ' ' | "'"
}

export const PLAIN_STYLE: NumberStyle = { decimalSeparator: '.', groupSeparator: '' }

/** An int64 has 19 digits; anything much longer is refused before it is turned into a bigint. */
const DIGITS_MAX = 40

const MINUS = '\u2212'

const DIGITS = /^\d+$/

/** Digits in groups of three, the first of one to three. '' is no grouping. */
const ungroup = (text: string, separator: string): string | null => {
  const groups = text.split(separator)
  const fine = groups.every((group, index) =>
    index === 0 ? group.length >= 1 && group.length <= 3 : group.length === 3,
  )
  return fine ? groups.join('') : null
}

const invalid = (text: string, why: string): { readonly reason: string } => ({
  reason: `"${text.length > DIGITS_MAX ? `${text.slice(0, DIGITS_MAX)}…` : text}" ${why}`,
})

/** Takes the sign off: before or after the digits, hyphen or true minus. */
const unsign = (text: string): { readonly negative: boolean; readonly rest: string } => {
  const first = text.charAt(0)
  if (first === '-' || first === MINUS) return { negative: true, rest: text.slice(1) }
  if (first === '+') return { negative: false, rest: text.slice(1) }
  const last = text.charAt(text.length - 1)
  if (last === '-' || last === MINUS) return { negative: true, rest: text.slice(0, -1) }
  return { negative: false, rest: text }
}

/**
 * Reads an amount exactly: '1000.00' with exponent 2 is 100000n. Decimals beyond the exponent must be zeros;
 * '1.005' is refused, never rounded. Exponents, currency signs and brackets are refused too.
 */
export const parseMinor = (
  text: string,
  exponent: number,
  style: NumberStyle = PLAIN_STYLE,
): Minor | { readonly reason: string } => {
  const trimmed = text.trim()
  if (trimmed === '') return { reason: 'the amount is empty' }
  if (trimmed.length > DIGITS_MAX) return invalid(trimmed, 'is too long for an amount')
  const { negative, rest } = unsign(trimmed)
  const point = rest.indexOf(style.decimalSeparator)
  const whole = point === -1 ? rest : rest.slice(0, point)
  const fraction = point === -1 ? '' : rest.slice(point + 1)
  const separator = style.groupSeparator
  // Banks group with a no-break space where they say "space".
  const plain = separator === ' ' ? whole.replaceAll(/[\u00a0\u202f]/g, ' ') : whole
  const grouped = separator !== '' && plain.includes(separator)
  // '.50' is how some systems write a half; the point says what is meant.
  const units = grouped ? ungroup(plain, separator) : plain === '' && fraction !== '' ? '0' : plain
  if (units === null || !DIGITS.test(units) || (point !== -1 && !DIGITS.test(fraction))) {
    const groups = separator === '' ? 'no group separator' : `"${separator}" between groups of three digits`
    return invalid(trimmed, `is not an amount with "${style.decimalSeparator}" for decimals and ${groups}`)
  }
  const kept = fraction.slice(0, exponent)
  if (/[^0]/.test(fraction.slice(exponent))) return invalid(trimmed, `has more than ${exponent} decimals`)
  const size = BigInt(units + kept.padEnd(exponent, '0'))
  const minor = negative ? -size : size
  return minor > MINOR_MAX || minor < MINOR_MIN ? invalid(trimmed, 'does not fit in 64 bits') : minor
}

/** How amounts are shown: what stands between thousands and before a negative one. */
export type ShowStyle = { readonly groupSeparator?: string; readonly minus?: string }

/** '25,412,513.80' for 2541251380n with exponent 2. */
export const formatMinor = (minor: Minor, exponent: number, style: ShowStyle = {}): string => {
  const { groupSeparator = ',', minus = '-' } = style
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0')
  const units = digits.slice(0, digits.length - exponent)
  const decimals = exponent === 0 ? '' : `.${digits.slice(digits.length - exponent)}`
  const grouped = units.replace(/\B(?=(?:\d{3})+$)/g, groupSeparator)
  return `${minor < 0n ? minus : ''}${grouped}${decimals}`
}

/** Minor units as JSON carries them: an integer up to 2^53 - 1 either way, beyond that null. */
export const jsonInteger = (minor: Minor): number | null =>
  minor <= JSON_INTEGER_MAX && minor >= -JSON_INTEGER_MAX ? Number(minor) : null
