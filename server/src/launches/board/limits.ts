/** The page has one sheet: what does not fit is counted, never squeezed. Characters of a text that stand on it. */
export const NAME_SHOWN = 80
export const DESCRIPTION_SHOWN = 220
export const RISK_SHOWN = 110
export const OWNER_SHOWN = 28
export const METRIC_SHOWN = 34
export const SOURCE_SHOWN = 44
export const REASON_SHOWN = 150
export const SENTENCE_SHOWN = 190
export const PERSON_SHOWN = 28
export const LEVEL_SHOWN = 40

export const EVENT_SHOWN = 170

/** Rows of a list that stand on it. */
export const RISKS_SHOWN = 5
export const STAGES_SHOWN = 6
export const SENTENCES_SHOWN = 6
export const WAIVERS_SHOWN = 2
export const LEVELS_SHOWN = 3
export const EVENTS_SHOWN = 5

/** More lines than that are set in smaller print; so few that they fit in the widest font of a bare machine as well. */
export const LINES_MOST = 36

/** Contents whose price is remembered. */
export const PRICES_KEPT = 256
