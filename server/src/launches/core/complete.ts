import { ALPHA_BP, MATURITY_HOURS, SLOW_MS, STAGE_MIN_HOURS, STAGE_MIN_MATURED } from '../limits.ts'
import type { GuardrailInput, LaunchInput, RiskInput, StageInput, SubjectInput } from './input.ts'
import {
  type Guardrail,
  INVARIANT_METRICS,
  type InvariantMetric,
  type LaunchContent,
  type LaunchSubject,
  type RateMetric,
  type Risk,
  type Stage,
} from './model.ts'

const FULL_BP = 10_000
const SECONDS_PER_DAY = 86_400
/** The busiest second of a day against its average one, where nobody has measured it. */
const PEAK_FACTOR = 5

/** What is taken for the control of a rate where there is too little of it: what cards in e-commerce usually show. */
const BASELINES: Readonly<Record<RateMetric, number>> = {
  failure_rate: 200,
  decline_rate: 1_000,
  slow_rate: 500,
  refund_rate: 300,
  dispute_rate: 50,
}

const INVARIANTS: readonly Guardrail[] = INVARIANT_METRICS.map((metric) => ({ tier: 'invariant', metric }))

/** Of a launch that names none: what a small company would want to be stopped by, and shown before it goes on. */
const DEFAULT_GUARDRAILS: readonly Guardrail[] = [
  ...INVARIANTS,
  { tier: 'rate', metric: 'failure_rate', margin_bp: 100, baseline_bp: 200, action: 'rollback' },
  { tier: 'rate', metric: 'decline_rate', margin_bp: 300, baseline_bp: 1_000, action: 'rollback' },
  { tier: 'promotion', metric: 'failure_rate', margin_bp: 300 },
  { tier: 'promotion', metric: 'decline_rate', margin_bp: 600 },
]

const completeGuardrail = (input: GuardrailInput): Guardrail => {
  const { tier, metric } = input
  if (tier === 'invariant') return { tier, metric: metric as InvariantMetric }
  const margin_bp = input.margin_bp ?? 0
  const rate = metric as RateMetric
  if (tier === 'promotion') return { tier, metric: rate, margin_bp }
  const baseline_bp = input.baseline_bp ?? BASELINES[rate] ?? 0
  return { tier, metric: rate, margin_bp, baseline_bp, action: input.action ?? 'rollback' }
}

/** The four invariants are always among those of a route: nobody launches payments without. Of a feature payments say nothing. */
const completeGuardrails = (
  inputs: readonly GuardrailInput[] | undefined,
  subject: LaunchSubject,
): readonly Guardrail[] => {
  const given = (inputs ?? []).map(completeGuardrail)
  if (subject.type === 'feature') return given
  if (inputs === undefined) return DEFAULT_GUARDRAILS
  const missing = INVARIANTS.filter(
    ({ metric }) => !given.some((each) => each.tier === 'invariant' && each.metric === metric),
  )
  return [...given, ...missing]
}

const completeSubject = (input: SubjectInput): LaunchSubject =>
  input.type === 'route'
    ? { type: 'route', rails: input.rails ?? [] }
    : {
        type: 'feature',
        key: input.key ?? '',
        variants: input.variants ?? { on: true, off: false },
        on: input.on ?? 'on',
        off: input.off ?? 'off',
      }

const completeStage = (input: StageInput, isFeature: boolean, paymentsPerDay: number): Stage => {
  const caps = input.caps ?? {}
  return {
    exposure_bp: input.exposure_bp,
    named_units: [...new Set(input.named_units ?? [])],
    min_matured_payments: input.min_matured_payments ?? (isFeature ? 0 : STAGE_MIN_MATURED),
    min_hours: input.min_hours ?? STAGE_MIN_HOURS,
    caps: {
      per_payment: caps.per_payment ?? null,
      per_stage: caps.per_stage ?? null,
      per_day: caps.per_day ?? null,
    },
    required_signers: input.required_signers ?? ['business', 'technology'],
    forecast_payments_per_day:
      input.forecast_payments_per_day ?? Math.ceil((paymentsPerDay * input.exposure_bp) / FULL_BP),
  }
}

