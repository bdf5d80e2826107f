import type { LaunchContent, RateMetric } from '../model.ts'
import { HOURS_PER_DAY, NAMED_FIRST_BELOW } from '../pricing/assumptions.ts'
import type { RateDetection, Rise, StageDetection } from './detection.ts'

/** The rates in people's words. */
const WORDS: Readonly<Record<RateMetric, string>> = {
  failure_rate: 'failed payments',
  decline_rate: 'declined payments',
  slow_rate: 'slow payments',
  refund_rate: 'refunds',
  dispute_rate: 'disputes',
}

/** What customers and their banks tell only later. */
const LATE: ReadonlySet<RateMetric> = new Set(['refund_rate', 'dispute_rate'])

/** 3 %, 0.45 % */
export const percent = (bp: number): string => `${(bp / 100).toFixed(2).replace(/\.?0+$/, '')} %`

const count = (number: number): string => number.toLocaleString('en-US')

const length = (hours: number): string => {
  if (hours < HOURS_PER_DAY) return `${hours} ${hours === 1 ? 'hour' : 'hours'}`
  const days = hours / HOURS_PER_DAY
  const shown = days < 10 ? days.toFixed(1).replace(/\.0$/, '') : count(Math.round(days))
  return `${shown} ${shown === '1' ? 'day' : 'days'}`
}

const cost = ({ payments, hours }: Rise): string =>
  `after ${count(payments ?? 0)} payments${hours === null ? '' : `, about ${length(hours)}`}`

const rateSentences = ({ metric, baselineBp, toleratedBp, rises }: RateDetection): string[] => {
  const what = WORDS[metric]
  const looked = rises.filter(({ payments }) => payments !== null)
  const seen = looked.filter(({ inStage }) => inStage)
  const missed = looked.filter(({ inStage }) => !inStage)
  // The smallest rise that shows, and the largest that does not.
  const first = seen[0]
  const last = missed.at(-1)
  const from = `from ${percent(baselineBp)}`
  const late = LATE.has(metric) ? ' Those that come after the stage are not seen by it.' : ''
  return [
    ...(first === undefined
      ? []
      : [`Can see: ${what} rising ${from} to ${percent(first.toBp)}, ${cost(first)}.${late}`]),
    ...(last === undefined
      ? []
      : [`Cannot see in time: ${what} rising ${from} to ${percent(last.toBp)}; that shows ${cost(last)}.`]),
    ...(toleratedBp > baselineBp
      ? [`Does not look at ${what} up to ${percent(toleratedBp)}: tolerated.`]
      : []),
  ]
}

const promotionSentences = (detection: StageDetection): string[] =>
  detection.promotions.map(({ metric, marginBp, payments, inStage }) => {
    const claim = `no more than ${percent(marginBp)} more ${WORDS[metric]}`
    if (payments === null) return `Cannot prove "${claim}": there is no baseline to go by.`
    return inStage
      ? `Can prove "${claim}" with ${count(payments)} payments.`
      : `Cannot prove "${claim}": that takes ${count(payments)} payments, and the stage sees ${count(detection.paymentsPlanned)}.`
  })

/** For people: what the stage sees, what it does not, and what would be better. */
export const detectionSentences = (content: LaunchContent, detection: StageDetection): string[] => {
  const { paymentsPerDay, paymentsPlanned, cleanShowsBelowBp: below } = detection
  const least = content.stages[detection.stage]?.min_matured_payments ?? 0
  return [
    paymentsPerDay === 0
      ? 'No payments are forecast for this stage: it can detect nothing.'
      : `Sees about ${count(paymentsPerDay)} payments a day, ${count(paymentsPlanned)} as planned.`,
    detection.watchesInvariants
      ? 'Sees the first payment that breaks the books, is debited twice or gets stuck.'
      : 'Nobody looks whether the books balance: no invariant is among the guardrails.',
    ...detection.rates.flatMap(rateSentences),
    ...(detection.rates.length === 0
      ? ['No rate with a baseline is guarded: a rise of failures is not seen.']
      : []),
    ...promotionSentences(detection),
    below === null
      ? `Its minimum of ${count(least)} payments proves nothing about rates, even if all of them succeed.`
      : `If all of its ${count(least)} payments succeed, that shows only a failure rate below ${percent(below)}.`,
    ...(detection.shouldNameFirst
      ? [
          `Below ${count(NAMED_FIRST_BELOW)} payments a day a share of them proves little: begin with about five accounts by name, then 5 %, 25 %, 100 %.`,
        ]
      : []),
  ]
}
