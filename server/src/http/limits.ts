/** Everything that a client may send or hold has a limit, and all of the door's limits stand here. */

/** A body without a limit of its own. A route that takes batches names a larger one. */
export const BODY_LIMIT_BYTES = 256 * 1024

/** Nesting of a JSON body, counted in objects and arrays. */
export const JSON_DEPTH_LIMIT = 32

/** Digits of a JSON number: 2^53 − 1 has sixteen. */
export const JSON_DIGITS_LIMIT = 16

/** Pairs of a form body or a query string. */
export const FORM_PAIRS_LIMIT = 1_000

/** Levels of brackets in one form key, a[b][c] having three. */
export const FORM_DEPTH_LIMIT = 8

/** What a string may hold where its schema names no maxLength, in characters. */
export const STRING_LIMIT = 5_000

/** What an array may hold where its schema names no maxItems. */
export const ARRAY_LIMIT = 100

/** Metadata, as Stripe limits it. */
export const METADATA_KEYS_LIMIT = 50
export const METADATA_KEY_LIMIT = 40
export const METADATA_VALUE_LIMIT = 500

/** Paths in one expand[], and the levels of one path. */
export const EXPAND_LIMIT = 20
export const EXPAND_DEPTH_LIMIT = 4

/** Objects on one page of a list. */
export const PAGE_LIMIT = 100
export const PAGE_DEFAULT = 10

export const IDEMPOTENCY_KEY_LIMIT = 255
export const API_KEY_LIMIT = 255

/** One parameter in a path. */
export const PATH_PARAMETER_LIMIT = 200

/** Request line and headers together. */
export const HEADER_LIMIT_BYTES = 16 * 1024
export const HEADER_COUNT_LIMIT = 100

/** How long the server waits, in milliseconds. Together, as tests of slow clients shorten them. */
export const TIMEOUTS = {
  /** Headers must be complete after this time … */
  headersMs: 10_000,
  /** … and the whole request after this. */
  requestMs: 15_000,
  /** How often Node looks for connections past these two. */
  checkMs: 2_000,
  /** A connection that says nothing at all, while a request runs or its answer is not fetched. */
  silenceMs: 30_000,
  /** An idle connection is kept for the client's next request. */
  keepAliveMs: 20_000,
  /** How often the door looks for handlers past their deadline. */
  sweepMs: 1_000,
  /** What runs at a shutdown may finish within this time; then its connections are cut. */
  drainMs: 4_000,
} as const

export type Timeouts = { readonly [K in keyof typeof TIMEOUTS]: number }

export const CONNECTIONS_LIMIT = 1_000

/** From the arrival of the headers until the unit of work must have its outcome. */
export const REQUEST_DEADLINE_MS = 10_000

/** A handler that is past its deadline by this much is answered for. */
export const DEADLINE_GRACE_MS = 5_000

/** After this time a client may come back to a server that is shutting down: by then another one runs. */
export const DRAIN_RETRY_S = 1

/** What a message repeats of a value that was sent. */
export const ECHO_LIMIT = 40

/** The form of a page for people: a button and an address to go back to. */
export const PAGE_BODY_LIMIT_BYTES = 8 * 1024
