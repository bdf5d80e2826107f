/** Every bound of the sandbox's clock stands here. */

const SECONDS_PER_DAY = 86_400

/** How far one step may go: two years, as nothing that is due waits longer. */
export const STEP_MOST_S = 2 * 366 * SECONDS_PER_DAY

/** How long a clock stays in hand, by the wall clock, before it is let go by itself. */
export const HELD_MOST_S = 30 * SECONDS_PER_DAY

export const NAME_CHARS = 300

/** For how long one process leads an advance without saying so again; after that another takes over. */
export const LEASE_MS = 10_000
/** How often the leader says so while it works. */
export const RENEW_EVERY_MS = 3_000

/** Rounds of work at one stop. More means that something makes itself due again and again. */
export const ROUNDS_MOST = 100
/** Attempts at one stop that may fail one after the other, and the pause between them. */
export const ATTEMPTS_MOST = 5
export const RETRY_PAUSE_MS = 200

/** How long a unit of the leader may wait for its commit. */
export const WORK_DEADLINE_MS = 30_000
