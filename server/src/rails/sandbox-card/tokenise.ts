import { createHmac, type KeyObject, randomBytes } from 'node:crypto'
import type { WallClock } from '../../kit/index.ts'
import type { CardEntered, CardRefused, Tokenised } from '../port/index.ts'
import type { TestCard } from './behaviour.ts'
import { cardOfKey, cardOfNumber } from './cards.ts'
import { EXPIRY_YEARS_MOST, FINGERPRINT_LENGTH, NUMBER_DIGITS_LEAST, NUMBER_DIGITS_MOST } from './limits.ts'

/** What a token says: which test card it stands for, and whether its CVC was given. */
export type TokenSays = { readonly card: TestCard; readonly hasCvc: boolean }

const RANDOM_BYTES = 12
const TOKEN = /^sbx_(\w+)_([cn])[0-9a-f]{24}$/

const newToken = (card: TestCard, hasCvc: boolean): string =>
  `sbx_${card.key}_${hasCvc ? 'c' : 'n'}${randomBytes(RANDOM_BYTES).toString('hex')}`

/** Null for a token that is not one of ours. */
export const readToken = (token: string): TokenSays | null => {
  const [, key = '', mark] = TOKEN.exec(token) ?? []
  const card = cardOfKey(key)
  return card === null ? null : { card, hasCvc: mark === 'c' }
}

/** The check digit of card numbers, ISO/IEC 7812-1. */
export const passesLuhn = (digits: string): boolean => {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The same number gives the same text, and nobody without the key can find the number by trying them all. */
const fingerprintOf = (key: KeyObject, number: string): string => {
  const digest = createHmac('sha256', key).update(number).digest()
  let rest = (digest.readBigUInt64BE(0) << 64n) + digest.readBigUInt64BE(8)
  let text = ''
  while (text.length < FINGERPRINT_LENGTH) {
    text += BASE62[Number(rest % 62n)]
    rest /= 62n
  }
  return text
}

const refused = (
  code: string,
  param: CardRefused['param'],
  message: string,
  declineCode?: string,
): CardRefused => ({
  kind: 'refused',
  code,
  param,
  message,
  ...(declineCode === undefined ? {} : { declineCode }),
})

const findCard = (number: string): TestCard | CardRefused => {
  const isNumber = /^\d+$/.test(number)
  if (!isNumber || number.length < NUMBER_DIGITS_LEAST || number.length > NUMBER_DIGITS_MOST)
    return refused('invalid_number', 'number', 'The card number is not a valid credit card number.')
  if (!passesLuhn(number)) return refused('incorrect_number', 'number', 'Your card number is incorrect.')
  return (
    cardOfNumber(number) ??
    refused(
      'card_declined',
      'number',
      'Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid test cards, see docs/guides/test-values.md.',
      'test_mode_live_card',
    )
  )
}

/** Two digits mean this century. */
const fullYear = (year: number): number => (year >= 0 && year < 100 ? 2_000 + year : year)

const checkExpiry = (month: number, year: number, now: Date): CardRefused | null => {
  const badMonth = refused('invalid_expiry_month', 'exp_month', "Your card's expiration month is invalid.")
  if (!Number.isInteger(month) || month < 1 || month > 12) return badMonth
  const thisYear = now.getUTCFullYear()
  if (!Number.isInteger(year) || year < thisYear || year > thisYear + EXPIRY_YEARS_MOST)
    return refused('invalid_expiry_year', 'exp_year', "Your card's expiration year is invalid.")
  return year === thisYear && month < now.getUTCMonth() + 1 ? badMonth : null
}

const checkCvc = (cvc: string | null, card: TestCard): CardRefused | null => {
  if (cvc === null) return null
  const isWellFormed = card.brand === 'amex' ? /^\d{3,4}$/.test(cvc) : /^\d{3}$/.test(cvc)
  return isWellFormed ? null : refused('invalid_cvc', 'cvc', "Your card's security code is invalid.")
}

const SEPARATORS = /[ -]/g

/**
 * Takes a number in and gives a token for it. Here its way ends: it is not stored, not logged, and in no message. Whoever
 * pastes a real card into a sandbox is refused.
 */
export const tokenise =
  ({ clock, fingerprintKey }: { readonly clock: WallClock; readonly fingerprintKey: KeyObject }) =>
  (entered: CardEntered): Tokenised | CardRefused => {
    const number = entered.number.replaceAll(SEPARATORS, '')
    const card = findCard(number)
    if ('kind' in card) return card
    const expYear = fullYear(entered.expYear)
    const wrong = checkExpiry(entered.expMonth, expYear, new Date(clock.now())) ?? checkCvc(entered.cvc, card)
    if (wrong !== null) return wrong
    const hasCvc = entered.cvc !== null
    return {
      kind: 'tokenised',
      token: newToken(card, hasCvc),
      fingerprint: fingerprintOf(fingerprintKey, number),
      brand: card.brand,
      last4: number.slice(-4),
      expMonth: entered.expMonth,
      expYear,
      funding: card.funding,
      country: card.country,
      checks: { cvc: hasCvc ? 'unchecked' : null, addressLine1: null, postalCode: null },
    }
  }
