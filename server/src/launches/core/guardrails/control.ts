import { type Counted, lowerBound, upperBound } from './bounds.ts'

/** 100 % in basis points. */
export const WHOLE_BP = 10_000

/** Of the evidence budget, what the control's own uncertainty may use. */
const CONTROL_SHARE = 0.1

export type Shared = {
  /** Of the e-process: it rejects at 1/test. */
  readonly test: number
  /** Of the upper bound of the control. */
  readonly control: number
}

/** Alpha is shared out over all rate guardrails of a launch, so that all of them together alarm falsely that seldom. */
export const shareAlpha = (alphaBp: number, guardrails: number): Shared => {
  const alpha = alphaBp / WHOLE_BP / Math.max(1, guardrails)
  return { test: alpha * (1 - CONTROL_SHARE), control: alpha * CONTROL_SHARE }
}

/** Fewer say nothing of a sudden change. */
const RECENT_LEAST = 10
const SHOCK_DELTA = 0.2

export type Controls = {
  /** Since the launch began to be compared. */
  readonly all: Counted
  /** Of the last minutes. */
  readonly recent: Counted
}

/**
 * What the exposed may fail by before it counts: max(upper bound of the control, baseline) + margin. When the control of
 * the last minutes has plainly left what it was (an issuer is down, and everybody fails), it is the control; that can
 * only raise p0, and so never makes an alarm false.
 */
export const hypothesis = (
  { all, recent }: Controls,
  guardrail: { readonly baselineBp: number; readonly marginBp: number },
  delta: number,
): number => {
  const usual = all.n === 0 ? 0 : upperBound(all.x, all.n, delta)
  const isShock =
    recent.n >= RECENT_LEAST && all.n > 0 && lowerBound(recent.x, recent.n, SHOCK_DELTA) > all.x / all.n
  const now = isShock ? upperBound(recent.x, recent.n, delta) : 0
  return (
    Math.max(controlKnown(all, usual), now, guardrail.baselineBp / WHOLE_BP) + guardrail.marginBp / WHOLE_BP
  )
}

/** A control of a handful has a bound that would hide everything: then the baseline stands in for it. */
const CONTROL_LEAST = 100
const controlKnown = ({ n }: Counted, bound: number): number => (n >= CONTROL_LEAST ? bound : 0)
