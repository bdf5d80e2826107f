import { UNITS_MOST } from '../limits.ts'
import { type ContentProblem, problem } from './content-problem.ts'
import type { LaunchContent, Stage } from './model.ts'

const FULL_BP = 10_000

const checkCaps = ({ caps }: Stage, param: string, isFeature: boolean): ContentProblem | null => {
  const { per_payment, per_stage, per_day } = caps
  if (isFeature && (per_payment ?? per_stage ?? per_day) !== null)
    return problem(`${param}[caps]`, 'A feature moves no money, so it takes no caps.')
  for (const [name, cap] of Object.entries({ per_stage, per_day })) {
    if (per_payment !== null && cap !== null && per_payment > cap)
      return problem(`${param}[caps][per_payment]`, `caps[per_payment] must not be above caps[${name}].`)
  }
  return null
}

const checkStage = (
  stage: Stage,
  before: Stage | undefined,
  param: string,
  isFeature: boolean,
): ContentProblem | null => {
  const { exposure_bp, named_units, required_signers } = stage
  if (exposure_bp === 0 && named_units.length === 0)
    return problem(
      `${param}[exposure_bp]`,
      `A stage exposes somebody: 1 to ${FULL_BP} basis points, or 0 with named_units.`,
    )
  if (before !== undefined && exposure_bp <= before.exposure_bp)
    return problem(
      `${param}[exposure_bp]`,
      `Stages rise: ${exposure_bp} must be above ${before.exposure_bp}, the exposure of the stage before.`,
    )
  if (required_signers.length === 0)
    return problem(
      `${param}[required_signers]`,
      'Each stage ends with somebody’s approval: business, technology or both.',
    )
  if (new Set(required_signers).size !== required_signers.length)
    return problem(`${param}[required_signers]`, 'Each role approves a stage once: name it once.')
  if (isFeature && stage.min_matured_payments > 0)
    return problem(
      `${param}[min_matured_payments]`,
      'No payment is exposed to a feature: min_matured_payments must be 0.',
    )
  return checkCaps(stage, param, isFeature)
}

/** Nobody who is exposed leaves in a later stage, and each stage ends with a person’s word. */
export const checkStages = ({ stages, subject, forecast }: LaunchContent): ContentProblem | null => {
  const isFeature = subject.type === 'feature'
  if (stages.length === 0)
    return problem('stages', 'A launch has at least one stage, such as stages[0][exposure_bp]=500 for 5 %.')
  for (const [index, stage] of stages.entries()) {
    const found = checkStage(stage, stages[index - 1], `stages[${index}]`, isFeature)
    if (found !== null) return found
  }
  const named = new Set(stages.flatMap(({ named_units }) => named_units))
  if (named.size > UNITS_MOST)
    return problem('stages', `All stages together name at most ${UNITS_MOST} units.`)
  if (!isFeature && forecast.payments_per_day < 1)
    return problem(
      'forecast[payments_per_day]',
      'forecast[payments_per_day] must say how many payments a day the platform takes before the launch.',
    )
  return null
}
