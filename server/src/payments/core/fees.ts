/** What the processing of a payment costs: so many hundredths of a percent, and a fixed amount in hundredths of a unit. */
export type FeeSchedule = {
  readonly bps: number
  /** Minor units of a currency with two decimals; one with more or fewer has the same share of its unit. */
  readonly fixed: number
}

export const DEFAULT_FEES: FeeSchedule = { bps: 290, fixed: 30 }

const WHOLE_BPS = 10_000n
const CENT_DECIMALS = 2

/** Half up: what is exactly between goes to the larger. Both are positive. */
export const divideHalfUp = (dividend: bigint, divisor: bigint): bigint =>
  (2n * dividend + divisor) / (2n * divisor)

/**
 * The fee of a payment in minor units of its currency. Percentage and fixed part are rounded by themselves, half up; the
 * fee is never more than the payment.
 */
export const feeOf = (schedule: FeeSchedule, amount: bigint, exponent: number): bigint => {
  const share = divideHalfUp(amount * BigInt(schedule.bps), WHOLE_BPS)
  const shift = exponent - CENT_DECIMALS
  const fixed =
    shift >= 0
      ? BigInt(schedule.fixed) * 10n ** BigInt(shift)
      : divideHalfUp(BigInt(schedule.fixed), 10n ** BigInt(-shift))
  const fee = share + fixed
  return fee > amount ? amount : fee
}
