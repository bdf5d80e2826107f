/** Controls of one tenant: launches that are live or were stopped and not yet removed. */
export const CONTROLS_MOST = 500
/** Named and excluded units of one control, each. */
export const UNITS_MOST = 1_000
/** Pairs of currency and country whose controls are remembered, per version of the controls. */
export const SCOPES_KEPT = 2_000
/** Tenants whose controls are remembered as they were read last. */
export const TENANTS_KEPT = 100
/** Counters in memory between batches, per tenant. */
export const COUNTERS_KEPT = 2_000
