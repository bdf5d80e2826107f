/** Findings of one check that are shown; the others are counted. */
export const FINDINGS_SHOWN = 20
/** A lease of an idempotency key that has been over for this long is worth a note: nobody has gone on with its request. */
export const LEASE_LONG_OVER_MS = 3_600_000
