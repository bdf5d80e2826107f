import { DETECTION_ALPHA, DETECTION_POWER } from '../pricing/assumptions.ts'
import { normalQuantile } from '../pricing/normal.ts'

const Z_ALPHA = normalQuantile(1 - DETECTION_ALPHA)
const Z_POWER = normalQuantile(DETECTION_POWER)

const spread = (rate: number): number => Math.sqrt(rate * (1 - rate))

/** Payments that must be exposed for a rate's rise to show, against a control so large that its rate is known. */
export const paymentsNeeded = ({ from, to }: { readonly from: number; readonly to: number }): number => {
  const reach = Z_ALPHA * spread(from) + Z_POWER * spread(to)
  return Math.ceil((reach / (to - from)) ** 2 - 1e-9)
}

/**
 * Payments that must be exposed before the promotion test can say "no worse than by the margin". `ratio` is how many are
 * exposed for one that is not: 1 for equal arms, 0 for a control without end.
 */
export const paymentsToPromote = ({
  rate,
  margin,
  ratio,
}: {
  readonly rate: number
  readonly margin: number
  readonly ratio: number
}): number =>
  margin <= 0
    ? Number.POSITIVE_INFINITY
    : Math.ceil(rate * (1 - rate) * (1 + ratio) * ((Z_ALPHA + Z_POWER) / margin) ** 2 - 1e-9)

const RULE_OF_THREE = 3

/** Without any failure in n payments the rate is below 3/n, with 95 % confidence: in basis points. */
export const cleanShowsBelowBp = (payments: number): number | null =>
  payments <= RULE_OF_THREE ? null : Math.ceil((RULE_OF_THREE / payments) * 10_000)
