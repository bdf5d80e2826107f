/** Accounts or transfers in one request. */
export const BATCH_ITEMS_MOST = 8_000
/** The body of a batch request. */
export const BATCH_BODY_BYTES_MOST = 8 * 1024 * 1024
/** Accounts whose rows stay in memory between batches, for each tenant. About 60 MB. */
export const ACCOUNTS_KEPT = 120_000
export const LEDGERS_KEPT = 1_000
export const REFERENCE_LENGTH_MOST = 200
export const NAME_LENGTH_MOST = 200

/** Ledgers from this number on are the platform's own: it and the currency's ISO number. Nobody else posts to them. */
export const HOUSE_LEDGERS = 1_000_000_000
/** Accounts with such references are the platform's own as well. */
export const HOUSE_REFERENCES = 'payments/'
/** Why a period is reopened, in the audit log. */
export const REOPEN_REASON_LENGTH_MOST = 500
/** Transfers that are read at once to add up a period: about 30 ms of work. */
export const FIGURES_PAGE_ROWS = 4_000
/** A closing that nobody has added up is taken up by a timer after so long. */
export const SEAL_AFTER_MS = 300_000
/** How long the request that closes waits for the digest. */
export const SEAL_WAIT_MS = 4_000
/** Nobody else adds a period up that somebody does already, under the same idempotency key. */
export const SEAL_LEASE_MS = 60_000
/** What is added up is recorded, however long the adding took. */
export const SEAL_DEADLINE_MS = 30_000
/** What an export gathers before it writes to a file. */
export const SINK_BYTES = 1024 * 1024
/** What is read of an export at once when it is checked. */
export const OFFLINE_READ_BYTES = 1024 * 1024
/** A manifest that is larger is none of ours. */
export const MANIFEST_BYTES_MOST = 4 * 1024 * 1024
