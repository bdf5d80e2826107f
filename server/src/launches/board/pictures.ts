import type { BoardFigures } from './figures.ts'
import { html, type Markup, NOTHING } from './markup.ts'
import { estimate, exposure } from './words.ts'

const WIDTH = 220
const HEIGHT = 128
const LEFT = 26
const RIGHT = 8
const TOP = 7
const BOTTOM = 15
const ALL_BP = 10_000
/** Rarer losses would press all others to the edge; the record has them. */
const LEAST_BP = 100

type Point = { readonly chance_bp: number; readonly loss: number }

const at = (number: number): string => number.toFixed(1)

const AXIS_BP = [10_000, 7_500, 5_000, 2_500, 0] as const

/** How likely it is that the risks cost more than so much: from the left to the right ever more, ever less likely. */
export const lossCurve = ({ expected_loss: loss, currency }: BoardFigures): Markup => {
  const points = loss.curve.filter((point) => point.loss > 0 && point.chance_bp >= LEAST_BP)
  const most = points.at(-1)?.loss ?? 0
  // A curve of seldom losses begins where there are any.
  const seen: readonly Point[] = [{ chance_bp: loss.any_bp, loss: 0 }, ...points]
  if (loss.any_bp === 0) return html`<p class="quiet">Nothing to draw yet.</p>`
  if (most === 0)
    return html`<p class="quiet">No loss in any of ${loss.draws.toLocaleString('en-US')} draws.</p>`
  const x = (amount: number): number => LEFT + (amount / most) * (WIDTH - LEFT - RIGHT)
  const y = (bp: number): number => TOP + (1 - bp / ALL_BP) * (HEIGHT - TOP - BOTTOM)
  const path = seen.map((point) => `${at(x(point.loss))},${at(y(point.chance_bp))}`).join(' ')
  const floor = at(y(0))
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Chance that the risks cost more than an amount">${AXIS_BP.map(
    (bp) =>
      html`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(bp))}" y2="${at(y(bp))}" class="grid"/><text x="${LEFT - 4}" y="${at(y(bp) + 2.4)}" class="tick" text-anchor="end">${exposure(bp)}</text>`,
  )}<polygon points="${at(x(0))},${floor} ${path} ${at(x(most))},${floor}" class="area"/><polyline points="${path}" class="curve"/>${(
    [
      ['P50', loss.p50, ALL_BP / 2],
      ['P95', loss.p95, ALL_BP / 20],
    ] as const
  ).map(([name, amount, bp]) =>
    amount === 0
      ? NOTHING
      : html`<circle cx="${at(x(amount))}" cy="${at(y(bp))}" r="2" class="dot"/><text x="${at(x(amount) + 4)}" y="${at(y(bp) - 3)}" class="mark">${name}</text>`,
  )}<text x="${LEFT}" y="${HEIGHT - 4}" class="tick">0</text><text x="${WIDTH - RIGHT}" y="${HEIGHT - 4}" class="tick" text-anchor="end">${estimate(most, currency)}</text></svg>`
}
