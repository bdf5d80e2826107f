import type { Launch, LaunchGate, LaunchRisk, LaunchVerdict } from '@evenkeel/sdk'
import type { Paint } from '../paint.ts'
import { count, duration, many } from '../wording.ts'

/* A launch as a picture in the terminal: where it stands, what watches it, what waits and since when. */

const FULL_BP = 10_000
const BP_PER_PERCENT = 100
const CELLS = 20
const GUARD_CELLS = 16
const NAME_WIDTH = 26

const percent = (bp: number): string => `${bp / BP_PER_PERCENT} %`

const bar = (share: number, cells: number): string => {
  const filled = Math.min(cells, Math.max(share > 0 ? 1 : 0, Math.round(share * cells)))
  return '█'.repeat(filled) + '░'.repeat(cells - filled)
}

const heading = (paint: Paint, text: string): string => `\n${paint('bold', text)}`

const statusColour = ({ status }: Launch): 'green' | 'yellow' | 'red' | 'dim' => {
  if (status === 'running' || status === 'completed') return 'green'
  if (status === 'rolling_back' || status === 'rolled_back') return 'red'
  return status === 'abandoned' ? 'dim' : 'yellow'
}

const STOPPED: ReadonlySet<string> = new Set(['held', 'rolling_back', 'rolled_back'])

const head = (launch: Launch, paint: Paint): string[] => {
  const { name, id, status, stage, stages, exposure_bp, stopped, incident } = launch
  const isInStage = status === 'running' || status === 'held'
  const where = isInStage ? `, stage ${stage + 1} of ${stages.length}` : ''
  const lines = [
    `${paint('bold', name)}  ${paint('dim', id)}`,
    `${paint(statusColour(launch), status.replaceAll('_', ' '))}${where}, ${percent(exposure_bp)} exposed`,
  ]
  if (stopped !== null && STOPPED.has(status)) {
    const metric = stopped.metric === null ? '' : ` (${stopped.metric})`
    lines.push(paint('red', `Stopped by ${stopped.by}: ${stopped.reason}${metric}`))
  }
  if (incident !== null && STOPPED.has(status))
    lines.push(paint('red', `Incident of ${incident.owner}: ${incident.name}`))
  return lines
}

const capsOf = ({ caps }: Launch['stages'][number], currency: string): string => {
  const named = [
    ['per payment', caps.per_payment],
    ['per stage', caps.per_stage],
    ['per day', caps.per_day],
  ] as const
  const set = named.filter(([, cap]) => cap !== null)
  if (set.length === 0) return ''
  return `, caps ${set.map(([name, cap]) => `${count(cap ?? 0)} ${name}`).join(', ')} (minor units of ${currency})`
}

const stagesOf = (launch: Launch, paint: Paint): string[] => {
  const isLive = launch.started_at !== null && launch.status !== 'draft'
  const isDone = launch.status === 'completed'
  return [
    heading(paint, 'Stages'),
    ...launch.stages.map((stage, at) => {
      const isPast = isLive && (at < launch.stage || isDone)
      const isHere = isLive && at === launch.stage && !isDone
      const mark = isPast ? '✔' : isHere ? '▶' : ' '
      const drawn = bar(stage.exposure_bp / FULL_BP, CELLS)
      const share = percent(stage.exposure_bp).padStart(7)
      const named = stage.named_units.length === 0 ? '' : `, ${many(stage.named_units.length, 'named unit')}`
      const needs = `${stage.min_hours} h, ${many(stage.min_matured_payments, 'matured payment')}`
      const line = `${mark} ${at + 1} ${share}  ${drawn}  ${needs}${named}${capsOf(stage, launch.currency)}`
      return isHere ? paint('cyan', line) : line
    }),
  ]
}

const withoutUnit = ({ without_unit: counted }: Launch, paint: Paint): string[] => {
  if (counted === null || counted === undefined || counted.payments === 0) return []
  const { payments, share_bp } = counted
  const line = `  ${percent(share_bp)} of the newest ${many(payments, 'payment')} name no customer: they are never exposed`
  return [share_bp === 0 ? paint('dim', line) : paint('yellow', line)]
}

const verdictColour = ({ verdict }: LaunchVerdict): 'green' | 'red' | 'yellow' =>
  verdict === 'OK' ? 'green' : verdict === 'BREACH' ? 'red' : 'yellow'

const figure = (verdict: LaunchVerdict, value: number | null): string => {
  if (value === null) return '–'
  return verdict.metric.endsWith('_rate') ? percent(Math.round(value)) : count(value)
}

/** How far the value has come to its bound. */
const drawnVerdict = (verdict: LaunchVerdict, paint: Paint): string => {
  const { value, bound, n, reason } = verdict
  const isDrawn = value !== null && bound !== null && bound > 0
  const drawn = isDrawn ? bar(Math.max(0, value) / bound, GUARD_CELLS) : '·'.repeat(GUARD_CELLS)
  const name = `${verdict.tier} ${verdict.metric}`.padEnd(NAME_WIDTH)
  const numbers = `${figure(verdict, value)} of ${figure(verdict, bound)}, n ${count(n)}`
  const word = verdict.verdict.padEnd('INCONCLUSIVE'.length)
  return `  ${name}  ${drawn}  ${paint(verdictColour(verdict), word)}  ${numbers.padEnd(24)}  ${paint('dim', reason)}`
}

