import type {
  Cover,
  Gate,
  Launch,
  Signature,
  SignerRole,
  Verdict,
  WaivableGate,
  Waiver,
  Watch,
} from './model.ts'
import { MICROS_PER_HOUR, STALE_AFTER_MICROS } from './timing.ts'

/** Of the service levels, over the last 30 days. */
export type Budget = 'ok' | 'over' | 'unknown'

export type GateQuestion = {
  readonly launch: Launch
  /** What the controller knows; null when it has never looked. */
  readonly watch: Watch | null
  /** The tenant's time. */
  readonly nowMicros: number | bigint
  readonly budget: Budget
  /** Somebody is named who is there for the first 48 hours. */
  readonly coverOk: boolean
}

const SIGNERS: readonly SignerRole[] = ['business', 'technology']

const gate = (name: Gate['gate'], isGreen: boolean, reason: string): Gate => ({
  gate: name,
  state: isGreen ? 'green' : 'red',
  reason,
})

const hours = (micros: number): string => `${Math.ceil((micros / MICROS_PER_HOUR) * 10) / 10} h`

/** In force: signed by both roles, by two persons, and not expired. */
export const isInForce = (waiver: Waiver, nowMicros: number): boolean => {
  if (waiver.expiresMicros <= nowMicros) return false
  const persons = new Set(waiver.signatures.map(({ person }) => person))
  const hasBoth = SIGNERS.every((role) => waiver.signatures.some((each) => each.role === role))
  return hasBoth && persons.size >= SIGNERS.length
}

const WAIVABLE: ReadonlySet<Gate['gate']> = new Set<WaivableGate>([
  'promotion',
  'matured',
  'time',
  'error_budget',
  'cover',
])

/** A red gate that may be waived, and is. Everything else stays as it is. */
const waived = (each: Gate, launch: Launch, nowMicros: number): Gate => {
  if (each.state !== 'red' || !WAIVABLE.has(each.gate)) return each
  const waiver = launch.waivers.find((one) => one.gate === each.gate && isInForce(one, nowMicros))
  if (waiver === undefined) return each
  return { ...each, state: 'waived', reason: `${each.reason} Waived: ${waiver.reason}` }
}

/** A signature counts until it expires; once the launch has started, those count that stood then. */
const signedAt = ({ status, startedMicros }: Launch, nowMicros: number): number =>
  status === 'draft' || status === 'signed' || status === 'armed' ? nowMicros : (startedMicros ?? nowMicros)

/** Both roles, by two persons, over the content as it is. */
export const areSigned = (launch: Launch, nowMicros: number): boolean => {
  const atMicros = signedAt(launch, nowMicros)
  const holds = (each: Signature): boolean =>
    each.contentHash === launch.contentHash && each.expiresMicros > atMicros
  const standing = launch.signatures.filter(holds)
  const by = (role: SignerRole): readonly string[] =>
    standing.filter((each) => each.role === role).map(({ person }) => person)
  return by('business').some((one) => by('technology').some((other) => other !== one))
}

const signatures = (launch: Launch, nowMicros: number): Gate => {
  if (areSigned(launch, nowMicros))
    return gate('signatures', true, 'Signed by business and technology over the content as it is.')
  const missing = SIGNERS.filter(
    (role) =>
      !launch.signatures.some(
        (each) =>
          each.role === role &&
          each.contentHash === launch.contentHash &&
          each.expiresMicros > signedAt(launch, nowMicros),
      ),
  )
  const who = missing.length === 0 ? 'two different persons' : missing.join(' and ')
  return gate('signatures', false, `Not signed by ${who} over the content as it is.`)
}

const named = (verdicts: readonly Verdict[]): string =>
  verdicts.map(({ guardrail, verdict }) => `${guardrail} ${verdict}`).join(', ')

/** Missing data is red: no watch, an old one, one of another stage, or a guardrail without a verdict. */
const watching = ({ launch, watch, nowMicros }: GateQuestion): string | null => {
  if (watch === null) return 'The controller has not looked at it yet.'
  if (watch.stage !== launch.stage) return 'The controller has not looked at this stage yet.'
  const ageMicros = Number(nowMicros) - Number(watch.tickedMicros)
  if (ageMicros > STALE_AFTER_MICROS)
    return `The controller looked at it last ${Math.floor(ageMicros / 1_000_000)} s ago.`
  return null
}

const guardrails = (question: GateQuestion): Gate => {
  const { launch, watch } = question
  const blind = watching(question)
  if (blind !== null || watch === null) return gate('guardrails', false, blind ?? '')
  const verdicts = watch.verdicts.filter(({ tier }) => tier !== 'promotion')
  const wanted = launch.content.guardrails.filter(({ tier }) => tier !== 'promotion').length
  if (wanted === 0 && verdicts.length === 0 && launch.content.subject.type === 'feature')
    return gate('guardrails', true, 'No guardrail was asked for, and payments say nothing of a feature.')
  if (verdicts.length < wanted || verdicts.length === 0)
    return gate('guardrails', false, 'Not every guardrail has a verdict yet.')
  const red = verdicts.filter(({ verdict }) => verdict !== 'OK')
  return red.length === 0
    ? gate('guardrails', true, `${verdicts.length} guardrails hold.`)
    : gate('guardrails', false, `${named(red)}.`)
}

