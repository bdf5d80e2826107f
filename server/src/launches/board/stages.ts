import { type Forecast, forecastOf } from '../core/forecast/forecast.ts'
import type { Launch, Stage } from '../core/model.ts'
import { createRandom } from '../core/pricing/random.ts'
import type { BoardInput } from './input.ts'
import type { Priced } from './price-of.ts'

const MICROS_PER_SECOND = 1_000_000
const MICROS_PER_HOUR = 3_600 * MICROS_PER_SECOND
const SECONDS_PER_HOUR = 3_600
const ALL_BP = 10_000

type Assumes = 'it_starts_now' | 'it_starts_as_armed' | 'it_goes_on' | 'it_is_resumed_now'

const ASSUMES: Readonly<Partial<Record<Launch['status'], Assumes>>> = {
  draft: 'it_starts_now',
  signed: 'it_starts_now',
  armed: 'it_starts_as_armed',
  running: 'it_goes_on',
  held: 'it_is_resumed_now',
}

const isBefore = (launch: Launch): boolean => launch.startedMicros === null || launch.status === 'draft'

const forecastFrom = ({ launch, watch, nowMicros }: BoardInput): Forecast => {
  const began = isBefore(launch) ? null : launch.stageStartedMicros
  const isOfStage = watch !== null && watch.stage === launch.stage && began !== null
  return forecastOf(
    launch.content,
    {
      stage: launch.stage,
      elapsedHours: began === null ? 0 : Math.max(0, (nowMicros - began) / MICROS_PER_HOUR),
      matured: isOfStage ? watch.matured : 0,
    },
    createRandom(`dates ${launch.contentHash}`),
  )
}

const later = (fromSeconds: number, hours: number | null): number | null =>
  hours === null ? null : fromSeconds + hours * SECONDS_PER_HOUR

/** When each stage that is not over ends, and the launch with its last one; null where it is over or stopped. */
export const datesOf = (input: BoardInput) => {
  const { launch, nowMicros } = input
  const assumes = ASSUMES[launch.status]
  if (assumes === undefined) return null
  const now = Math.floor(nowMicros / MICROS_PER_SECOND)
  const from =
    launch.startAtMicros === null ? now : Math.max(now, Math.floor(launch.startAtMicros / MICROS_PER_SECOND))
  const { stages, draws, assumptions } = forecastFrom(input)
  const ends = stages.map(({ stage, p50Hours, p85Hours }) => ({
    stage,
    p50: later(from, p50Hours),
    p85: later(from, p85Hours),
  }))
  const last = ends.at(-1)
  return {
    assumes,
    from,
    p50: last?.p50 ?? null,
    p85: last?.p85 ?? null,
    draws,
    assumptions: [...assumptions],
    ends,
  }
}

type Dates = ReturnType<typeof datesOf>

const progressOf = ({ status, stage: at }: Launch, stage: number): 'done' | 'current' | 'ahead' => {
  if (status === 'completed') return 'done'
  if (status === 'draft' || status === 'signed' || status === 'armed' || status === 'abandoned')
    return 'ahead'
  if (stage === at) return 'current'
  return stage < at ? 'done' : 'ahead'
}

const capsOf = ({ caps }: Stage) => ({
  cap_per_payment: caps.per_payment,
  cap_per_stage: caps.per_stage,
  cap_per_day: caps.per_day,
})

/** Each stage with what it brings, what it puts at risk, and when it ends. */
export const stagesOf = ({ launch }: BoardInput, { waiting }: Priced, dates: Dates) =>
  launch.content.stages.map((stage, at) => {
    const stake = waiting.stages[at]
    const end = dates?.ends.find((each) => each.stage === at)
    return {
      stage: at,
      progress: progressOf(launch, at),
      exposure_bp: stage.exposure_bp,
      named_units: stage.named_units.length,
      payments_per_day: stage.forecast_payments_per_day,
      min_matured_payments: stage.min_matured_payments,
      min_hours: stage.min_hours,
      ...capsOf(stage),
      required_signers: [...stage.required_signers],
      share_bp: Math.round((stake?.share ?? 0) * ALL_BP),
      benefit_per_day_low: stake?.benefitPerDay.low ?? 0,
      benefit_per_day_high: stake?.benefitPerDay.high ?? 0,
      forgone_per_day_low: stake?.forgonePerDay.low ?? 0,
      forgone_per_day_high: stake?.forgonePerDay.high ?? 0,
      risk_per_day: stake?.riskPerDay ?? 0,
      expected_loss: stake?.expectedLoss ?? 0,
      ends_p50: end?.p50 ?? null,
      ends_p85: end?.p85 ?? null,
    }
  })
