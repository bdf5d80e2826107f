import type { FeeSchedule } from './core/fees.ts'

/** What can be set from outside. */
export type PaymentSettings = {
  readonly fees: FeeSchedule
  /** Days until what was taken may be used; 0 is at once. */
  readonly settlementDelayDays: number
  /** What a dispute costs, in hundredths of a unit of its currency. */
  readonly disputeFee: number
}
