/*
 * The mixture e-process: how much the failures seen so far speak against a rate of at most p0. It may be looked at after
 * every payment: under the hypothesis that the rate is at most p0 it reaches 1/alpha ever with a probability of at most
 * alpha, whatever the number of looks (Ville). It needs no minimum and no approximation.
 */

/** By what factor the rate may have grown: each is one bet, and all are held at once. */
export const FACTORS: readonly number[] = [1.5, 2, 3, 5, 10]

/** A rate of which the bets say no more than this. */
const RATE_MOST = 0.9
/** Below it a rate is none, and its logarithm has no end. */
const RATE_LEAST = 1e-4
/** What is shown and stored of evidence; 1/alpha is far below it. */
export const EVIDENCE_MOST = 1e12

/** The logarithm of what each bet has become. */
export type Wealth = readonly number[]

export const NO_WEALTH: Wealth = FACTORS.map(() => 0)

/** A hypothesis can be bet against only where its rate may grow. */
const clamp = (p0: number): number => (p0 < RATE_LEAST ? RATE_LEAST : p0 > RATE_MOST ? RATE_MOST : p0)

/**
 * What the bets become by `x` failures in `n` more payments, against the p0 that held for these. A product of e-values is
 * an e-value as long as each p0 was fixed without looking at the payments that it judges: it may come from the control,
 * whose payments are others, and may be another one at each tick.
 */
export const addEvidence = (wealth: Wealth, x: number, n: number, p0: number): Wealth => {
  if (n === 0) return wealth
  const p = clamp(p0)
  return FACTORS.map((factor, index) => {
    const p1 = Math.min(factor * p, RATE_MOST)
    const gain = p1 <= p ? 0 : x * Math.log(p1 / p) + (n - x) * Math.log((1 - p1) / (1 - p))
    return (wealth[index] ?? 0) + gain
  })
}

/** The mean of the bets. At 1/alpha the hypothesis is given up. */
export const evidenceOf = (wealth: Wealth): number => {
  const most = Math.max(...wealth)
  const sum = wealth.reduce((total, each) => total + Math.exp(each - most), 0)
  return Math.min(EVIDENCE_MOST, (Math.exp(most) * sum) / wealth.length)
}

/** Of `x` failures in `n` payments against one p0. */
export const eProcess = (x: number, n: number, p0: number): number =>
  evidenceOf(addEvidence(NO_WEALTH, x, n, p0))
