/** Every bound of tenants and API keys stands here. */

export const SANDBOX_NAME_CHARS = 40

/** Sandboxes that stand at one time. Each has a head row and a data key, and waits for its turn among the tenants. */
export const SANDBOXES_MOST = 1_000

/** Keys of one tenant that can still be used. */
export const KEYS_MOST = 100

/** Keys of one tenant that are listed, newest first; revoked ones are kept for ever. */
export const KEYS_LISTED = 1_000

export const KEY_NAME_CHARS = 200

/** Permissions of one restricted key. */
export const PERMISSIONS_MOST = 200

/** How long an old key may work beside the one that took its place: 30 days. */
export const ROLL_OVERLAP_MOST_MS = 30 * 86_400_000

/** Keys whose use a process remembers until it is written down. */
export const USES_REMEMBERED = 100_000

/** Chance in a key: 192 bits, which nobody guesses. */
export const KEY_RANDOM_BYTES = 24

/** How long a process may go on taking a key for what it was when it was last looked up. */
export const KEY_MEMORY_MS = 1_000

/** Keys that a process remembers for that long, known and unknown ones together. */
export const KEYS_REMEMBERED = 10_000

/** What Retry-After says when a key cannot be looked up. */
export const LOOK_UP_RETRY_AFTER_S = 1
