import { plannedHours, shareOf } from '../forecast/planned.ts'
import type { Benefit, LaunchContent } from '../model.ts'
import { DAYS_PER_YEAR, HOURS_PER_DAY, MONTHS_PER_YEAR } from './assumptions.ts'
import { type Price, roundLoss } from './price.ts'

/** Minor units per day. */
export type PerDay = { readonly low: number; readonly high: number }

export type StageStake = {
  readonly days: number
  /** Of everything that the launch is about, 0 to 1. */
  readonly share: number
  /** What the launch brings per day at this exposure, and what is forgone beside it. */
  readonly benefitPerDay: PerDay
  readonly forgonePerDay: PerDay
  /** This stage's part of the expected loss: by its exposure and its length. */
  readonly riskPerDay: number
  readonly expectedLoss: number
}

export type Waiting = {
  /** What each day without the launch forgoes. */
  readonly perDay: PerDay
  /** What each day of the launch costs in expected losses, on average over its stages. */
  readonly riskPerDay: number
  readonly horizonDays: number
  readonly stages: readonly StageStake[]
  readonly assumptions: readonly string[]
}

/** Benefits are rounded down, as losses are rounded up. */
const roundBenefit = (amount: number): number => Math.floor(amount + 1e-6)

const perDayOf = ({ low, high, per }: Benefit, share = 1): PerDay => {
  const times = ((per === 'month' ? MONTHS_PER_YEAR : 1) / DAYS_PER_YEAR) * share
  return { low: roundBenefit(low * times), high: roundBenefit(high * times) }
}

const days = (count: number): string => {
  const shown = count < 10 ? count.toFixed(1).replace(/\.0$/, '') : String(Math.round(count))
  return `${shown} ${shown === '1' ? 'day' : 'days'}`
}

const assumptionsOf = ({ benefit }: LaunchContent, price: Price, horizonDays: number): string[] => [
  `Benefit: the stated range per ${benefit.per}, at 365 days a year, from the day that everybody is exposed; in proportion to exposure before.`,
  `Risk: the expected loss of all risks over the ${days(horizonDays)} that the stages take as planned; each stage bears its part by exposure and length.`,
  `Prices: how often a risk happens by Poisson, how much by a lognormal quantity with the stated range as its 90 % interval; ${price.draws.toLocaleString('en-US')} draws, risks independent of each other, nothing taken off for tripwires and mitigations.`,
]

/** The cost of waiting beside the cost of risk, per day and in the same currency. */
export const costOfWaiting = (content: LaunchContent, price: Price): Waiting => {
  const parts = content.stages.map((stage) => ({
    days: plannedHours(content, stage) / HOURS_PER_DAY,
    share: shareOf(content, stage),
  }))
  const horizonDays = parts.reduce((sum, part) => sum + part.days, 0)
  const weight = parts.reduce((sum, part) => sum + part.days * part.share, 0)
  const perDay = perDayOf(content.benefit)
  const stages = parts.map((part): StageStake => {
    const loss = weight === 0 ? 0 : (price.total.mean * part.days * part.share) / weight
    return {
      ...part,
      benefitPerDay: perDayOf(content.benefit, part.share),
      forgonePerDay: perDayOf(content.benefit, 1 - part.share),
      riskPerDay: roundLoss(loss / part.days),
      expectedLoss: roundLoss(loss),
    }
  })
  return {
    perDay,
    riskPerDay: horizonDays === 0 ? 0 : roundLoss(price.total.mean / horizonDays),
    horizonDays,
    stages,
    assumptions: assumptionsOf(content, price, horizonDays),
  }
}
