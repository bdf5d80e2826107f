/** Signatures expire after so long by the tenant's clock; a waiver may not be asked for longer. */
export const SIGNATURE_LIFE_DAYS = 30
export const WAIVER_LIFE_DAYS_MOST = 30
/** By the wall clock: a younger person is marked, because one could be made for the occasion. */
export const NEW_PERSON_MS = 24 * 3_600_000
/** What waits is told again so often, by the tenant's clock, and in the end no more. */
export const REMIND_EVERY_HOURS = 24
export const REMINDERS_MOST = 90
/** A start can be fixed so far ahead: signatures do not live longer. */
export const START_AHEAD_DAYS_MOST = 30

export const NAME_LENGTH = 120
export const TEXT_LENGTH = 4_000
export const LINE_LENGTH = 500
export const STAGES_MOST = 20
export const UNITS_MOST = 500
export const RISKS_MOST = 50
/** What people may write before the pre-mortem is opened, all together and each of them. */
export const WRITTEN_RISKS_MOST = 200
export const WRITTEN_EACH_MOST = 20
export const GUARDRAILS_MOST = 20
export const COMPONENTS_MOST = 50
export const COVER_MOST = 20
export const RAILS_MOST = 8
export const VARIANTS_MOST = 20
export const WAIVERS_MOST = 20
export const COUNTRIES_MOST = 250
/** Integers of JSON that are money: far above every cap, far below 2^53. */
export const AMOUNT_MOST = 1_000_000_000_000
export const FORECAST_MOST = 1_000_000_000
export const MATURITY_HOURS_MOST = 24 * 180
export const STAGE_HOURS_MOST = 24 * 180
export const SLOW_MS_MOST = 600_000

/** Defaults of what a launch does not say. */
export const ALPHA_BP = 500
export const SLOW_MS = 3_000
export const MATURITY_HOURS = 24
export const STAGE_MIN_MATURED = 100
export const STAGE_MIN_HOURS = 24

/** How long what falls due may wait for its commit. */
export const WORK_DEADLINE_MS = 30_000

/** How often the controller looks at the live launches of a tenant, by the wall clock. */
export const TICK_EVERY_MS = 5_000
/** How many pages of events one look may take in before others have a turn. */
export const PAGES_MOST = 10
/** Launches of one state that one look is about. */
export const LIVE_LAUNCHES_MOST = 1_000
/** Bits of the hour's sketch of accounts, for each launch and arm: 4 KiB. */
export const BITS_SEEN = 32_768
/** Fewer first attempts of the exposed in a stage are INSUFFICIENT for a rate. */
export const RATE_LEAST = 20
/** Fewer payments in either arm are INSUFFICIENT for a promotion test. */
export const PROMOTION_LEAST = 100
/** The control of the last minutes: slots of five minutes, the present one included. */
export const RECENT_SLOTS = 3
/** Into how many cohorts the time until maturity is divided at most; a cohort is an hour at least. */
export const COHORTS_MOST = 48
/** Money that is under way for longer is stuck, by the wall clock. */
export const STUCK_AFTER_MS = 15 * 60_000
/**
 * With so few launches and payments since the last tick, all of each launch's money is looked at at every tick; else what
 * was made since then and a little before, and all of it once a minute.
 */
export const QUIET_LAUNCHES_MOST = 10
export const QUIET_FACTS_MOST = 20
export const FULL_LOOK_EVERY_MS = 60_000
export const LOOK_BACK_MS = 30_000
/** Event numbers that one unit of the controller takes in; most events are none of payments' outcomes. */
export const PAGE_NUMBERS = 4_000
/** How often service levels are added up, by the wall clock. */
export const LEVELS_EVERY_MS = 30_000
/** Looks of a page of the verdict log. */
export const VERDICTS_PAGE = 10
export const VERDICTS_PAGE_MOST = 100
/** A level of service is measured for so long before its alarms wake anybody and its budget holds a launch. */
export const MEASURE_HOURS = 24
export const THRESHOLD_MS_MOST = 3_600_000
