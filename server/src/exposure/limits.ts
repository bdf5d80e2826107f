/** Controls of one tenant: launches that are live or were stopped and not yet removed. */
export const CONTROLS_MOST = 500
/** Named and excluded units of one control, each. */
export const UNITS_MOST = 10_000
/** Pairs of currency and country whose controls are remembered, per version of the controls. */
export const SCOPES_KEPT = 2_000
/** Tenants whose controls are remembered as they were read last. */
export const TENANTS_KEPT = 100
/** Counters in memory between batches, per tenant. */
export const COUNTERS_KEPT = 2_000
/** How old the controls may be that a question from outside the commit is answered over, counted from their reading. */
export const FRESH_MS = 800
/** How often the controls are looked at, of tenants that asked lately. */
export const POLL_MS = 400
/** A tenant that has not asked for so long is not looked at any more, until it asks again. */
export const ASKED_LATELY_MS = 10_000
/** A unit, and a key of a feature, in characters. */
export const UNIT_CHARS = 512
