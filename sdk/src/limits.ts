/** Every bound of the client stands here. */

/** How often a request is sent again when nothing else is said, and how often at most. */
export const RETRIES_DEFAULT = 3
export const RETRIES_MOST = 10

/** One attempt, from the connection to the last byte of the answer. The server itself gives up earlier. */
export const TIMEOUT_DEFAULT_MS = 30_000

/** The pause before an attempt is drawn from zero to this, doubled with each attempt up to the second. */
export const BACKOFF_FIRST_MS = 250
export const BACKOFF_MOST_MS = 8_000

/** A server that asks for more patience than this gets none: the caller decides. */
export const RETRY_AFTER_MOST_MS = 60_000

/** Objects on a page when all pages are wanted. */
export const PAGE_SIZE = 100

/** What an error repeats of an answer that is not JSON. */
export const ECHO_CHARS = 200