const promotion = (question: GateQuestion): Gate => {
  const { launch, watch } = question
  const wanted = launch.content.guardrails.filter(({ tier }) => tier === 'promotion').length
  if (wanted === 0) return gate('promotion', true, 'The launch has no promotion test.')
  const blind = watching(question)
  if (blind !== null || watch === null) return gate('promotion', false, blind ?? '')
  const verdicts = watch.verdicts.filter(({ tier }) => tier === 'promotion')
  if (verdicts.length < wanted) return gate('promotion', false, 'Not every promotion test has a verdict yet.')
  const red = verdicts.filter(({ verdict }) => verdict !== 'OK')
  return red.length === 0
    ? gate('promotion', true, 'Not worse than the control by more than the margins.')
    : gate('promotion', false, `${named(red)}.`)
}

const matured = (question: GateQuestion): Gate => {
  const { launch, watch } = question
  const wanted = launch.content.stages[launch.stage]?.min_matured_payments ?? 0
  const blind = watching(question)
  if (blind !== null || watch === null) return gate('matured', false, blind ?? '')
  const { maturity_hours: age } = launch.content
  return gate('matured', watch.matured >= wanted, `${watch.matured} of ${wanted} payments are ${age} h old.`)
}

const time = ({ launch, nowMicros }: GateQuestion): Gate => {
  const wanted = (launch.content.stages[launch.stage]?.min_hours ?? 0) * MICROS_PER_HOUR
  if (launch.stageStartedMicros === null) return gate('time', false, 'The stage has not begun.')
  const passed = Number(nowMicros) - launch.stageStartedMicros
  return passed >= wanted
    ? gate('time', true, `The stage has lasted its ${hours(wanted)}.`)
    : gate('time', false, `${hours(wanted - passed)} of the stage’s ${hours(wanted)} are left.`)
}

const BUDGET_REASONS: Readonly<Record<Budget, string>> = {
  ok: 'No service level is over its budget of the last 30 days.',
  over: 'A service level is over its budget of the last 30 days.',
  unknown: 'What is left of the error budgets is not known.',
}

const errorBudget = (budget: Budget): Gate => gate('error_budget', budget === 'ok', BUDGET_REASONS[budget])

const cover = (coverOk: boolean): Gate =>
  gate(
    'cover',
    coverOk,
    coverOk ? 'Somebody is named for the first 48 hours.' : 'Nobody is named for the first 48 hours.',
  )

/** Whose approval of this stage, over the content as it is, is still missing. */
export const missingApprovals = (launch: Launch): readonly SignerRole[] => {
  const wanted = launch.content.stages[launch.stage]?.required_signers ?? SIGNERS
  const given = launch.approvals.filter(
    (each) => each.stage === launch.stage && each.contentHash === launch.contentHash,
  )
  const taken = new Set<string>()
  return wanted.filter((role) => {
    const approval = given.find((each) => each.role === role && !taken.has(each.person))
    if (approval !== undefined) taken.add(approval.person)
    return approval === undefined
  })
}

const approval = (launch: Launch): Gate => {
  const missing = missingApprovals(launch)
  return missing.length === 0
    ? gate('approval', true, 'Approved by everybody whom the stage names.')
    : gate('approval', false, `Waits for the approval of ${missing.join(' and ')}.`)
}

const state = (launch: Launch): Gate =>
  launch.status === 'running'
    ? gate('state', true, 'It runs.')
    : gate('state', false, `It is ${launch.status}; only a running launch goes on.`)

/** What stands between a launch and the end of its stage. All must be green or waived; the approval is the last. */
export const gatesOf = (question: GateQuestion): Gate[] => {
  const { launch } = question
  const nowMicros = Number(question.nowMicros)
  return [
    state(launch),
    signatures(launch, nowMicros),
    guardrails(question),
    promotion(question),
    matured(question),
    time(question),
    errorBudget(question.budget),
    cover(question.coverOk),
    approval(launch),
  ].map((each) => waived(each, launch, nowMicros))
}

export type StartQuestion = Omit<GateQuestion, 'watch'>

/** What stands between a signed launch and its first stage. Nobody approves a start apart from whoever signs and starts. */
export const startGatesOf = ({ launch, nowMicros, budget, coverOk }: StartQuestion): Gate[] => {
  const now = Number(nowMicros)
  const mayStart = launch.status === 'signed' || launch.status === 'armed'
  const begin = mayStart
    ? gate('state', true, 'It is signed and may start.')
    : gate('state', false, `It is ${launch.status}; only a signed launch starts.`)
  return [begin, signatures(launch, now), errorBudget(budget), cover(coverOk)].map((each) =>
    waived(each, launch, now),
  )
}

/** None is red; of `gatesOf` without looking at the approval, with `butApproval`. */
export const areOpen = (gates: readonly Gate[], butApproval = false): boolean =>
  gates.every((each) => each.state !== 'red' || (butApproval && each.gate === 'approval'))

const COVER_HOURS = 48

/** The covers of a launch reach over its first 48 hours. */
export const isCovered = (covers: readonly Cover[]): boolean =>
  covers.reduce((sum, { hours: each }) => sum + each, 0) >= COVER_HOURS
