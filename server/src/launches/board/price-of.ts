import type { Launch } from '../core/model.ts'
import { type Price, priceRisks } from '../core/pricing/price.ts'
import { costOfWaiting, type Waiting } from '../core/pricing/waiting.ts'
import { PRICES_KEPT } from './limits.ts'

export type Priced = { readonly price: Price; readonly waiting: Waiting }

const prices = new Map<string, Priced>()

/** The price of a launch's content. The same content has the same price, so it is worked out once. */
export const priceOf = ({ content, contentHash }: Pick<Launch, 'content' | 'contentHash'>): Priced => {
  const known = prices.get(contentHash)
  if (known !== undefined) return known
  const price = priceRisks(content.risks)
  const priced = { price, waiting: costOfWaiting(content, price) }
  const [oldest] = prices.keys()
  if (prices.size >= PRICES_KEPT && oldest !== undefined) prices.delete(oldest)
  prices.set(contentHash, priced)
  return priced
}
