import { addEvidence, EVIDENCE_MOST, evidenceOf, NO_WEALTH, type Wealth } from './e-process.ts'

/*
 * A rail that was good for weeks and breaks today. A bet that is held from the first payment on has lost so much by the
 * good ones that the bad ones must win it back first. So a part of the capital is kept in reserve, and again and again a
 * part of that begins to bet anew. When is fixed by how many payments there were, never by how they ended, and all parts
 * together are the capital of the beginning; so this is an e-process like each of its parts, and alarms falsely as seldom.
 */

/** What bets from the first payment on. */
const FIRST_SHARE = 0.8
/** After so many payments some more of the reserve begins. */
const RESTART_EVERY = 20

/** Of the reserve the j-th restart gets 1/(j (j + 1)): all of them together are all of it. */
const shareOf = (restart: number): number => (1 - FIRST_SHARE) / (restart * (restart + 1))
const reserveAfter = (restarts: number): number => (1 - FIRST_SHARE) / (restarts + 1)

export type Evidence = {
  /** Logarithms, of all that bets. */
  readonly bets: Wealth
  readonly restarts: number
  /** Payments since the last of them. */
  readonly since: number
}

export const NO_EVIDENCE: Evidence = {
  bets: NO_WEALTH.map(() => Math.log(FIRST_SHARE)),
  restarts: 0,
  since: 0,
}

const logOfSum = (a: number, b: number): number => {
  const most = Math.max(a, b)
  return most + Math.log(Math.exp(a - most) + Math.exp(b - most))
}

const restart = ({ bets, restarts }: Evidence): Evidence => {
  const share = Math.log(shareOf(restarts + 1))
  return { bets: bets.map((bet) => logOfSum(bet, share)), restarts: restarts + 1, since: 0 }
}

/** What `x` failures in `n` more payments say, against the p0 that held for these. */
export const addPayments = (evidence: Evidence, x: number, n: number, p0: number): Evidence => {
  if (n === 0) return evidence
  const before = evidence.since >= RESTART_EVERY ? restart(evidence) : evidence
  return { ...before, bets: addEvidence(before.bets, x, n, p0), since: before.since + n }
}

/** At 1/alpha the hypothesis is given up. */
export const levelOf = ({ bets, restarts }: Evidence): number =>
  Math.min(EVIDENCE_MOST, evidenceOf(bets) + reserveAfter(restarts))
