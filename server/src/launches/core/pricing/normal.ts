import type { Random } from './random.ts'

// Coefficients of Peter Acklam's rational approximation: its relative error stays below 1.15e-9.
const A = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
] as const
const B = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
] as const
const C = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
] as const
const D = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1] as const

/** Where the tails begin, which have a formula of their own. */
const TAIL = 0.02425

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0)

const lowerTail = (p: number): number => {
  const q = Math.sqrt(-2 * Math.log(p))
  return polynomial(C, q) / polynomial(D, q)
}

/** The value below which a standard normal quantity lies with chance p, above 0 and below 1. */
export const normalQuantile = (p: number): number => {
  if (p < TAIL) return lowerTail(p)
  if (p > 1 - TAIL) return -lowerTail(1 - p)
  const q = p - 0.5
  return (polynomial(A, q * q) * q) / polynomial(B, q * q)
}

const HALF_STEP = 2 ** -33

/** A standard normal number. */
export const drawNormal = (random: Random): number => normalQuantile(random() + HALF_STEP)
