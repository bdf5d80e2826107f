/** Microseconds in an hour, as a number: all moments of the records fit. */
export const MICROS_PER_HOUR = 3_600_000_000

/** A watch that is older says nothing of now: twelve ticks were missed. */
export const STALE_AFTER_MICROS = 60_000_000

/** A launch of which nothing is new is written down so often: well within what counts as now. */
export const IDLE_WRITE_MICROS = 20_000_000
