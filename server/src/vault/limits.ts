/** Tenants whose data keys are kept in memory. */
export const TENANTS_CACHED_MOST = 1_000

export const KEY_BYTES = 32

/** One, and a second one while the first takes its place. */
export const KEYS_MOST = 2

/** How often a process looks whether the master key is being replaced. */
export const LOOK_EVERY_MS = 500

/** A rotation waits at least so long for everybody to speak, and at most so long for whoever is silent. */
export const SEEN_WITHIN_MS = 1_500
export const KNOWN_WITHIN_MS = 15_000

/** A damaged key is mended by people. */
export const UNREADABLE_RETRY_AFTER_S = 60

/** What blocks the making of tenants for a moment gives way when it cannot begin at once. */
export const ROTATION_LOCK_MS = 5_000
