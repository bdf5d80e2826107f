/** Units that may wait for one tenant; the next one is answered 429. */
export const WAITING_UNITS_MOST = 8_192
/** What the waiting units of one tenant may weigh, in bytes of their requests. */
export const WAITING_BYTES_MOST = 64 * 1024 * 1024
/** Small units that share a commit, and what they may decide and weigh together. */
export const BATCH_UNITS_MOST = 2_048
export const BATCH_ITEMS_MOST = 4_096
export const BATCH_BYTES_MOST = 4 * 1024 * 1024
/** A unit of more items than this shares its commit with nobody. */
export const SMALL_UNIT_ITEMS_MOST = 128
/** How often a batch is tried again after a fault of the database, and the pause before the first time. */
export const BATCH_RETRIES_MOST = 6
export const BATCH_RETRY_PAUSE_MS = 20
/** How often a unit may find that it needs rows which an earlier unit of its batch made. */
export const DEFERRALS_MOST = 3
/** How long a commit whose answer was lost is looked for before its callers are told that the outcome is unknown. */
export const LOOKING_MOST_MS = 20_000
export const LOOKING_PAUSE_MS = 100
/** Batches whose numbers and ids are kept, so that a lost answer can be looked up. */
export const BATCHES_KEPT = 1_000n
/** A database clock that is further behind the newest recorded time than this is a fault. */
export const CLOCK_BEHIND_MOST_MICROS = 5_000_000n
/** What Retry-After says when the queue is full, or the database is away. */
export const BUSY_RETRY_AFTER_S = 1
/** Rows of a table that stay in memory between batches, where the table names no number of its own. */
export const ROWS_KEPT = 40_000
/** Tenants whose rows stay in memory. */
export const TENANTS_KEPT = 16
/** Batches that follow one another on one connection before other tenants have their turn. */
export const SERIES_BATCHES_MOST = 32
