import type { BoardFigures } from './figures.ts'
import { LEVEL_SHOWN, LEVELS_SHOWN, SENTENCE_SHOWN, SENTENCES_SHOWN, STAGES_SHOWN } from './limits.ts'
import { clip, html, type Markup, NOTHING } from './markup.ts'
import { count, dateOf, exposure, figure, figureRange, many, nearDateOf } from './words.ts'

type Stage = BoardFigures['stages'][number]

const range = (board: BoardFigures, { ends_p50: p50, ends_p85: p85 }: Stage): string => {
  const { generated_at: now, time_zone: zone } = board
  if (p50 === null) return 'never'
  const from = nearDateOf(p50, now, zone)
  const to = p85 === null ? 'never' : nearDateOf(p85, now, zone)
  return from === to ? from : `${from} – ${to}`
}

const stateOf = ({ status }: BoardFigures, { progress }: Stage): string => {
  if (progress !== 'current') return progress
  return status === 'rolling_back' || status === 'rolled_back' ? 'stopped' : 'current'
}

const WORDS: Readonly<Record<string, string>> = { done: 'done', current: 'now', stopped: 'stopped' }

const share = ({ exposure_bp: bp, named_units: named }: Stage): string => {
  if (bp === 0) return `${named} named`
  return named === 0 ? exposure(bp) : `${exposure(bp)} + ${named}`
}

const segment = (board: BoardFigures, one: Stage): Markup => {
  const state = stateOf(board, one)
  const word = WORDS[state]
  return html`<th class="segment ${state}"><b>${share(one)}</b>${word === undefined ? '' : ` ${word}`}</th>`
}

const cap = (one: Stage, currency: string): string => {
  if (one.cap_per_day !== null) return `${figure(one.cap_per_day, currency)} a day`
  if (one.cap_per_stage !== null) return `${figure(one.cap_per_stage, currency)} in all`
  return one.cap_per_payment === null ? 'none' : `${figure(one.cap_per_payment, currency)} each`
}

const line = (title: string, cells: readonly string[]): Markup =>
  html`<tr><th>${title}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`

const grid = (board: BoardFigures, some: readonly Stage[]): Markup => {
  const { currency } = board
  const code = currency.toUpperCase()
  return html`<table class="stages fixed"><colgroup><col style="width:26mm"></colgroup><tr><th>Exposure</th>${some.map(
    (one) => segment(board, one),
  )}</tr>${[
    line(
      'Needs at least',
      some.map((one) => `${count(one.min_matured_payments)} paid, ${count(one.min_hours)} h`),
    ),
    line(
      `Cap, ${code}`,
      some.map((one) => cap(one, currency)),
    ),
    line(
      `Brings a day, ${code}`,
      some.map((one) => figureRange(one.benefit_per_day_low, one.benefit_per_day_high, currency)),
    ),
    line(
      `Risks a day, ${code}`,
      some.map((one) => (board.risks.length === 0 ? 'not known' : figure(one.risk_per_day, currency))),
    ),
    ...(board.dates === null
      ? []
      : [
          line(
            'Ends, P50 – P85',
            some.map((one) => (one.progress === 'done' ? 'is over' : range(board, one))),
          ),
        ]),
  ]}</table>`
}

const ASSUMES: Readonly<Record<string, string>> = {
  it_starts_now: 'if it started now',
  it_starts_as_armed: 'started as armed',
  it_goes_on: 'as it goes on',
  it_is_resumed_now: 'if it were resumed now',
}

const when = ({ dates, time_zone: zone }: BoardFigures): string => {
  if (dates === null) return ''
  const assumed = ASSUMES[dates.assumes] ?? ''
  if (dates.p50 === null) return `never ends as planned, ${assumed}`
  const late = dates.p85 === null ? 'never' : dateOf(dates.p85, zone)
  return `all stages done ${dateOf(dates.p50, zone)} (P50) to ${late} (P85), ${assumed}`
}

/** Some of many: those around the one that it is in. */
const shown = (all: readonly Stage[]): readonly Stage[] => {
  const current = all.findIndex(({ progress }) => progress === 'current')
  const from = Math.max(0, Math.min(current - 2, all.length - STAGES_SHOWN))
  return all.slice(from, from + STAGES_SHOWN)
}

export const stages = (board: BoardFigures): Markup => {
  const some = shown(board.stages)
  const rest = board.stages.length - some.length
  const more =
    rest > 0 ? html`<p class="quiet small">And ${many(rest, 'more stage')} before or after.</p>` : NOTHING
  return html`<section><h2>Stages <span>${when(board)}</span></h2>${grid(board, some)}${more}</section>`
}

/** What the present stage can and cannot see. */
export const detection = ({ detection: { stage: at, sentences } }: BoardFigures): Markup => {
  const rest = sentences.length - SENTENCES_SHOWN
  return html`<div><h2>What stage ${at + 1} can detect</h2><ul class="small">${sentences
    .slice(0, SENTENCES_SHOWN)
    .map((sentence) => html`<li class="clamp2">${clip(sentence, SENTENCE_SHOWN)}</li>`)}</ul>${
    rest > 0 ? html`<p class="quiet small">And ${many(rest, 'more sentence')} in the record.</p>` : NOTHING
  }</div>`
}

const BUDGETS: Readonly<Record<string, Markup>> = {
  ok: html`<span class="good">Within budget</span>: stages may advance`,
  over: html`<span class="bad">Over budget</span>: no stage advances`,
  unknown: html`<span class="warn">Not known</span>: no stage advances`,
}

const NO_LEVELS = html`<span class="warn">No service level is set</span>: nothing can be over its budget`

const level = ({ name, spent_bp: spent }: BoardFigures['budget']['levels'][number]): Markup =>
  html`<tr><td><span class="clamp1">${clip(name, LEVEL_SHOWN)}</span></td><td class="n">${spent === null ? 'too few events' : `${exposure(Math.round(spent / 100) * 100)} spent`}</td></tr>`

/** Error budget and headroom: what the platform can still take. */
export const platform = (board: BoardFigures): Markup => {
  const { budget, capacity, time_zone: zone } = board
  const { held_per_second: held, headroom_bp: headroom, measured_at: measured } = capacity
  const peak = many(capacity.forecast_peak_per_second, 'payment')
  const room = (): Markup => {
    if (held === null || headroom === null || measured === null)
      return html`<span class="warn">Never measured here</span>: the forecast peak is ${peak} a second. Run the benchmark.`
    const left =
      headroom < 0
        ? html`<span class="bad">Not enough</span>`
        : html`<span class="good">${exposure(Math.trunc(headroom / 100) * 100)} left</span>`
    return html`${left}: forecast peak ${peak} a second, ${count(held)} held on ${dateOf(measured, zone)}`
  }
  return html`<div><h2>Error budget <span>30 days</span></h2><p class="small">${budget.levels.length === 0 ? NO_LEVELS : (BUDGETS[budget.state] ?? NOTHING)}</p><table class="small levels">${budget.levels.slice(0, LEVELS_SHOWN).map(level)}</table><h2 style="margin-top:2mm">Headroom</h2><p class="small">${room()}</p></div>`
}
