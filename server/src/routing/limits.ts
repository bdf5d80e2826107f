/** Rules of a tenant's table: read at every attempt, and by people at a glance. */
export const RULES_MOST = 100

/** Values of one condition of a rule. */
export const CONDITION_VALUES_MOST = 50

/** Rails of one rule: the first, and those that are tried after it. */
export const RAILS_MOST = 8

export const NAME_CHARS = 100
export const MERCHANT_CHARS = 100
export const REASON_CHARS = 500
