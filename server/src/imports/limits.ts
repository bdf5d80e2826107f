/** Accounts or transfers in one request to the ledger, as its own limit is. */
export const BATCH_ITEMS = 8_000

/** Lines are gathered until a batch could not take one more movement with its settlement. */
export const ITEMS_PER_LINE = 2

/** Bytes read from the file at a time. */
export const CHUNK_BYTES = 256 * 1024

/** Characters in one record of the file, with all its fields and embedded line ends. */
export const RECORD_CHARS = 64 * 1024

/** Accounts in one file. Each costs some 500 bytes of memory while the import runs. */
export const ACCOUNTS = 5_000_000

/** Lines with an id of their own in one file. Each costs 12 to 24 bytes, which is how repeated ids are noticed. */
export const KNOWN_IDS = 200_000_000

/** Different ids that more than one line bears. More of them say that the column is not an id. */
export const REPEATED_IDS = 200_000

/** Categories that the report tells apart; the rest is summed as "(other categories)". */
export const CATEGORIES = 1_000

/** Different sizes of difference that the report counts one by one. */
export const DIFFERENCE_SIZES = 100_000

/** How many lines or accounts a list of the report names; the counts beside it are always of all. */
export const LISTED = 200_000

/** Rows of a list in the report for the terminal. */
export const SHOWN = 10

/** Metadata of one transfer, as the API has them. */
export const METADATA_KEYS = 50
export const METADATA_KEY_CHARS = 40
export const METADATA_VALUE_CHARS = 500

/** Characters of an account's reference and of the old system's id of a line. */
export const REFERENCE_CHARS = 200

/** Characters of a profile's name. */
export const NAME_CHARS = 64

/** Bytes of a profile file, and how many rules and counter-accounts it may hold. */
export const PROFILE_BYTES = 1024 * 1024
export const PROFILE_RULES = 1_000
export const COUNTER_ACCOUNTS = 1_000

/** How often one request to the ledger is sent when the ledger answers that it is away or busy. */
export const POST_ATTEMPTS = 8
