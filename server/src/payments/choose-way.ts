import type { PaymentMethod } from '../customers/index.ts'
import type { Declare, Draft, Found } from '../database/index.ts'
import { decideAttempt, declareControls, declareCounters, giveBack } from '../exposure/index.ts'
import { declareRouting, routeFor } from '../routing/index.ts'
import { asStopped, chooseWay } from './core/launched.ts'
import type { Attempt, Intent } from './core/model.ts'

/** What decides which way an attempt goes: one row of each, which stay in memory until somebody changes them. */
export const declareWays = (declare: Declare): void => {
  declareControls(declare)
  declareRouting(declare)
}

/** In the round after that: what was reserved of the caps so far. */
export const declareCaps = (declare: Declare, found: Found): void => declareCounters(declare, found)

export type Chosen = {
  readonly rail: string
  readonly way: Pick<Attempt, 'stamps' | 'reservation' | 'routes'>
}

/**
 * The way of a new attempt, in the commit that makes it: by the controls as they stand under the lock of the head row, so
 * that none goes a way that was stopped before. What it takes of a launch's caps is reserved with it.
 *
 * @param rails those of the tenant's mode; the first is everybody's where no rule says otherwise
 */
export const chooseForAttempt = (
  draft: Draft,
  intent: Intent,
  { card }: PaymentMethod,
  rails: readonly string[],
): Chosen => {
  const { amount, currency } = intent
  const facts = { currency, country: card.country, amount, merchant: null }
  const decided = decideAttempt(draft, {
    ...facts,
    customer: intent.customer,
    cardFingerprint: card.fingerprint,
  })
  const isThere = (rail: string): boolean => rails.includes(rail)
  const ruled = routeFor(draft, { ...facts, brand: card.brand })
  const ordinary = ruled?.some(isThere) === true ? ruled : rails.slice(0, 1)
  const { rail, routes, isLaunched } = chooseWay(decided.rails, ordinary, isThere)
  const isMissing = decided.rails !== null && !isLaunched
  if (isMissing && decided.reservation !== null)
    giveBack(draft, decided.reservation, decided.reservation.amount)
  const stamps = isMissing ? asStopped(decided.stamps) : decided.stamps
  const reservation = isMissing ? null : decided.reservation
  return {
    rail,
    way: {
      ...(stamps.length === 0 ? {} : { stamps }),
      ...(reservation === null ? {} : { reservation }),
      ...(routes.length === 0 ? {} : { routes }),
    },
  }
}
