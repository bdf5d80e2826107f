// What prices, forecasts and the words about detection take for granted. All of it is shown beside the figures.

/** Histories of which a price is made. */
export const PRICE_DRAWS = 10_000

/** A 90 % interval of a normal quantity is that many of its standard deviations wide (2 × 1.645). */
export const INTERVAL_SIGMAS = 3.29

/** Chances, in basis points, at which the curve says what loss is exceeded. */
export const CURVE_CHANCES_BP = [
  9_500, 9_000, 8_000, 7_000, 6_000, 5_000, 4_000, 3_000, 2_500, 2_000, 1_500, 1_000, 750, 500, 300, 200, 100,
  50,
] as const

export const DAYS_PER_YEAR = 365
export const MONTHS_PER_YEAR = 12
export const HOURS_PER_DAY = 24

/** Nothing lasts shorter than that, so that a price per day exists. */
export const STAGE_HOURS_LEAST = 1

/** Histories of which a range of dates is made. */
export const FORECAST_DRAWS = 2_000

/** In nine of ten histories the volume is between 1/1.5 and 1.5 times what was forecast. */
export const VOLUME_FACTOR = 1.5

/** In nine of ten cases a signer approves within these hours of being asked. */
export const APPROVAL_HOURS_LOW = 2
export const APPROVAL_HOURS_HIGH = 48

/** How sure a stage's look is meant to be: one-sided 5 % of false alarms, 80 % of true ones. */
export const DETECTION_ALPHA = 0.05
export const DETECTION_POWER = 0.8

/** How much worse a rate may become, in tenths: 1.5, 2, 5 and 10 times. */
export const MULTIPLES_TENTHS = [15, 20, 50, 100] as const

/** Nothing is expected to fail more often than that. */
export const RATE_MOST = 0.95

/** Below so many payments a day, shares of them prove little: named accounts come first. */
export const NAMED_FIRST_BELOW = 2_000
