const COEFFICIENTS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
]

/** The logarithm of the gamma function for values from 1/2 on (Lanczos, g = 7). */
const lnGamma = (value: number): number => {
  const x = value - 1
  const sum = COEFFICIENTS.reduce((total, each, index) => total + each / (x + index + 1), 0.9999999999998099)
  const t = x + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum)
}

const lnBeta = (a: number, b: number): number => lnGamma(a) + lnGamma(b) - lnGamma(a + b)

const STEPS = 50

/**
 * An upper bound of the rate behind `x` in `n`: it holds at all looks together with a probability of at least 1 − delta
 * (the uniform mixture of likelihoods against p is an e-process for each p, and those that it rejects are left out).
 */
export const upperBound = (x: number, n: number, delta: number): number => {
  if (n === 0) return 1
  const wanted = Math.log(1 / delta) - lnBeta(x + 1, n - x + 1)
  let low = x / n
  let high = 1
  for (let step = 0; step < STEPS; step++) {
    const p = (low + high) / 2
    const against = -(x === 0 ? 0 : x * Math.log(p)) - (n === x ? 0 : (n - x) * Math.log(1 - p))
    if (against < wanted) low = p
    else high = p
  }
  return high
}

/** The lower one, by symmetry. */
export const lowerBound = (x: number, n: number, delta: number): number => 1 - upperBound(n - x, n, delta)

export type Counted = { readonly x: number; readonly n: number }

const rateOf = ({ x, n }: Counted): number => (x + 1) / (n + 2)
const varianceOf = (counted: Counted): number => (rateOf(counted) * (1 - rateOf(counted))) / counted.n

/**
 * An upper bound of treatment − control that may be looked at at every tick: the one-sided asymptotic confidence sequence
 * of Waudby-Smith et al. (eq. 134), narrowest at `tunedFor` payments. Both rates are drawn in by one failure and one
 * success, so that an arm without failures is not believed to be without doubt.
 */
export const differenceBound = (
  treatment: Counted,
  control: Counted,
  { alpha, tunedFor }: { readonly alpha: number; readonly tunedFor: number },
): number => {
  const wide = -2 * Math.log(2 * alpha)
  const rho2 = (wide + Math.log(wide + 1)) / Math.max(1, tunedFor)
  const scaled = Math.min(treatment.n, control.n) * rho2
  const factor = ((2 * (scaled + 1)) / scaled) * Math.log(1 + Math.sqrt(scaled + 1) / (2 * alpha))
  const variance = varianceOf(treatment) + varianceOf(control)
  return treatment.x / treatment.n - control.x / control.n + Math.sqrt(variance * factor)
}
