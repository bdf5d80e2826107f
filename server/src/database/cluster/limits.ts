/** Every bound of the embedded cluster stands here. */

const SECOND_MS = 1_000

/** How long a start waits for another process that is creating, starting or stopping the same cluster. */
export const TURN_TIMEOUT_MS = 120 * SECOND_MS

/** How long PostgreSQL may replay its log after a crash before the start gives up waiting. It goes on by itself. */
export const RECOVERY_TIMEOUT_MS = 600 * SECOND_MS

/** How often a waiting start says that it is still waiting. */
export const WAITING_NOTE_MS = 2 * SECOND_MS

/** A fast shutdown writes a checkpoint. Past this it is cut short, and the next start replays the log instead. */
export const FAST_STOP_TIMEOUT_MS = 4 * SECOND_MS
export const IMMEDIATE_STOP_TIMEOUT_MS = 2 * SECOND_MS

/** The backends of a killed postmaster notice its death and leave; a new one waits this long for that. */
export const ORPHANS_TIMEOUT_MS = 30 * SECOND_MS

/** A running PostgreSQL takes a changed setting within milliseconds, on a starved machine later. */
export const RELOAD_TIMEOUT_MS = 30 * SECOND_MS

export const POLL_MS = 10
export const WATCH_MS = 250
export const CONNECT_TIMEOUT_MS = 5 * SECOND_MS
export const INITDB_TIMEOUT_MS = 120 * SECOND_MS

/** Ports are drawn from below the ranges from which systems take their outgoing ones. */
export const PORT_FIRST = 20_000
export const PORT_LAST = 29_999
export const PORT_ATTEMPTS = 20
export const START_ATTEMPTS = 5

/** A postmaster that dies unasked is started again, but not for ever. */
export const RESTARTS_MAX = 30
export const RESTARTS_WINDOW_MS = 60 * SECOND_MS

/** postgres.log is set aside at a start once it is larger than this; one older file is kept. */
export const LOG_BYTES = 10 * 1_048_576
export const LOG_TAIL_BYTES = 16_384

/** Less than a segment of the log: PostgreSQL cannot write on. */
export const SPACE_LEAST_BYTES = 16 * 1_048_576

/** How often a server looks whether there is space again for the PostgreSQL that died of a full disk, and says so. */
export const FULL_PAUSE_MS = SECOND_MS
export const FULL_NOTE_MS = 60 * SECOND_MS
