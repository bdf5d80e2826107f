/** Endpoints of one tenant, as Stripe limits them. */
export const ENDPOINTS_MOST = 16
export const URL_LENGTH_MOST = 2_048
/** For how long the old secret signs beside the new one, at most. */
export const SECRET_OVERLAP_MOST_S = 7 * 86_400
export const SECRETS_MOST = 4

/**
 * Seconds before each attempt, counted from the one before: together three days and some hours, by the tenant's clock.
 * The schedule is that of Standard Webhooks.
 */
export const RETRY_DELAYS_S = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as const
/** A retry comes later by up to this part of its delay, so that what failed together does not come back together. */
export const RETRY_JITTER = 0.1
/** What an endpoint may ask for with Retry-After. */
export const RETRY_AFTER_MOST_S = 86_400

/** One attempt, from the first byte of connecting to the end of the answer. */
export const ATTEMPT_TIMEOUT_MS = 10_000
/** The same while the tenant's clock is moved on: an endpoint that does not answer may not hold it up. */
export const ADVANCE_TIMEOUT_MS = 2_000
/** Of the answer: what the log keeps, and what is read before the connection is cut. */
export const RESPONSE_KEPT_BYTES = 1_000
export const RESPONSE_READ_BYTES = 65_536

/** Requests to one endpoint at once: it begins with some, gets one more for each success, and loses half at a failure. */
export const IN_FLIGHT_FIRST = 16
export const IN_FLIGHT_MOST = 64
export const IN_FLIGHT_LEAST = 2
/** Requests of the whole process at once. */
export const IN_FLIGHT_PROCESS_MOST = 1_024

/** Events that become deliveries in one transaction. */
export const FAN_OUT_MOST = 2_000
/** Deliveries of an endpoint that are read at once, and below how many waiting ones more are read. */
export const LOAD_MOST = 512
export const LOAD_BELOW = 256

/** For how long a tenant's deliveries are one process's own, and how often that is renewed. */
export const LEASE_MS = 10_000
export const RENEW_MS = 1_000
/** How long one who needs the tenant's deliveries at once, such as the clock's advance, waits for them. */
export const ASK_MS = 15_000
/** For how long a tenant is kept after the last thing that happened there. */
export const LINGER_MS = 1_000
/** How often tenants are looked at to which nothing seems to happen: what another process wrote, a retry that is due. */
export const LOOK_MS = 2_000
/** How often the list of tenants is looked at, and how many are taken from it. */
export const POLL_MS = 250
export const TENANTS_AT_ONCE_MOST = 32
/** The shortest time between two rounds for one tenant: what happens meanwhile is written together. */
export const ROUND_MS = 20
/** The longest. */
export const ROUND_MOST_MS = 250
/** Endpoints whose connections and secrets are kept between deliveries. */
export const LINES_MOST = 1_000
/** How long a change of an endpoint by the machinery waits for its commit. */
export const UNIT_DEADLINE_MS = 30_000
/** How long a server that stops waits for answers. */
export const STOP_MS = 1_000
export const ERROR_PAUSE_MS = 1_000
/** For how long a tenant without endpoints is not asked for again. */
export const NOT_LISTENING_MS = 1_000

/** Events that one request may have sent again. */
export const RESEND_MOST = 1_000
/** Events that are looked through for a page that is filtered by its deliveries. */
export const FILTER_CHUNK = 500
export const FILTER_CHUNKS_MOST = 40
export const TYPES_MOST = 20

/** How long an endpoint whose secret does not open is left alone before it is tried again. */
export const UNREADABLE_FOR_MS = 60_000
