/** Every bound of people stands here. */

export const PERSON_NAME_CHARS = 100

/** People of one tenant who are not removed. Each has a key, of which a tenant has 100. */
export const PEOPLE_MOST = 50

/** People that are listed on the command line, newest first. */
export const PEOPLE_LISTED = 1_000
