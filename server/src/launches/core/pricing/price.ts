import { canonicalJson } from '../../../kit/index.ts'
import type { Risk } from '../model.ts'
import { CURVE_CHANCES_BP, PRICE_DRAWS } from './assumptions.ts'
import { createRandom } from './random.ts'
import { drawLoss, expectedLoss, rateOf } from './risk.ts'

/** Minor units. Half of all histories cost less than p50, one of ten more than p90, one of twenty more than p95. */
export type Loss = {
  readonly mean: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
}

/** With this chance it costs more than that. */
export type CurvePoint = { readonly chanceBp: number; readonly loss: number }

export type Price = {
  readonly draws: number
  readonly total: Loss
  /** That anything happens at all, in basis points. */
  readonly anyBp: number
  /** In the order of the risks. */
  readonly risks: readonly Loss[]
  readonly curve: readonly CurvePoint[]
}

const ALL_BP = 10_000

/** Losses are rounded up, never down: the page may not be more cheerful than its figures. */
export const roundLoss = (loss: number): number =>
  loss <= 0 ? 0 : Math.min(Math.ceil(loss - 1e-6), Number.MAX_SAFE_INTEGER)

/** The smallest loss that is not exceeded with that chance, of losses in rising order. */
const quantile = (sorted: Float64Array, chance: number): number => {
  const at = Math.ceil(chance * sorted.length) - 1
  return roundLoss(sorted[at < 0 ? 0 : at] ?? 0)
}

const lossOf = (sorted: Float64Array, mean: number): Loss => ({
  mean: roundLoss(mean),
  p50: quantile(sorted, 0.5),
  p90: quantile(sorted, 0.9),
  p95: quantile(sorted, 0.95),
})

/**
 * The seed is what is priced, and nothing else: the same figures always have the same price, and nobody gets another
 * one by changing a word until the draws fall better. Its place keeps two like risks from happening together.
 */
const seedOf = (risk: Risk, place: number): string =>
  canonicalJson(['risk', place, risk.probability, risk.impact_low, risk.impact_high])

/**
 * The price of risks as in riskquant's simple loss model: how often by Poisson, how much by a lognormal quantity. The means are exact, all else
 * is drawn.
 */
export const priceRisks = (risks: readonly Risk[], draws: number = PRICE_DRAWS): Price => {
  const totals = new Float64Array(draws)
  const prices = risks.map((risk, place): Loss => {
    const random = createRandom(seedOf(risk, place))
    const losses = new Float64Array(draws)
    for (let draw = 0; draw < draws; draw += 1) {
      const loss = drawLoss(risk, random)
      losses[draw] = loss
      totals[draw] = (totals[draw] ?? 0) + loss
    }
    return lossOf(losses.sort(), expectedLoss(risk))
  })
  totals.sort()
  const rate = risks.reduce((sum, risk) => sum + rateOf(risk.probability), 0)
  const mean = risks.reduce((sum, risk) => sum + expectedLoss(risk), 0)
  return {
    draws,
    total: lossOf(totals, mean),
    anyBp: Math.round((1 - Math.exp(-rate)) * ALL_BP),
    risks: prices,
    curve: CURVE_CHANCES_BP.map((chanceBp) => ({
      chanceBp,
      loss: quantile(totals, 1 - chanceBp / ALL_BP),
    })),
  }
}
