/** Written as people write them: digits, with a space or a dash between. */
const DIGITS = /\d(?:[ -]?\d){12,18}/g

const isCardNumber = (digits: string): boolean => {
  let sum = 0
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at])
    const twice = digit * 2
    sum += at % 2 === 0 ? digit : twice > 9 ? twice - 9 : twice
  }
  return sum % 10 === 0
}

const SHOWN = 4

/** A card number that somebody sent where none belongs is not repeated in a message: answers are stored and logged. */
export const hideCardNumbers = (text: string): string =>
  text.replaceAll(DIGITS, (found) => {
    const digits = found.replaceAll(/\D/g, '')
    return isCardNumber(digits) ? `${'*'.repeat(digits.length - SHOWN)}${digits.slice(-SHOWN)}` : found
  })
