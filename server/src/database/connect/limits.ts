/** Bounds of our connections. Each is set on the session, so a database of the user's own has them too. */

export const CONNECT_TIMEOUT_MS = 5_000
export const KEEP_ALIVE_AFTER_MS = 10_000
export const IDLE_CONNECTION_MS = 60_000

/** The server gives a statement up; somewhat later the client gives the connection up. */
export const STATEMENT_TIMEOUT_MS = 15_000
export const QUERY_TIMEOUT_MS = 20_000

/** Reports and verification read whole tables. */
export const READER_STATEMENT_TIMEOUT_MS = 3_600_000

export const LOCK_TIMEOUT_MS = 10_000
export const IDLE_IN_TRANSACTION_MS = 15_000

/** Connections of one server process. Three processes fit the embedded database's hundred. */
export const HOT_CONNECTIONS = 8
export const PLAIN_CONNECTIONS = 12
export const READER_CONNECTIONS = 4

/** Role and grant changes of two databases on one server can collide. */
export const ROLE_ATTEMPTS = 5
export const ROLE_PAUSE_MS = 50

/** What Retry-After says while the database is away; while its disk is full; while a damaged page waits to be restored. */
export const BUSY_RETRY_AFTER_S = 1
export const FULL_RETRY_AFTER_S = 5
export const REPAIR_RETRY_AFTER_S = 60

/** Where a URL names several machines: how long one may take to say what it is, and the others after a primary has. */
export const PROBE_TIMEOUT_MS = 2_000
export const PROBE_GRACE_MS = 300

/** After nobody was the primary, they are asked again at most this often. */
export const PROBE_PAUSE_MS = 250

/** How often a process with open sessions looks whether another machine has become the primary. */
export const WATCH_MS = 3_000

/** A password that was refused may have been replaced at that moment: it is looked up anew, and tried so often. */
export const REFUSED_ROUNDS = 3
export const REFUSED_PAUSE_MS = 50
