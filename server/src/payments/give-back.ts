import type { Declare, Draft, Found } from '../database/index.ts'
import { declareReservation, giveBack } from '../exposure/index.ts'
import type { Uuid } from '../kit/index.ts'
import { exposedBy } from './core/launched.ts'
import type { Attempt, Stamp } from './core/model.ts'
import { attempts } from './store/tables.ts'

/*
 * What an exposed attempt holds of its launch's caps stands on the attempt, and what is given back leaves it in the same
 * commit. So nothing is given back twice, whatever comes late or again.
 */

/** For whoever may give back what an attempt holds: exposure counts it. */
export const declareGivingBack = (
  declare: Declare,
  attempt: Pick<Attempt, 'reservation'> | undefined,
): void => declareReservation(declare, attempt?.reservation ?? null)

export type Held = { readonly authorisation: Uuid; readonly stamps?: readonly Stamp[] }

/** The authorisation, which holds for its capture, its void and its charge; for what was not exposed it is not read. */
export const declareHolder = (declare: Declare, of: Held): void => {
  if (exposedBy(of) !== null) declare(attempts.table, of.authorisation)
}

/** In the round after that. */
export const declareHeld = (declare: Declare, found: Found, of: Held): void => {
  if (exposedBy(of) !== null) declareGivingBack(declare, found(attempts.table, of.authorisation))
}

/** The attempt as it is once it has given back everything, or so much of it; the caller writes it. */
export const givenBack = (draft: Draft, attempt: Attempt, amount?: bigint): Attempt => {
  const { reservation } = attempt
  if (reservation === undefined || reservation === null) return attempt
  const held = reservation.amount
  const back = amount === undefined || amount > BigInt(held) ? held : Number(amount)
  return { ...attempt, reservation: giveBack(draft, reservation, back) }
}

/** The same for a capture, a void or an expiry: the authorisation holds it. */
export const giveBackOf = (draft: Draft, of: Held, amount?: bigint): void => {
  if (exposedBy(of) === null) return
  const holder = draft.get(attempts.table, of.authorisation)
  if (holder === undefined) return
  const after = givenBack(draft, holder, amount)
  if (after.reservation !== holder.reservation) draft.put(attempts.table, after.id, after)
}
