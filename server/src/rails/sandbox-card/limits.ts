import { MICROS_PER_DAY, MICROS_PER_SECOND } from '../../kit/index.ts'

/** When the acquirer tells what becomes of an order, by the tenant's clock after the order. */
export const PENDING_DELAY_MICROS = 2n * MICROS_PER_SECOND
export const REFUND_DELAY_MICROS = 2n * MICROS_PER_SECOND
export const DISPUTE_DELAY_MICROS = MICROS_PER_SECOND
export const DECISION_DELAY_MICROS = MICROS_PER_SECOND
/** How long evidence is waited for. */
export const EVIDENCE_TIME_MICROS = 9n * MICROS_PER_DAY

/** What the acquirer keeps of each capture: half a percent, rounded down, and five minor units. */
export const COST_PER_THOUSAND = 5n
export const COST_FIXED_MINOR = 5n

/** Lines of one settlement: a day with more has several. */
export const SETTLEMENT_LINES_MOST = 5_000

/** Orders that share one transaction. */
export const BATCH_ORDERS_MOST = 512
/** Orders of one tenant that wait in this process. */
export const WAITING_ORDERS_MOST = 8_192

export const POLL_MS = 200
export const ERROR_PAUSE_MS = 1_000
/** How long a process has a tenant's deliveries to itself. */
export const LEASE_MS = 15_000
/** A look at tenants whose clock stands still, or was let go meanwhile. */
export const REST_MOST_MS = 30_000
export const TENANTS_AT_ONCE_MOST = 50
export const DELIVERIES_AT_ONCE_MOST = 100
/** How often deliverDue looks whether another process has finished with the tenant. */
export const LEASE_WAIT_MS = 50
export const LEASE_WAITS_MOST = 400

/** A signed message is refused when it is older or newer than this, by the wall clock. */
export const SIGNATURE_AGE_MOST_S = 300

export const LATENCY_MOST_MS = 60_000
/** Rates are of a thousand. */
export const RATE_MOST = 1_000

export const NUMBER_DIGITS_LEAST = 12
export const NUMBER_DIGITS_MOST = 19
export const EXPIRY_YEARS_MOST = 50
export const FINGERPRINT_LENGTH = 16
