import type { BoardFigures } from './figures.ts'
import { EVENT_SHOWN, EVENTS_SHOWN } from './limits.ts'
import { clip, html, type Markup, NOTHING } from './markup.ts'
import { amount, count, many, shortDateOf } from './words.ts'

type Arm = BoardFigures['story']['exposed']

const amountRow = (title: string, exposed: string, control: string): Markup =>
  html`<tr><td>${title}</td><td class="n">${exposed}</td><td class="n">${control}</td></tr>`

const ROWS: readonly (readonly [string, (arm: Arm) => number])[] = [
  ['Volume', (arm) => arm.amount],
  ['of it succeeded', (arm) => arm.succeeded_amount],
  ['of it declined', (arm) => arm.declined_amount],
  ['refunded since', (arm) => arm.refunded_amount],
  ['disputed since', (arm) => arm.disputed_amount],
]

const percentOf = ({ succeeded, payments }: Arm): string =>
  payments === 0 ? '–' : `${((100 * succeeded) / payments).toFixed(1)} %`

const table = ({ story, currency }: BoardFigures): Markup => {
  const { exposed, control } = story
  if (exposed.payments + control.payments === 0)
    return html`<p class="quiet">No payment has gone the new way yet.</p>`
  return html`<table class="small"><tr><th>In ${currency.toUpperCase()}, since it started</th><th class="n">New way</th><th class="n">Old way</th></tr>${[
    amountRow('Payments', count(exposed.payments), count(control.payments)),
    amountRow('of them succeeded', percentOf(exposed), percentOf(control)),
    ...ROWS.map(([title, of]) =>
      amountRow(title, amount(of(exposed), currency), amount(of(control), currency)),
    ),
  ]}</table>`
}

const STOPPED: ReadonlySet<string> = new Set(['rolling_back', 'rolled_back'])

const affected = ({ story, status }: BoardFigures): Markup => {
  const { affected_payments: all, in_flight: open } = story
  const did = STOPPED.has(status) ? (all === 1 ? 'was affected' : 'were affected') : 'went the new way'
  return html`<p class="affected"><b>${many(all, 'payment')}</b> ${did}, every one of them listed in the record; ${open === 0 ? 'none' : count(open)} of them still in flight.</p>`
}

/** The first and the newest, with what is left out between them. */
const events = ({ story, time_zone: zone }: BoardFigures): Markup => {
  const all = story.events
  const rest = all.length - EVENTS_SHOWN
  const some = rest > 0 ? [...all.slice(0, 1), ...all.slice(rest + 1)] : all
  const more = rest > 0 ? html`<li class="quiet">${many(rest, 'event')} not shown</li>` : NOTHING
  return html`<ul class="events small">${some.map(
    ({ at, text }, place) =>
      html`<li class="clamp2"><time>${shortDateOf(at, zone)}</time>${clip(text, EVENT_SHOWN)}</li>${place === 0 ? more : NOTHING}`,
  )}</ul>`
}

/** The story so far, in money. */
export const story = (board: BoardFigures): Markup =>
  html`<section class="story"><div><h2>The story so far, in money</h2>${table(board)}</div><div><h2>What happened</h2>${events(board)}${board.story.exposed.payments === 0 ? NOTHING : affected(board)}</div></section>`
