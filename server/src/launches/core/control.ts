import type { Launch } from './model.ts'

/** A control as exposure keeps it, but for its version, which exposure gives. The shape is exposure's own. */
export type LaunchControl = {
  readonly launch: Launch['id']
  readonly subject:
    | { readonly kind: 'route'; readonly rails: readonly string[] }
    | (Omit<Extract<Launch['content']['subject'], { type: 'feature' }>, 'type'> & {
        readonly kind: 'feature'
      })
  readonly unit: Launch['content']['unit']
  readonly salt: string
  readonly exposureBp: number
  readonly named: readonly string[]
  readonly excluded: readonly string[]
  readonly filters: {
    readonly countries: readonly string[]
    readonly currencies: readonly string[]
    readonly amountFrom: number | null
    readonly amountTo: number | null
  }
  readonly caps: {
    readonly currency: string
    readonly perPayment: number | null
    readonly perStage: number | null
    readonly perDay: number | null
  } | null
  readonly stage: number
  readonly isStopped: boolean
}

/** Of the units that the launch meets, how many it exposes now, in basis points. */
export const exposureOf = ({
  status,
  stage,
  content,
}: Pick<Launch, 'status' | 'stage' | 'content'>): number => {
  const isLive = status === 'running' || status === 'held' || status === 'completed'
  return isLive ? (content.stages[stage]?.exposure_bp ?? 0) : 0
}

const subjectOf = ({ subject }: Launch['content']): LaunchControl['subject'] => {
  if (subject.type === 'route') return { kind: 'route', rails: subject.rails }
  const { key, variants, on, off } = subject
  return { kind: 'feature', key, variants, on, off }
}

/** Who was named in a stage stays named in the next: nobody leaves while exposure rises. */
const namedUpTo = ({ stages }: Launch['content'], stage: number): readonly string[] => [
  ...new Set(stages.slice(0, stage + 1).flatMap(({ named_units }) => named_units)),
]

const capsOf = ({ content, stage, status }: Launch): LaunchControl['caps'] => {
  const caps = content.stages[stage]?.caps
  if (caps === undefined) return null
  const { per_payment: perPayment, per_stage, per_day: perDay } = caps
  // The last stage ends with its approval, and with it what was counted for the stage.
  const perStage = status === 'completed' ? null : per_stage
  if (perPayment === null && perStage === null && perDay === null) return null
  return { currency: content.currency.toUpperCase(), perPayment, perStage, perDay }
}

/** What payments and features are decided by while the launch is in its state. Its reviewed content is the ceiling. */
export const controlOf = (launch: Launch): LaunchControl => {
  const { content } = launch
  const { countries, currencies, amount_from: amountFrom, amount_to: amountTo } = content.filters
  const exposureBp = exposureOf(launch)
  const isStopped = launch.status === 'rolling_back' || launch.status === 'rolled_back'
  return {
    launch: launch.id,
    subject: subjectOf(content),
    unit: content.unit,
    salt: launch.salt,
    exposureBp,
    named: isStopped ? [] : namedUpTo(content, launch.stage),
    excluded: content.excluded_units,
    filters: {
      countries,
      currencies: currencies.map((currency) => currency.toUpperCase()),
      amountFrom,
      amountTo,
    },
    caps: capsOf(launch),
    stage: launch.stage,
    isStopped,
  }
}
