/** Findings that are looked up one by one when a comparison of sums has failed. */
export const FINDINGS_SOUGHT = 20
/** Progress is told after so many rows. */
export const PROGRESS_ROWS = 65_536
