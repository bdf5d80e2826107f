/** Every bound of the audit log stands here. */

/** What stands in the log is signed outside the database within this time, by the wall clock. */
export const ANCHOR_EVERY_MS = 3_600_000

/** How long after a failure the head is tried to be anchored again. */
export const ANCHOR_RETRY_MS = 5_000

/** How long the unit that takes a timer back may wait for its commit. */
export const ANCHOR_DEADLINE_MS = 30_000

/** Texts of a list's filters. */
export const FILTER_CHARS = 200

/** Lines of an anchor file that verify cannot read and still names one by one. */
export const UNREADABLE_NAMED = 20

/** Entries that verify takes from the database at once. */
export const ENTRIES_AT_ONCE = 2_000
