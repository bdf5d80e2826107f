import { type ContentProblem, problem } from './content-problem.ts'
import { type Guardrail, INVARIANT_METRICS, type LaunchContent, RATE_METRICS } from './model.ts'

const FULL_BP = 10_000
const RATES: ReadonlySet<string> = new Set(RATE_METRICS)
const INVARIANTS: ReadonlySet<string> = new Set(INVARIANT_METRICS)

const checkMetric = ({ tier, metric }: Guardrail, param: string): ContentProblem | null => {
  const known = tier === 'invariant' ? INVARIANT_METRICS : RATE_METRICS
  return (tier === 'invariant' ? INVARIANTS : RATES).has(metric)
    ? null
    : problem(`${param}[metric]`, `A guardrail of tier ${tier} watches one of ${known.join(', ')}.`)
}

const checkOne = (guardrail: Guardrail, param: string, isFeature: boolean): ContentProblem | null => {
  if (isFeature)
    return problem(
      `${param}[tier]`,
      'No payment is exposed to a feature, so payments say nothing of it: leave this guardrail out.',
    )
  const wrong = checkMetric(guardrail, param)
  if (wrong !== null || guardrail.tier === 'invariant') return wrong
  if (guardrail.margin_bp < 1)
    return problem(
      `${param}[margin_bp]`,
      `margin_bp says by how much it may be worse than the control: 1 to ${FULL_BP} basis points.`,
    )
  if (guardrail.tier === 'rate' && guardrail.baseline_bp + guardrail.margin_bp >= FULL_BP)
    return problem(
      `${param}[margin_bp]`,
      'baseline_bp and margin_bp together must stay below 10000: nothing could ever be worse.',
    )
  return null
}

export const checkGuardrails = ({ guardrails, subject }: LaunchContent): ContentProblem | null => {
  const seen = new Set<string>()
  for (const [index, guardrail] of guardrails.entries()) {
    const param = `guardrails[${index}]`
    const found = checkOne(guardrail, param, subject.type === 'feature')
    if (found !== null) return found
    const name = `${guardrail.tier} ${guardrail.metric}`
    if (seen.has(name)) return problem(param, `There are two guardrails ${name}: keep one.`)
    seen.add(name)
  }
  return null
}
