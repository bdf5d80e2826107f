import type { CardEntered } from '../port/index.ts'
import type { TestCard } from './behaviour.ts'
import { SUCCEEDING_CARDS } from './cards-by-brand.ts'
import { DECLINED_CARDS, RISKY_CARDS } from './cards-that-fail.ts'
import { AUTHENTICATED_CARDS, DISPUTED_CARDS, OUR_CARDS, REFUND_CARDS } from './cards-with-a-story.ts'

/** The published test cards by chapter, in the order of docs/guides/test-values.md. */
export const TEST_CARD_CHAPTERS: Readonly<Record<string, readonly TestCard[]>> = {
  'Cards that succeed': SUCCEEDING_CARDS,
  'Cards that are declined': DECLINED_CARDS,
  'Risk and checks': RISKY_CARDS,
  'Disputes and warnings': DISPUTED_CARDS,
  'Refunds and availability': REFUND_CARDS,
  '3D Secure': AUTHENTICATED_CARDS,
  'Faults between machines': OUR_CARDS,
}

export const TEST_CARDS: readonly TestCard[] = Object.values(TEST_CARD_CHAPTERS).flat()

const byNumber = new Map(TEST_CARDS.map((one) => [one.number, one]))
const byKey = new Map(TEST_CARDS.map((one) => [one.key, one]))
const byName = new Map(TEST_CARDS.flatMap((one) => one.names.map((name) => [name, one])))

export const cardOfNumber = (number: string): TestCard | null => byNumber.get(number) ?? null

export const cardOfKey = (key: string): TestCard | null => byKey.get(key) ?? null

/** The expiry of cards that are named and not typed in: far enough for a sandbox whose clock is moved for years. */
const NAMED_EXPIRY = { expMonth: 12, expYear: 2040 } as const

const entered = (name: string): CardEntered | null => {
  const found = byName.get(name)
  if (found === undefined) return null
  return { number: found.number, ...NAMED_EXPIRY, cvc: found.brand === 'amex' ? '1234' : '123' }
}

const PAYMENT_METHOD = 'pm_card_'
const TOKEN = 'tok_'

/** pm_card_visa and the like; null for what is no test payment method. */
export const testPaymentMethod = (name: string): CardEntered | null =>
  name.startsWith(PAYMENT_METHOD) ? entered(name.slice(PAYMENT_METHOD.length)) : null

/** tok_visa and the like; null for what is no test token. */
export const testToken = (name: string): CardEntered | null =>
  name.startsWith(TOKEN) ? entered(name.slice(TOKEN.length)) : null
