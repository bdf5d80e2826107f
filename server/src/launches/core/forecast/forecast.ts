import type { LaunchContent, Stage } from '../model.ts'
import {
  APPROVAL_HOURS_HIGH,
  APPROVAL_HOURS_LOW,
  FORECAST_DRAWS,
  HOURS_PER_DAY,
  INTERVAL_SIGMAS,
  VOLUME_FACTOR,
} from '../pricing/assumptions.ts'
import { drawNormal } from '../pricing/normal.ts'
import type { Random } from '../pricing/random.ts'
import { drawLognormal, type Lognormal, lognormalOf } from '../pricing/risk.ts'

/** Where the launch is: in which stage, since how many hours, with how many matured payments. */
export type Place = { readonly stage: number; readonly elapsedHours: number; readonly matured: number }

/** In half of all histories it is over by p50 hours from now, in 85 of a hundred by p85. Null: never. */
export type StageForecast = {
  readonly stage: number
  readonly p50Hours: number | null
  readonly p85Hours: number | null
}

export type Forecast = {
  /** Those that are not over yet. The last one's end is the launch's. */
  readonly stages: readonly StageForecast[]
  readonly draws: number
  readonly assumptions: readonly string[]
}

const APPROVAL = lognormalOf(APPROVAL_HOURS_LOW, APPROVAL_HOURS_HIGH)
const VOLUME: Lognormal = { mu: 0, sigma: (2 * Math.log(VOLUME_FACTOR)) / INTERVAL_SIGMAS }

export const FORECAST_ASSUMPTIONS: readonly string[] = [
  `Dates: the stages' minimum times; the forecast volume, off by a factor of up to ${VOLUME_FACTOR} in nine of ten histories; each signer approves ${APPROVAL_HOURS_LOW} to ${APPROVAL_HOURS_HIGH} hours after being asked; no holds, no rollbacks. ${FORECAST_DRAWS.toLocaleString('en-US')} draws.`,
]

type Left = { readonly payments: number; readonly hours: number; readonly maturityHours: number }

const leftOf = (content: LaunchContent, stage: Stage, here: Place | null): Left => {
  const elapsed = here?.elapsedHours ?? 0
  return {
    payments: Math.max(0, stage.min_matured_payments - (here?.matured ?? 0)),
    hours: Math.max(0, stage.min_hours - elapsed),
    // What came in the meantime goes on maturing.
    maturityHours: Math.max(0, content.maturity_hours - elapsed),
  }
}

/** Until that many payments came: their number varies as a Poisson one does, taken as normal. */
const gathering = (payments: number, perDay: number, random: Random): number => {
  if (payments === 0) return 0
  if (perDay <= 0) return Number.POSITIVE_INFINITY
  const noise = Math.sqrt(payments) * drawNormal(random)
  return (Math.max(0, payments + noise) / perDay) * HOURS_PER_DAY
}

const approving = (stage: Stage, random: Random): number =>
  stage.required_signers.reduce((longest) => Math.max(longest, drawLognormal(APPROVAL, random)), 0)

const stageHours = (stage: Stage, left: Left, volume: number, random: Random): number => {
  const perDay = stage.forecast_payments_per_day * volume
  const gathered = gathering(left.payments, perDay, random)
  const matured = left.payments === 0 ? 0 : gathered + left.maturityHours
  return Math.max(left.hours, matured) + approving(stage, random)
}

const quantile = (sorted: Float64Array, chance: number): number | null => {
  const hours = sorted[Math.ceil(chance * sorted.length) - 1]
  return hours === undefined || !Number.isFinite(hours) ? null : Math.ceil(hours)
}

/** When each stage that is not over ends, counted from now in hours. The same random numbers give the same dates. */
export const forecastOf = (
  content: LaunchContent,
  place: Place,
  random: Random,
  draws: number = FORECAST_DRAWS,
): Forecast => {
  const stages = content.stages.slice(place.stage)
  const ends = stages.map(() => new Float64Array(draws))
  for (let draw = 0; draw < draws; draw += 1) {
    // What was forecast wrongly is so for all stages of a history.
    const volume = drawLognormal(VOLUME, random)
    let hours = 0
    for (const [at, stage] of stages.entries()) {
      hours += stageHours(stage, leftOf(content, stage, at === 0 ? place : null), volume, random)
      const column = ends[at]
      if (column !== undefined) column[draw] = hours
    }
  }
  return {
    stages: ends.map((column, at) => {
      column.sort()
      return {
        stage: place.stage + at,
        p50Hours: quantile(column, 0.5),
        p85Hours: quantile(column, 0.85),
      }
    }),
    draws,
    assumptions: FORECAST_ASSUMPTIONS,
  }
}
