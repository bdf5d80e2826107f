import { showId } from '../../kit/index.ts'
import { detectionOf } from '../core/detection/detection.ts'
import { detectionSentences } from '../core/detection/sentences.ts'
import type { Launch, Risk } from '../core/model.ts'
import type { Loss } from '../core/pricing/price.ts'
import { isWatched, LAUNCH_PREFIX } from '../views.ts'
import { askOf } from './ask.ts'
import type { BoardInput, Capacity } from './input.ts'
import { signaturesOf, waiversOf } from './people.ts'
import { type Priced, priceOf } from './price-of.ts'
import { datesOf, stagesOf } from './stages.ts'
import { storyOf } from './story.ts'
import { exponentOf } from './words.ts'

const MICROS_PER_SECOND = 1_000_000
const ALL_BP = 10_000

const showRisk = (risk: Risk, price: Loss) => ({
  text: risk.text,
  owner: risk.owner,
  mitigation: risk.mitigation,
  probability: risk.probability,
  impact_low: risk.impact_low,
  impact_high: risk.impact_high,
  watched: isWatched(risk),
  tripwire: risk.tripwire,
  price: { ...price },
})

const NO_PRICE: Loss = { mean: 0, p50: 0, p90: 0, p95: 0 }

/** The dearest first; of like ones, the one that nobody watches. */
const risksOf = ({ content }: Launch, { price }: Priced) =>
  content.risks
    .map((risk, at) => showRisk(risk, price.risks[at] ?? NO_PRICE))
    .toSorted(
      (one, other) => other.price.mean - one.price.mean || Number(one.watched) - Number(other.watched),
    )

const lossOf = ({ price }: Priced) => ({
  ...price.total,
  any_bp: price.anyBp,
  draws: price.draws,
  curve: price.curve.map(({ chanceBp, loss }) => ({ chance_bp: chanceBp, loss })),
})

const waitingOf = ({ waiting }: Priced) => ({
  per_day_low: waiting.perDay.low,
  per_day_high: waiting.perDay.high,
  risk_per_day: waiting.riskPerDay,
  horizon_hours: Math.round(waiting.horizonDays * 24),
  assumptions: [...waiting.assumptions],
})

const capacityOf = ({ content }: Launch, capacity: Capacity | null) => {
  const peak = content.forecast.peak_per_second
  const isKnown = capacity !== null && capacity.perSecond > 0
  return {
    forecast_peak_per_second: peak,
    held_per_second: capacity === null ? null : Math.floor(capacity.perSecond),
    measured_at: capacity?.measuredAt ?? null,
    /** Of what was held, how much the forecast peak leaves; below zero: it asks for more than was ever held. */
    headroom_bp: isKnown ? Math.floor((1 - peak / capacity.perSecond) * ALL_BP) : null,
  }
}

const detectedBy = ({ content, stage }: Launch) => {
  const detection = detectionOf(content, stage)
  return {
    stage,
    payments_per_day: detection?.paymentsPerDay ?? 0,
    payments_planned: detection?.paymentsPlanned ?? 0,
    sentences: detection === null ? [] : detectionSentences(content, detection),
  }
}

/** Everything that the page shows, in figures. The page itself is written from nothing else. */
export const figuresOf = (input: BoardInput) => {
  const { launch, nowMicros, budget } = input
  const { content } = launch
  const priced = priceOf(launch)
  const dates = datesOf(input)
  return {
    object: 'launch.board' as const,
    launch: showId(LAUNCH_PREFIX, launch.id),
    livemode: input.livemode,
    name: content.name,
    description: content.description,
    status: launch.status,
    owner: content.owner,
    owner_name: input.ownerName,
    generated_at: Math.floor(nowMicros / MICROS_PER_SECOND),
    time_zone: input.timeZone,
    currency: content.currency,
    currency_exponent: exponentOf(content.currency),
    content_hash: launch.contentHash,
    ask: askOf(launch),
    benefit: { ...content.benefit },
    expected_loss: lossOf(priced),
    waiting: waitingOf(priced),
    risks: risksOf(launch, priced),
    unwatched: content.risks.filter((risk) => !isWatched(risk)).length,
    stages: stagesOf(input, priced, dates),
    dates:
      dates === null
        ? null
        : {
            assumes: dates.assumes,
            from: dates.from,
            p50: dates.p50,
            p85: dates.p85,
            draws: dates.draws,
            assumptions: dates.assumptions,
          },
    detection: detectedBy(launch),
    budget: {
      state: budget.state,
      levels: budget.levels.map(({ name, spentBp }) => ({ name, spent_bp: spentBp })),
    },
    capacity: capacityOf(launch, input.capacity),
    signatures: signaturesOf(launch, nowMicros),
    waivers: waiversOf(launch, nowMicros),
    rollback_plan: content.rollback_plan,
    story: storyOf(launch, input.watch),
    audit: { position: input.audit.position, hash: input.audit.hash },
  }
}

export type BoardFigures = ReturnType<typeof figuresOf>
