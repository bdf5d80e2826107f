/** How often the list of tenants with due work is looked at. */
export const POLL_MS = 200
/** Tenants whose timers are worked on in one look. */
export const TENANTS_AT_ONCE_MOST = 16
/** For how long a tenant's due work is one process's own; after that another takes it over. */
export const LEASE_MS = 10_000
/** Timers that are handed to a capability at once. */
export const TIMERS_AT_ONCE_MOST = 500
/** The pause after an error, before the next look. */
export const ERROR_PAUSE_MS = 1_000
