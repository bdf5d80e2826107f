/** Tenants whose data keys are kept in memory. */
export const TENANTS_CACHED_MOST = 1_000
