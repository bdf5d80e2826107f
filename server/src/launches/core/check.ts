import { currencyOf, isMoney, parseId } from '../../kit/index.ts'
import { checkGuardrails } from './check-guardrails.ts'
import { checkStages } from './check-stages.ts'
import { checkSubject, type KnownRails } from './check-subject.ts'
import { type ContentProblem, problem } from './content-problem.ts'
import type { LaunchContent, Risk } from './model.ts'
import { INVARIANT_METRICS, MONEY_METRICS, RATE_METRICS } from './model.ts'

const isMoneyCode = (code: string): boolean => {
  const currency = currencyOf(code.toUpperCase())
  return currency !== null && isMoney(currency)
}

const checkHead = (content: LaunchContent): ContentProblem | null => {
  const { name, owner, currency, benefit, rollback_plan } = content
  if (name.trim() === '') return problem('name', 'name must say what is launched.')
  if (parseId('person', owner) === null || !owner.startsWith('person_'))
    return problem('owner', 'owner must be the person who answers for the launch: person_….')
  if (!isMoneyCode(currency))
    return problem('currency', 'currency must be of ISO 4217, such as eur: all money in the record is in it.')
  if (benefit.low > benefit.high)
    return problem('benefit[low]', 'benefit[low] must not be above benefit[high]: it is a range.')
  if (rollback_plan.trim() === '')
    return problem('rollback_plan', 'rollback_plan must say what people do after exposure is back at zero.')
  return null
}

const checkFilters = ({ filters, subject, stages, currency }: LaunchContent): ContentProblem | null => {
  const { countries, currencies, amount_from, amount_to } = filters
  const isEmpty =
    countries.length === 0 && currencies.length === 0 && amount_from === null && amount_to === null
  if (subject.type === 'feature' && !isEmpty)
    return problem(
      'filters',
      'filters are of payments; a feature knows only its targeting key. Leave them out.',
    )
  const country = countries.findIndex((code) => !/^[A-Z]{2}$/.test(code))
  if (country >= 0)
    return problem(`filters[countries][${country}]`, 'A country is two letters of ISO 3166-1, such as DE.')
  const code = currencies.findIndex((each) => !isMoneyCode(each))
  if (code >= 0)
    return problem(`filters[currencies][${code}]`, 'A currency is three letters of ISO 4217, such as eur.')
  if (amount_from !== null && amount_to !== null && amount_from > amount_to)
    return problem('filters[amount_from]', 'filters[amount_from] must not be above filters[amount_to].')
  const isCapped = stages.some(({ caps }) => Object.values(caps).some((cap) => cap !== null))
  if (isCapped && currencies.length > 0 && !currencies.includes(currency))
    return problem(
      'filters[currencies]',
      `The caps are in ${currency}, and a payment in another currency is never exposed under a cap: add ${currency}, or leave the caps out.`,
    )
  return null
}

const RATES: ReadonlySet<string> = new Set(RATE_METRICS)
const INVARIANTS: ReadonlySet<string> = new Set(INVARIANT_METRICS)
const SUMS: ReadonlySet<string> = new Set(MONEY_METRICS)
const FULL_BP = 10_000

const checkTripwire = ({ tripwire }: Risk, param: string, isFeature: boolean): ContentProblem | null => {
  if (tripwire === null) return null
  const { metric, bound } = tripwire
  if (isFeature && (RATES.has(metric) || INVARIANTS.has(metric) || SUMS.has(metric)))
    return problem(
      `${param}[metric]`,
      `No payment is exposed to a feature, so ${metric} says nothing of it: name what people look at instead.`,
    )
  if (RATES.has(metric) && (bound < 1 || bound > FULL_BP))
    return problem(`${param}[bound]`, `The bound of ${metric} is a share in basis points, 1 to ${FULL_BP}.`)
  if (INVARIANTS.has(metric) && bound !== 0)
    return problem(`${param}[bound]`, `The bound of ${metric} is 0: its first event is reached.`)
  if (SUMS.has(metric) && bound < 1)
    return problem(`${param}[bound]`, `The bound of ${metric} is an amount in minor units, at least 1.`)
  return null
}

/** One risk, of the content or of what somebody writes alone. */
export const checkRisk = (
  risk: Risk,
  { type }: Pick<LaunchContent['subject'], 'type'>,
  param: string,
): ContentProblem | null => {
  const at = (field: string): string => (param === '' ? field : `${param}[${field}]`)
  if (risk.impact_low > risk.impact_high)
    return problem(at('impact_low'), `${at('impact_low')} must not be above impact_high: it is a range.`)
  return checkTripwire(risk, at('tripwire'), type === 'feature')
}

const checkRisks = ({ risks, subject }: LaunchContent): ContentProblem | null => {
  for (const [index, risk] of risks.entries()) {
    const found = checkRisk(risk, subject, `risks[${index}]`)
    if (found !== null) return found
  }
  return null
}

const checkNotify = ({ notify }: LaunchContent): ContentProblem | null =>
  notify === null || (notify.startsWith('we_') && parseId('we', notify) !== null)
    ? null
    : problem('notify', 'notify must be a webhook endpoint: we_…, or empty for whoever listens.')

/** Everything that can be judged without looking anything up, in the order of the fields. */
export const checkContent = (content: LaunchContent, rails: KnownRails): ContentProblem | null =>
  checkHead(content) ??
  checkSubject(content, rails) ??
  checkFilters(content) ??
  checkStages(content) ??
  checkGuardrails(content) ??
  checkRisks(content) ??
  checkNotify(content)
