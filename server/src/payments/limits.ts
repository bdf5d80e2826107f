/** How long a request waits for the rail's answer, enquiries included, before it answers that the payment is processing. */
export const ANSWER_BUDGET_MS = 3_000
/** What a rail is given at least, where those before it have used that time up. */
export const NEXT_RAIL_BUDGET_MS = 1_000
/** The pauses between enquiries within that time. */
export const ENQUIRY_PAUSES_MS = [100, 200, 400, 800] as const
/** For how long a request that talks to a rail is its worker's own. */
export const STEP_LEASE_MS = 10_000
/** When a payment that nobody finished is taken up: after its worker's lease. */
export const HEAL_AFTER_MS = 12_000
/** The pauses between enquiries by the timer; the last one for ever. */
export const HEAL_PAUSES_MS = [2_000, 5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000] as const
/** Payments that are taken up at once. */
export const HEALED_AT_ONCE_MOST = 16
/** How long background work may wait for its commit. */
export const WORK_DEADLINE_MS = 30_000
/** An authorisation that was not captured ends after this time by the tenant's clock. */
export const HOLD_DAYS = 7
/** When an order is under way at the moment of expiry, it is looked at again after this time. */
export const EXPIRY_RETRY_MS = 60_000
/** Exposed charges that one look at a launch's money takes in: the newest. */
export const WATCHED_MOST = 500
/** A customer who has not authenticated for so long is not waited for any more. */
export const ACTION_IN_FLIGHT_MS = 86_400_000
export const DESCRIPTION_LENGTH_MOST = 1_000
export const DESCRIPTOR_LENGTH_MOST = 22
export const EMAIL_LENGTH_MOST = 512
export const URL_LENGTH_MOST = 2_048
export const TEXT_LENGTH_MOST = 500
/** The longest client_secret that is looked at. */
export const SECRET_LENGTH_MOST = 200

/** Of the newest payments so many are asked whether they name a customer. */
export const UNITS_COUNTED_MOST = 1_000