const guardrailsOf = ({ guardrails, watch }: Launch, paint: Paint): string[] => {
  if (guardrails.length === 0 && (watch === null || watch.verdicts.length === 0)) return []
  if (watch === null || watch.verdicts.length === 0)
    return [
      heading(paint, 'Guardrails'),
      ...guardrails.map((each) => {
        const name = `${each.tier} ${each.metric}`.padEnd(NAME_WIDTH)
        const margin = each.margin_bp === undefined ? 'zero tolerance' : `margin ${percent(each.margin_bp)}`
        return `  ${name}  ${margin}${each.action === undefined ? '' : `, ${each.action}`}`
      }),
    ]
  const { matured, in_flight, no_unit } = watch
  return [
    heading(paint, 'Guardrails, value against bound'),
    ...watch.verdicts.map((verdict) => drawnVerdict(verdict, paint)),
    paint(
      'dim',
      `  ${count(matured)} matured, ${count(in_flight)} in flight, ${count(no_unit)} without a unit`,
    ),
  ]
}

const GATE_MARK = { green: '✔', red: '✖', waived: '~' } as const
const GATE_COLOUR = { green: 'green', red: 'red', waived: 'yellow' } as const

const gateLine = ({ gate, state, reason }: LaunchGate, paint: Paint): string =>
  `  ${paint(GATE_COLOUR[state], GATE_MARK[state])} ${gate.padEnd(13)} ${reason}`

/** What has ended has no gates before it. */
const GATED: ReadonlySet<string> = new Set(['draft', 'signed', 'armed', 'running', 'held'])

const gatesOf = ({ gates, status }: Launch, paint: Paint): string[] =>
  gates === null || gates.length === 0 || !GATED.has(status)
    ? []
    : [heading(paint, 'Gates'), ...gates.map((gate) => gateLine(gate, paint))]

const riskLine = ({ watched, probability, text, tripwire }: LaunchRisk, paint: Paint): string => {
  const bound = (metric: string, value: number): string =>
    metric.endsWith('_rate') ? percent(value) : count(value)
  const wired =
    tripwire === null
      ? ''
      : ` (${tripwire.metric} ${bound(tripwire.metric, tripwire.bound)}, ${tripwire.action})`
  const mark = watched ? paint('green', 'watched  ') : paint('red', 'UNWATCHED')
  return `  ${mark} ${String(probability).padStart(3)} %  ${text}${paint('dim', wired)}`
}

const risksOf = ({ risks, premortem }: Launch, paint: Paint): string[] => {
  if (premortem.state === 'collecting')
    return [
      heading(paint, 'Pre-mortem'),
      `  ${many(premortem.people, 'person has', 'people have')} written; hidden until the owner opens it`,
    ]
  return [heading(paint, 'Risks'), ...risks.map((risk) => riskLine(risk, paint))]
}

const DAY = 10
const dayOf = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, DAY)

const signaturesOf = (launch: Launch, paint: Paint): string[] => {
  const roles = ['business', 'technology'] as const
  const lines = roles.map((role) => {
    const found = launch.signatures.find((each) => each.role === role)
    if (found === undefined) return `  ${paint('yellow', '–')} ${role.padEnd(11)} not signed`
    const notes = [
      ...(found.is_contributor ? ['wrote a part of it'] : []),
      ...(found.is_new_person ? ['a person younger than 24 h'] : []),
    ]
    const note = notes.length === 0 ? '' : `, ${notes.join(', ')}`
    return `  ${paint('green', '✔')} ${role.padEnd(11)} ${found.name}, until ${dayOf(found.expires_at)}${note}`
  })
  const approved = launch.approvals.map(
    ({ stage, role, name }) => `  ${paint('green', '✔')} ${role.padEnd(11)} ${name}, stage ${stage + 1}`,
  )
  const waived = launch.waivers.map((waiver) => {
    const state = waiver.in_force ? paint('yellow', 'in force') : paint('dim', 'not in force')
    return `  ${waiver.gate}: ${waiver.reason}, until ${dayOf(waiver.expires_at)}, ${state}  ${paint('dim', waiver.id)}`
  })
  return [
    heading(paint, 'Signatures'),
    ...lines,
    ...(approved.length === 0 ? [] : [heading(paint, 'Approvals'), ...approved]),
    ...(waived.length === 0 ? [] : [heading(paint, 'Waivers'), ...waived]),
    paint('dim', `  content ${launch.content_hash}`),
  ]
}

const WAITS: Readonly<Record<string, string>> = {
  premortem: 'its pre-mortem to be opened',
  signatures: 'signatures',
  start: 'a person to start it',
  approval: 'approval, which only people give',
  resume: 'a person to resume it or roll it back',
  decision: 'a decision of people',
}

const waitsOf = ({ waiting }: Launch, paint: Paint): string[] =>
  waiting === null
    ? []
    : [
        '',
        paint(
          'yellow',
          `Waits for ${WAITS[waiting.for] ?? waiting.for}, since ${duration(waiting.age_seconds)}.`,
        ),
      ]

export const drawLaunch = (launch: Launch, paint: Paint): string =>
  [
    ...head(launch, paint),
    ...stagesOf(launch, paint),
    ...withoutUnit(launch, paint),
    ...guardrailsOf(launch, paint),
    ...gatesOf(launch, paint),
    ...risksOf(launch, paint),
    ...signaturesOf(launch, paint),
    ...waitsOf(launch, paint),
  ].join('\n')
