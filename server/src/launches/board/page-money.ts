import type { BoardFigures } from './figures.ts'
import { METRIC_SHOWN, OWNER_SHOWN, RISK_SHOWN, RISKS_SHOWN, SOURCE_SHOWN } from './limits.ts'
import { clip, html, type Markup, NOTHING } from './markup.ts'
import { lossCurve } from './pictures.ts'
import { figure as amountOf, dateOf, estimate, estimateRange, exposure, many } from './words.ts'

export const ask = ({ ask: { text } }: BoardFigures): Markup =>
  html`<section class="ask"><h2>The ask</h2><p class="clamp3">${text}</p></section>`

const figure = (title: string, value: string, below: string): Markup =>
  html`<div class="figure"><small>${title}</small><b>${value}</b><small class="clamp3">${below}</small></div>`

/** No risk is no price: nobody has thought about it yet. */
const NOT_PRICED = [
  figure('Loss to expect from its risks', 'Not known', 'no risk is written, or the pre-mortem is not open'),
  figure('Cost of risk, per day', 'Not known', 'no risk is written, or the pre-mortem is not open'),
] as const

const priced = ({ expected_loss: loss, waiting, currency }: BoardFigures): readonly [Markup, Markup] => {
  const days = Math.max(1, Math.round(waiting.horizon_hours / 24))
  return [
    figure(
      'Loss to expect, P50 to P95',
      estimateRange(loss.p50, loss.p95, currency),
      `half of all futures lose more than the first, one in twenty more than the second; any loss: ${exposure(Math.round(loss.any_bp / 100) * 100)}`,
    ),
    figure(
      'Cost of risk, per day',
      estimate(waiting.risk_per_day, currency),
      `expected loss of ${estimate(loss.mean, currency)} over the ${many(days, 'day')} that it is planned to take`,
    ),
  ]
}

/** What it may bring and what it may cost, in the same money. */
export const figures = (board: BoardFigures): Markup => {
  const { benefit, waiting, currency, time_zone: zone } = board
  const [loss, risk] = board.risks.length === 0 ? NOT_PRICED : priced(board)
  return html`<section class="figures">${[
    figure(
      `Benefit per ${benefit.per}`,
      estimateRange(benefit.low, benefit.high, currency),
      `${clip(benefit.source, SOURCE_SHOWN)}, as of ${dateOf(benefit.as_of, zone)}`,
    ),
    loss,
    figure(
      'Cost of waiting, per day',
      estimateRange(waiting.per_day_low, waiting.per_day_high, currency),
      'of benefit forgone while nobody is exposed',
    ),
    risk,
  ]}</section>`
}

type Risk = BoardFigures['risks'][number]

const METRIC_WORDS: Readonly<Record<string, string>> = {
  failure_rate: 'failures',
  decline_rate: 'declines',
  slow_rate: 'slow answers',
  refund_rate: 'refunds',
  dispute_rate: 'disputes',
  books_balance: 'books out of balance',
  duplicate_debit: 'a double debit',
  money_stuck: 'money stuck',
  posting_missing: 'a missing posting',
  declined_amount: 'declined',
  refunded_amount: 'refunded',
  disputed_amount: 'disputed',
}

const ACTIONS: Readonly<Record<string, string>> = { rollback: 'rolls back', hold: 'holds' }

/** At what it acts: a share, an amount, or the first event. */
const boundOf = (metric: string, bound: number, currency: string): string => {
  if (metric.endsWith('_rate')) return ` at ${exposure(bound)}`
  return metric.endsWith('_amount') ? ` of ${estimate(bound, currency)}` : ''
}

/** Only a tripwire that is wired to a live metric counts: words on paper do not. */
export const watching = ({ watched, tripwire }: Risk, currency: string): Markup => {
  if (!watched || tripwire === null) {
    const words =
      tripwire === null ? 'no tripwire' : `“${clip(tripwire.metric, METRIC_SHOWN)}” is wired to nothing`
    return html`<span class="bad">UNWATCHED</span> <span class="quiet">${words}</span>`
  }
  const { metric, bound, action } = tripwire
  const words = `${METRIC_WORDS[metric] ?? metric}${boundOf(metric, bound, currency)} ${ACTIONS[action] ?? action}`
  return html`<span class="good">Watched</span> <span class="quiet">${words}</span>`
}

const riskRow = (risk: Risk, currency: string): Markup =>
  html`<tr><td><span class="roomy">${clip(risk.text, RISK_SHOWN)} <span class="quiet small">${clip(risk.owner, OWNER_SHOWN)}</span></span></td><td class="n">${risk.probability} %</td><td class="n">${amountOf(risk.price.mean, currency)}</td><td class="n">${amountOf(risk.price.p95, currency)}</td><td><span class="clamp2">${watching(risk, currency)}</span></td></tr>`

const left = (all: readonly Risk[], currency: string): Markup => {
  const rest = all.slice(RISKS_SHOWN)
  if (rest.length === 0) return NOTHING
  const loss = rest.reduce((sum, { price }) => sum + price.mean, 0)
  const blind = rest.filter(({ watched }) => !watched).length
  return html`<p class="quiet small">And ${many(rest.length, 'more risk')}, ${blind} of them UNWATCHED, together ${estimate(loss, currency)} on average.</p>`
}

const table = ({ risks, currency }: BoardFigures): Markup =>
  risks.length === 0
    ? html`<p class="quiet">Nobody has written a risk yet, or the pre-mortem is not open.</p>`
    : html`<table class="fixed risks"><colgroup><col><col style="width:10.5mm"><col style="width:18.5mm"><col style="width:18.5mm"><col style="width:40mm"></colgroup><tr><th>What may happen, and who owns it</th><th class="n">Chance</th><th class="n">${currency.toUpperCase()} mean</th><th class="n">P95</th><th>Who notices</th></tr>${risks
        .slice(0, RISKS_SHOWN)
        .map((risk) => riskRow(risk, currency))}</table>${left(risks, currency)}`

/** The dearest risks, and how much all of them together may cost. */
export const risks = (board: BoardFigures): Markup => {
  const unwatched =
    board.unwatched === 0
      ? html`<span>all ${board.risks.length} watched</span>`
      : html`<span class="bad">${board.unwatched} of ${board.risks.length} UNWATCHED</span>`
  return html`<section class="split"><div><h2>The dearest risks ${board.risks.length === 0 ? NOTHING : unwatched}</h2>${table(board)}</div><div><h2>Chance to lose more than <span>all risks</span></h2>${lossCurve(board)}</div></section>`
}
