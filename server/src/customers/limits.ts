/** What a resource of this folder may hold. Lengths are Stripe's where it documents one. */

export const EMAIL_LENGTH = 512
export const NAME_LENGTH = 256
export const PHONE_LENGTH = 40
export const DESCRIPTION_LENGTH = 5_000
export const ADDRESS_LINE_LENGTH = 500
export const LOCALES_MOST = 20
export const URL_LENGTH = 2_048

/** The cards that are detached with their customer; older ones stay with a customer that is no more. */
export const CARDS_DETACHED_MOST = 500

/** A search of customers. */
export const QUERY_LENGTH = 1_000
export const QUERY_CLAUSES_MOST = 10
export const SUBSTRING_LEAST = 3

/** How long a worker has a card's set-up or verification to itself, by the wall clock. */
export const LEASE_MS = 30_000

/** When a set-up without an answer is asked about, by the wall clock; the pause doubles up to the longest. */
export const HEAL_AFTER_S = 40
export const HEAL_PAUSE_MOST_S = 3_600

/** How long a request waits for a rail; after that nobody knows, and the rail is asked again later. */
export const ANSWER_BUDGET_MS = 5_000

/** How long work that happens by itself may wait for its commit. */
export const WORK_DEADLINE_MS = 30_000
