/** How long one process waits for another that migrates. */
export const TURN_TIMEOUT_MS = 120_000
export const TURN_POLL_MS = 100

/** A migration that needs a lock gives way to running work after this, and tries again. */
export const LOCK_TIMEOUT_MS = 2_000
export const LOCK_ATTEMPTS = 15
export const LOCK_PAUSE_MS = 500

/** The key of the advisory lock, one per database: the letters "keel" as a number. */
export const MIGRATION_LOCK = 0x6b65656c
