import type { LaunchContent, Stage } from '../model.ts'
import { HOURS_PER_DAY, STAGE_HOURS_LEAST } from '../pricing/assumptions.ts'

/**
 * How long a stage takes at least if everything goes as forecast: its minimum time, or until enough payments came and
 * matured. Null: never, as none are expected.
 */
export const gatheringHours = (content: LaunchContent, stage: Stage): number | null => {
  if (stage.min_matured_payments === 0) return 0
  if (stage.forecast_payments_per_day <= 0) return null
  const days = stage.min_matured_payments / stage.forecast_payments_per_day
  return days * HOURS_PER_DAY + content.maturity_hours
}

/** As planned; a stage that never gathers its payments counts with its minimum time. */
export const plannedHours = (content: LaunchContent, stage: Stage): number =>
  Math.max(stage.min_hours, gatheringHours(content, stage) ?? 0, STAGE_HOURS_LEAST)

/** What the stage puts at stake of all that can be: its exposure, or what its named units are forecast to bring. */
export const shareOf = (content: LaunchContent, stage: Stage): number => {
  const all = content.forecast.payments_per_day
  const named = all > 0 ? stage.forecast_payments_per_day / all : 0
  const share = stage.exposure_bp > 0 ? stage.exposure_bp / 10_000 : named
  return Math.min(1, Math.max(0, share))
}
