/** Microseconds in an hour, as a number: all moments of the records fit. */
export const MICROS_PER_HOUR = 3_600_000_000

/** A watch that is older says nothing of now: twelve ticks were missed. */
export const STALE_AFTER_MICROS = 60_000_000
