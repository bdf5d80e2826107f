/** The oldest PostgreSQL that Evenkeel runs on. */
export const OLDEST_MAJOR = 15

/** Below these, doctor says something. */
export const SHARED_BUFFERS_BYTES = 1_073_741_824
export const MAX_WAL_BYTES = 4_294_967_296
export const MAX_CONNECTIONS = 60
export const CHECKPOINT_TIMEOUT_S = 600

/** The embedded database wants this much left, for its log and a day's growth. */
export const FREE_DISK_BYTES = 5 * 1_073_741_824
