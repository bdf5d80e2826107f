const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BASE = 62n

/** A whole number of zero or more in the digits 0-9, A-Z, a-z, filled up with zeros to a width. */
export const toBase62 = (value: bigint, width = 1): string => {
  let text = ''
  for (let rest = value; rest > 0n; rest /= BASE) text = DIGITS.charAt(Number(rest % BASE)) + text
  return text.padStart(width, '0')
}

/** Null when the text is empty or has another character in it. */
export const fromBase62 = (text: string): bigint | null => {
  let value = 0n
  for (const digit of text) {
    const at = DIGITS.indexOf(digit)
    if (at < 0) return null
    value = value * BASE + BigInt(at)
  }
  return text === '' ? null : value
}
