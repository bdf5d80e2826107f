import { assert } from '../../kit/index.ts'
import type { Caps } from './model.ts'

/** What one stage of a launch has taken from its caps, in minor units of their currency. */
export type Taken = {
  /** The day, in the tenant's zone, that `reservedToday` is of. */
  readonly day: number
  readonly reservedToday: number
  readonly reservedInStage: number
}

/** As it stands on a day: a new one starts at zero. */
export const takenOn = (taken: Taken, day: number): Taken =>
  taken.day === day ? taken : { ...taken, day, reservedToday: 0 }

/** A payment that no state of the counters lets through. Amounts compare as bigints, however large they are. */
export const isAbovePayment = ({ perPayment }: Caps, amount: bigint): boolean =>
  perPayment !== null && amount > BigInt(perPayment)

/** Whether the full amount fits under every cap, with what is reserved already. */
export const fits = (caps: Caps, taken: Taken, amount: bigint): boolean =>
  !isAbovePayment(caps, amount) &&
  (caps.perStage === null || BigInt(taken.reservedInStage) + amount <= BigInt(caps.perStage)) &&
  (caps.perDay === null || BigInt(taken.reservedToday) + amount <= BigInt(caps.perDay)) &&
  BigInt(taken.reservedInStage) + amount <= BigInt(Number.MAX_SAFE_INTEGER)

export const reserve = (taken: Taken, amount: number): Taken => ({
  ...taken,
  reservedToday: taken.reservedToday + amount,
  reservedInStage: taken.reservedInStage + amount,
})

/** The day's count gets back only what was taken from it: yesterday's money makes no room today. */
export const release = (taken: Taken, reservedOn: number, amount: number): Taken => {
  const reservedToday = taken.reservedToday - (taken.day === reservedOn ? amount : 0)
  const reservedInStage = taken.reservedInStage - amount
  assert(reservedToday >= 0 && reservedInStage >= 0, 'no more is given back to a cap than was taken from it')
  return { ...taken, reservedToday, reservedInStage }
}
