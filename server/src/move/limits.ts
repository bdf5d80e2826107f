/** Every bound of a move stands here. */

/** What is copied in one transaction: 32 MiB of a table’s pages. A move that is killed loses no more of its work. */
export const CHUNK_PAGES = 4_096

/** Whoever still works on the database when the move begins has this long to end. */
export const OTHERS_END_WITHIN_MS = 3_000
export const OTHERS_POLL_MS = 100

/** Tables that are named in a refusal; the rest is counted. */
export const DIFFERENCES_SHOWN = 10

/** The key of the advisory lock in the target, so that two moves never fill it at once: the letters "move" as a number. */
export const MOVE_LOCK = 0x6d6f7665
