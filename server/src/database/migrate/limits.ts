/** How long one process waits for another that migrates. */
export const TURN_TIMEOUT_MS = 120_000
export const TURN_POLL_MS = 100

/**
 * A migration that needs a lock gives way to running work after this, and tries again. It is longer than the second after
 * which PostgreSQL takes a table from its own vacuum for whoever waits.
 */
export const LOCK_TIMEOUT_MS = 2_000
export const LOCK_ATTEMPTS = 15
/** As long as the work that waited behind the migration needs to catch up. */
export const LOCK_PAUSE_MS = 2_000

/** An index that is built concurrently waits for every transaction that is older than it, and nobody waits for it. */
export const CONCURRENT_LOCK_TIMEOUT_MS = 600_000

/** The key of the advisory lock, one per database: the letters "keel" as a number. */
export const MIGRATION_LOCK = 0x6b65656c

/** Rows that have aged go in so many at a time, once an hour. */
export const AGED_ROWS_AT_ONCE = 20_000
