/** Every bound of backups stands here. */

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const MEGABYTE = 1_048_576
const GIGABYTE = 1_024 * MEGABYTE

/** PostgreSQL's own sizes; a cluster that was made with others is refused. */
export const PAGE_BYTES = 8_192
export const SEGMENT_BYTES = 16 * MEGABYTE
/** A relation of more than 1 GB lies in several files. */
export const PAGES_PER_FILE = 131_072

/** How much of a file is in memory at a time, and how many files at once. */
export const CHUNK_BYTES = MEGABYTE
export const FILES_AT_ONCE = 4

/** A page whose checksum disagrees may be one that is being written; it is read again that often, that far apart. */
export const PAGE_READS = 10
export const PAGE_READ_PAUSE_MS = 20

/** How often pg_control, which is written at every checkpoint, is read until two readings agree. */
export const CONTROL_READS = 20

/** How often the outbox is looked at, and how long a shipper that failed waits before it tries again. */
export const SHIP_EVERY_MS = SECOND_MS
export const SHIP_AGAIN_MS = 5 * SECOND_MS
/** How many segments are shipped in one go before others get their turn. */
export const SHIP_AT_ONCE = 64

/** How long a command waits while a server looks whether something is to be put right. */
export const TURN_MS = 5 * SECOND_MS

/** How long the log of a finished copy may take to arrive before the backup gives up. */
export const LOG_ARRIVES_MS = 10 * MINUTE_MS

/**
 * What the folder does not take waits on the database's own disk. Before that disk is full, or past so much, the log is
 * let go and the chain of the backups ends: losing the way back is better than stopping the payments.
 */
export const OUTBOX_MOST_BYTES = 32 * GIGABYTE
export const OUTBOX_LEAST_FREE_BYTES = GIGABYTE
export const OUTBOX_SPARED_SEGMENTS = 8

/** A copy is not begun where it cannot end: the folder needs as much room as the data, and this. */
export const FOLDER_SPARE_BYTES = 64 * MEGABYTE

/** A manifest of more is not one of ours. */
export const MANIFEST_MOST_BYTES = 256 * MEGABYTE

/** So many segments lie ready for PostgreSQL while it replays the log of a restore, and so many are kept behind it. */
export const FEED_AHEAD = 4
/** How often it is looked which one is asked for. */
export const FEED_POLL_MS = 15
/** How long PostgreSQL waits for a segment before it takes the restore for dead. */
export const FEED_WAIT_S = 300