/** A risk without an owner is its writer's, or the launch's owner's. */
export const completeRisk = (input: RiskInput, owner: string): Risk => ({
  text: input.text,
  probability: input.probability,
  impact_low: input.impact_low,
  impact_high: input.impact_high,
  owner: input.owner ?? owner,
  mitigation: input.mitigation ?? '',
  tripwire: input.tripwire ?? null,
})

const lower = (texts: readonly string[]): string[] => [...new Set(texts.map((text) => text.toLowerCase()))]

const completeFilters = (
  input: LaunchInput['filters'],
  before: LaunchContent['filters'] | undefined,
): LaunchContent['filters'] =>
  input === undefined && before !== undefined
    ? before
    : {
        countries: [...new Set((input?.countries ?? []).map((country) => country.toUpperCase()))],
        currencies: lower(input?.currencies ?? []),
        amount_from: input?.amount_from ?? null,
        amount_to: input?.amount_to ?? null,
      }

const completeForecast = (
  input: LaunchInput['forecast'],
  before: LaunchContent['forecast'] | undefined,
): LaunchContent['forecast'] => {
  if (input === undefined) return before ?? { payments_per_day: 0, average_amount: 0, peak_per_second: 0 }
  const { payments_per_day, average_amount } = input
  const peak = Math.ceil((payments_per_day * PEAK_FACTOR) / SECONDS_PER_DAY)
  return { payments_per_day, average_amount, peak_per_second: input.peak_per_second ?? peak }
}

const NO_BENEFIT: LaunchContent['benefit'] = { low: 0, high: 0, per: 'month', source: '', as_of: 0 }

/** What is not sent stays as it was, or is the default. Nested values are replaced whole. */
export const completeContent = (
  input: LaunchInput,
  before: LaunchContent | null,
  defaultOwner: string,
): LaunchContent => {
  const owner = input.owner ?? before?.owner ?? defaultOwner
  const subject =
    input.subject === undefined
      ? (before?.subject ?? { type: 'route', rails: [] })
      : completeSubject(input.subject)
  const isFeature = subject.type === 'feature'
  const forecast = completeForecast(input.forecast, before?.forecast)
  const stages =
    input.stages?.map((stage) => completeStage(stage, isFeature, forecast.payments_per_day)) ??
    before?.stages ??
    []
  const keepsGuardrails = input.guardrails === undefined && before !== null
  const { notify } = input
  return {
    name: input.name ?? before?.name ?? '',
    description: input.description ?? before?.description ?? '',
    owner,
    currency: (input.currency ?? before?.currency ?? '').toLowerCase(),
    subject,
    unit: input.unit ?? before?.unit ?? (isFeature ? 'targeting_key' : 'customer'),
    filters: completeFilters(input.filters, before?.filters),
    excluded_units: [...new Set(input.excluded_units ?? before?.excluded_units ?? [])],
    benefit: input.benefit ?? before?.benefit ?? NO_BENEFIT,
    forecast,
    components: input.components ?? before?.components ?? [],
    risks: input.risks?.map((risk) => completeRisk(risk, owner)) ?? before?.risks ?? [],
    stages,
    guardrails: keepsGuardrails ? before.guardrails : completeGuardrails(input.guardrails, subject),
    alpha_bp: input.alpha_bp ?? before?.alpha_bp ?? ALPHA_BP,
    slow_ms: input.slow_ms ?? before?.slow_ms ?? SLOW_MS,
    maturity_hours: input.maturity_hours ?? before?.maturity_hours ?? MATURITY_HOURS,
    rollback_plan: input.rollback_plan ?? before?.rollback_plan ?? '',
    cover: input.cover ?? before?.cover ?? [],
    notify: notify === undefined ? (before?.notify ?? null) : notify === '' ? null : notify,
  }
}
