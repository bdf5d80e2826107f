/** Every bound of the command line stands here. */

/** How often a progress bar is drawn anew, and how often a line tells the same where no bar can be drawn. */
export const BAR_EVERY_MS = 100
export const LINE_EVERY_MS = 5_000

/** A bar is that long, or shorter where there is less room, or not drawn where there is too little. */
export const BAR_CELLS = 24
export const BAR_CELLS_LEAST = 8

/** Help and tables are as wide as the terminal, up to this; without one they are this wide. */
export const WIDTH_MOST = 100

/** What is read from standard input for a request. The API takes no more in one body. */
export const INPUT_BYTES_MOST = 16 * 1024 * 1024

/** Rows of a list of problems that are shown. */
export const PROBLEMS_SHOWN = 20

/** A terminal and npm may both hand on one Ctrl-C: within this time they are one. */
export const INTERRUPTS_APART_MS = 1_000

/** After Ctrl-C, how long the database may take to let go. What was acknowledged is on disk anyway. */
export const CLOSE_WITHIN_MS = 3_000

/** How often a clock that is moved on is looked at. */
export const CLOCK_LOOK_MS = 100
/** How long a key that a command makes for itself lives, should the command die before it ends it. */
export const CLOCK_KEY_S = 3_600

/** The longest bar of a loss, and of a stage’s exposure. */
export const CURVE_CELLS = 48
export const STAGE_CELLS = 20
/** Signs of a risk’s text in a list. */
export const RISK_SHOWN = 40
