import type { Risk } from '../model.ts'
import { INTERVAL_SIGMAS } from './assumptions.ts'
import { drawNormal } from './normal.ts'
import type { Random } from './random.ts'

export type Lognormal = { readonly mu: number; readonly sigma: number }

/** The lognormal quantity that lies between the two in nine of ten cases. Amounts begin at 1: zero has no logarithm. */
export const lognormalOf = (low: number, high: number): Lognormal => {
  const from = Math.log(low < 1 ? 1 : low)
  const to = Math.log(high < 1 ? 1 : high)
  return { mu: (from + to) / 2, sigma: Math.abs(to - from) / INTERVAL_SIGMAS }
}

export const drawLognormal = ({ mu, sigma }: Lognormal, random: Random): number =>
  Math.exp(mu + sigma * drawNormal(random))

export const meanOf = ({ mu, sigma }: Lognormal): number => Math.exp(mu + (sigma * sigma) / 2)

const SURE = 100

/** How often it happens within the horizon, on average, if it happens at least once with that chance in percent. */
export const rateOf = (percent: number): number => -Math.log(1 - percent / SURE)

/** A Poisson number by inversion; rates here stay below 5. */
export const drawCount = (rate: number, random: Random): number => {
  let left = random()
  let chance = Math.exp(-rate)
  let count = 0
  while (left >= chance && chance > 0) {
    left -= chance
    count += 1
    chance *= rate / count
  }
  return count
}

/** What a risk costs on average: so often, times so much. */
export const expectedLoss = (risk: Risk): number =>
  rateOf(risk.probability) * meanOf(lognormalOf(risk.impact_low, risk.impact_high))

/** What it costs in one history. */
export const drawLoss = (risk: Risk, random: Random): number => {
  const count = drawCount(rateOf(risk.probability), random)
  if (count === 0) return 0
  const impact = lognormalOf(risk.impact_low, risk.impact_high)
  let loss = 0
  for (let happened = 0; happened < count; happened += 1) loss += drawLognormal(impact, random)
  return loss
}
