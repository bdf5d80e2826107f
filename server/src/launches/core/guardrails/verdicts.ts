import { PROMOTION_LEAST, RATE_LEAST } from '../../limits.ts'
import type { InvariantMetric, MoneyMetric, RateMetric, Tally, Verdict } from '../model.ts'
import { INVARIANT_METRICS, MONEY_METRICS, RATE_METRICS } from '../model.ts'
import type { Aged, Counts } from './book.ts'
import { type Counted, differenceBound } from './bounds.ts'
import { WHOLE_BP } from './control.ts'
import { type Evidence, levelOf } from './restarts.ts'

/** What was found wrong with the money; the shape of a port's answer. */
export type Finding = {
  readonly metric: InvariantMetric
  readonly count: number
  readonly example: string
  readonly text: string
}

const bp = (rate: number): number => Math.round(rate * WHOLE_BP)
const percent = (rate: number): string => `${(rate * 100).toFixed(2)} %`
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000
/** More than that says no more to people. */
const EVIDENCE_SAID_MOST = 1_000_000
const said = (evidence: number): string =>
  evidence > EVIDENCE_SAID_MOST ? 'of more than a million' : String(rounded(evidence))

export const isRate = (metric: string): metric is RateMetric =>
  (RATE_METRICS as readonly string[]).includes(metric)
export const isInvariant = (metric: string): metric is InvariantMetric =>
  (INVARIANT_METRICS as readonly string[]).includes(metric)
export const isMoneyMetric = (metric: string): metric is MoneyMetric =>
  (MONEY_METRICS as readonly string[]).includes(metric)
/** Of payments that came back, once they have matured; of all others at once. */
export const countOf = (metric: RateMetric, counts: Counts, aged: Aged): Counted => {
  switch (metric) {
    case 'failure_rate':
      return { x: counts.failed, n: counts.n }
    case 'decline_rate':
      return { x: counts.declined, n: counts.n }
    case 'slow_rate':
      return { x: counts.slow, n: counts.n }
    case 'refund_rate':
      return { x: aged.refunded, n: aged.n }
    case 'dispute_rate':
      return { x: aged.disputed, n: aged.n }
  }
}

type Named = Pick<Verdict, 'guardrail' | 'tier' | 'metric' | 'action'>

export type RateQuestion = Named & {
  readonly counted: Counted
  readonly evidence: Evidence
  readonly p0: number
  /** The share of alpha: evidence of 1/alpha and more is a breach. */
  readonly alpha: number
  /** First attempts of the exposed in this stage: a stage has to bring its own. */
  readonly inStage: number
  /** It had alarmed already. */
  readonly hasBreached: boolean
}

/** Evidence first: a breach needs no minimum. What is neither is green only with enough of its own data. */
export const rateVerdict = (question: RateQuestion): Verdict => {
  const { counted, p0, alpha, inStage, hasBreached, guardrail, tier, metric, action } = question
  const evidence = levelOf(question.evidence)
  const threshold = 1 / alpha
  const { x, n } = counted
  const found = {
    guardrail,
    tier,
    metric,
    action,
    value: n === 0 ? null : bp(x / n),
    n,
    bound: bp(p0),
    evidence: rounded(evidence),
  }
  const seen = n === 0 ? 'nothing was seen' : `${x} of ${n} (${percent(x / n)}) against ${percent(p0)}`
  if (evidence >= threshold || hasBreached) {
    const reason = `${seen}: evidence ${said(evidence)}, it stops at ${rounded(threshold)}.`
    return { ...found, verdict: 'BREACH', reason }
  }
  if (n < RATE_LEAST || inStage < RATE_LEAST) {
    const reason = `${seen}: too few to say anything, at least ${RATE_LEAST} in the stage are needed (${inStage}).`
    return { ...found, verdict: 'INSUFFICIENT', reason }
  }
  return {
    ...found,
    verdict: 'OK',
    reason: `${seen}: evidence ${rounded(evidence)} of ${rounded(threshold)}.`,
  }
}

/** Zero tolerance: the first event in exposed traffic. Nothing to look at is not green, and not looked at neither. */
export const invariantVerdict = (
  named: Named,
  findings: readonly Finding[] | null,
  exposed: number,
): Verdict => {
  const found = { ...named, value: null, n: exposed, bound: 0, evidence: null }
  if (findings === null)
    return { ...found, verdict: 'INSUFFICIENT', reason: 'It could not be looked at; it is tried again.' }
  const finding = findings.find(({ metric }) => metric === named.metric)
  if (finding !== undefined && finding.count > 0) {
    const reason = `${finding.text} (${finding.example}); ${finding.count} in all.`
    return { ...found, value: finding.count, verdict: 'BREACH', reason }
  }
  if (exposed === 0) return { ...found, verdict: 'INSUFFICIENT', reason: 'Nothing was exposed yet.' }
  return { ...found, value: 0, verdict: 'OK', reason: `Holds over ${exposed} exposed attempts.` }
}

const AMOUNTS: Readonly<Record<MoneyMetric, 'declinedAmount' | 'refundedAmount' | 'disputedAmount'>> = {
  declined_amount: 'declinedAmount',
  refunded_amount: 'refundedAmount',
  disputed_amount: 'disputedAmount',
}

/** A sum of money against what the pre-mortem said. It is no sample, so it needs no statistics. */
export const amountVerdict = (
  named: Named & { readonly metric: MoneyMetric },
  bound: number,
  exposed: Tally,
): Verdict => {
  const value = exposed[AMOUNTS[named.metric]]
  const found = { ...named, value, n: exposed.allAttempts, bound, evidence: null }
  if (value >= bound) return { ...found, verdict: 'BREACH', reason: `${value} of ${bound}: reached.` }
  if (exposed.allAttempts === 0)
    return { ...found, verdict: 'INSUFFICIENT', reason: 'Nothing was exposed yet.' }
  return { ...found, verdict: 'OK', reason: `${value} of ${bound}.` }
}

export type PromotionQuestion = Named & {
  readonly exposed: Counted
  readonly control: Counted
  readonly marginBp: number
  readonly alpha: number
  /** Where the test is at its sharpest: the stage's minimum. */
  readonly tunedFor: number
}

/** Non-inferiority: only what is shown to be no worse than the margin goes on. Inconclusive holds. */
export const promotionVerdict = (question: PromotionQuestion): Verdict => {
  const { exposed, control, marginBp, guardrail, tier, metric } = question
  const found = {
    guardrail,
    tier,
    metric,
    action: 'none' as const,
    n: exposed.n,
    bound: marginBp,
    evidence: null,
  }
  if (exposed.n < PROMOTION_LEAST || control.n < PROMOTION_LEAST) {
    const reason = `${exposed.n} exposed and ${control.n} of the control; at least ${PROMOTION_LEAST} of each are needed.`
    return { ...found, value: null, verdict: 'INSUFFICIENT', reason }
  }
  const upper = differenceBound(exposed, control, question)
  const value = bp(exposed.x / exposed.n - control.x / control.n)
  const reason = `The difference is ${value} and at most ${bp(upper)} basis points, the margin ${marginBp}.`
  return { ...found, value, verdict: upper * WHOLE_BP < marginBp ? 'OK' : 'INCONCLUSIVE', reason }
}
