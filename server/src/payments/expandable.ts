/** What each object of payments names by an id, and what kind of object that is; null for one that is not gone into. */
const LINKS = {
  intent: { customer: null, payment_method: 'method', latest_charge: 'charge' },
  method: { customer: null },
  charge: {
    customer: null,
    payment_intent: 'intent',
    balance_transaction: 'transaction',
    refunds: null,
    dispute: 'dispute',
  },
  transaction: { source: 'charge' },
  refund: {
    charge: 'charge',
    payment_intent: 'intent',
    balance_transaction: 'transaction',
    failure_balance_transaction: 'transaction',
  },
  dispute: { charge: 'charge', payment_intent: 'intent' },
} as const

type Kind = keyof typeof LINKS

/** Stripe's own limit. */
const LEVELS_MOST = 4

/** Every path that expand[] may name from a kind of object: up to four levels, in circles too. */
export const pathsFrom = (kind: Kind, levels = LEVELS_MOST): readonly string[] =>
  Object.entries(LINKS[kind] as Readonly<Record<string, Kind | null>>).flatMap(([field, next]) => [
    field,
    ...(next === null || levels === 1 ? [] : pathsFrom(next, levels - 1).map((path) => `${field}.${path}`)),
  ])
