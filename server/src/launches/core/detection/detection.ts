import { plannedHours, shareOf } from '../forecast/planned.ts'
import type { LaunchContent, RateMetric, Stage } from '../model.ts'
import { HOURS_PER_DAY, MULTIPLES_TENTHS, NAMED_FIRST_BELOW, RATE_MOST } from '../pricing/assumptions.ts'
import { cleanShowsBelowBp, paymentsNeeded, paymentsToPromote } from './needed.ts'

/** A rise of a rate, and what it takes to see it. */
export type Rise = {
  readonly toBp: number
  /** Null: within what the guardrail tolerates, so nobody looks for it. */
  readonly payments: number | null
  /** At the stage's volume; null without volume, or where nobody looks. */
  readonly hours: number | null
  /** Before the stage is over as planned. */
  readonly inStage: boolean
}

export type RateDetection = {
  readonly metric: RateMetric
  readonly baselineBp: number
  /** The baseline and the guardrail's margin: only what is worse than that counts. */
  readonly toleratedBp: number
  readonly rises: readonly Rise[]
}

export type PromotionDetection = {
  readonly metric: RateMetric
  readonly marginBp: number
  /** Null without a baseline to go by. */
  readonly payments: number | null
  readonly inStage: boolean
}

export type StageDetection = {
  readonly stage: number
  readonly paymentsPerDay: number
  /** How many payments the stage sees before it is over as planned. */
  readonly paymentsPlanned: number
  readonly rates: readonly RateDetection[]
  readonly promotions: readonly PromotionDetection[]
  /** What the stage's minimum of payments shows if not one of them fails. */
  readonly cleanShowsBelowBp: number | null
  readonly watchesInvariants: boolean
  /** Named accounts should come first, and do not. */
  readonly shouldNameFirst: boolean
}

const ALL_BP = 10_000

type Seen = { readonly perDay: number; readonly planned: number }

const riseOf = (
  {
    from,
    tolerated,
    multiple,
  }: { readonly from: number; readonly tolerated: number; readonly multiple: number },
  { perDay, planned }: Seen,
): Rise => {
  const to = Math.min((from * multiple) / 10, RATE_MOST)
  const toBp = Math.round(to * ALL_BP)
  if (to <= tolerated) return { toBp, payments: null, hours: null, inStage: false }
  const payments = paymentsNeeded({ from: tolerated, to })
  const hours = perDay === 0 ? null : Math.ceil((payments / perDay) * HOURS_PER_DAY)
  return { toBp, payments, hours, inStage: payments <= planned }
}

const ratesOf = (content: LaunchContent, seen: Seen): RateDetection[] =>
  content.guardrails.flatMap((guardrail): RateDetection[] => {
    if (guardrail.tier !== 'rate' || guardrail.baseline_bp <= 0) return []
    const from = guardrail.baseline_bp / ALL_BP
    const tolerated = Math.min((guardrail.baseline_bp + guardrail.margin_bp) / ALL_BP, RATE_MOST)
    const rises = MULTIPLES_TENTHS.map((multiple) => riseOf({ from, tolerated, multiple }, seen))
    return [
      {
        metric: guardrail.metric,
        baselineBp: guardrail.baseline_bp,
        toleratedBp: Math.round(tolerated * ALL_BP),
        rises,
      },
    ]
  })

const baselineOf = (content: LaunchContent, metric: RateMetric): number | null => {
  for (const guardrail of content.guardrails)
    if (guardrail.tier === 'rate' && guardrail.metric === metric && guardrail.baseline_bp > 0)
      return guardrail.baseline_bp / ALL_BP
  return null
}

/** With everybody exposed there is no control left; then the baseline is taken for it. */
const armRatio = (share: number): number => (share >= 1 ? 0 : share / (1 - share))

const promotionsOf = (content: LaunchContent, stage: Stage, seen: Seen): PromotionDetection[] =>
  content.guardrails.flatMap((guardrail): PromotionDetection[] => {
    if (guardrail.tier !== 'promotion') return []
    const { metric, margin_bp: marginBp } = guardrail
    const rate = baselineOf(content, metric)
    if (rate === null || marginBp <= 0) return [{ metric, marginBp, payments: null, inStage: false }]
    const ratio = armRatio(shareOf(content, stage))
    const payments = paymentsToPromote({ rate, margin: marginBp / ALL_BP, ratio })
    return [{ metric, marginBp, payments, inStage: payments <= seen.planned }]
  })

/** Few payments, and the first stage takes a share of them: a share of little proves nothing. */
export const shouldNameFirst = (content: LaunchContent): boolean => {
  const first = content.stages[0]
  const isFew = content.forecast.payments_per_day < NAMED_FIRST_BELOW
  return isFew && first !== undefined && (first.named_units.length === 0 || first.exposure_bp > 0)
}

/** What a stage can and cannot detect, by what is forecast for it. Null: there is no such stage. */
export const detectionOf = (content: LaunchContent, index: number): StageDetection | null => {
  const stage = content.stages[index]
  if (stage === undefined) return null
  const perDay = Math.max(0, stage.forecast_payments_per_day)
  const planned = Math.floor((perDay * plannedHours(content, stage)) / HOURS_PER_DAY)
  const seen = { perDay, planned }
  return {
    stage: index,
    paymentsPerDay: perDay,
    paymentsPlanned: planned,
    rates: ratesOf(content, seen),
    promotions: promotionsOf(content, stage, seen),
    cleanShowsBelowBp: cleanShowsBelowBp(stage.min_matured_payments),
    watchesInvariants: content.guardrails.some(({ tier }) => tier === 'invariant'),
    shouldNameFirst: shouldNameFirst(content),
  }
}
