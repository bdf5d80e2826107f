import type { Command } from 'commander'
import { addApiOptions } from '../api.ts'
import {
  type Board,
  type BoardOptions,
  type BoardRisk,
  bar,
  figure,
  findBoard,
  range,
  share,
} from '../board-figures.ts'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import { RISK_SHOWN } from '../limits.ts'
import type { Paint } from '../paint.ts'
import { renderTable } from '../table.ts'
import { many, wrap } from '../wording.ts'

const cut = (text: string): string =>
  text.length <= RISK_SHOWN ? text : `${text.slice(0, RISK_SHOWN - 1).trimEnd()}…`

const boundOf = (metric: string, bound: number, board: Board): string => {
  if (metric.endsWith('_rate')) return ` at ${share(bound)}`
  return metric.endsWith('_amount') ? ` of ${range(bound, bound, board)}` : ''
}

/** What happens by itself when it comes true; words on paper are UNWATCHED. */
const watching = ({ watched, tripwire }: BoardRisk, board: Board): string => {
  if (tripwire === null) return 'UNWATCHED: no tripwire'
  if (!watched) return `UNWATCHED: "${cut(tripwire.metric)}" is wired to nothing`
  return `${tripwire.metric}${boundOf(tripwire.metric, tripwire.bound, board)}: ${tripwire.action}`
}

const risks = (board: Board, paint: Paint): string => {
  const table = renderTable(
    [
      { title: 'RISK' },
      { title: 'CHANCE', align: 'right' },
      { title: `COSTS ${board.currency.toUpperCase()}`, align: 'right' },
      { title: 'MEAN', align: 'right' },
      { title: 'P95', align: 'right' },
      { title: 'WATCHED BY' },
    ],
    board.risks.map((risk) => [
      cut(risk.text),
      `${risk.probability} %`,
      `${figure(risk.impact_low, board)} – ${figure(risk.impact_high, board)}`,
      figure(risk.price.mean, board),
      figure(risk.price.p95, board),
      watching(risk, board),
    ]),
    paint,
  )
  return table.replace(/UNWATCHED/g, (word) => paint('red', word))
}

/** Chances of the curve that stand in the picture. */
const SHOWN_BP: ReadonlySet<number> = new Set([9_000, 7_500, 5_000, 2_500, 1_000, 500, 200, 100])

/** The exceedance curve, lying on its side: the rarer, the dearer. */
const curve = (board: Board, paint: Paint): string => {
  const points = board.expected_loss.curve.filter(({ chance_bp: bp }) => SHOWN_BP.has(bp))
  const most = points.at(-1)?.loss ?? 0
  const amounts = points.map(({ loss }) => figure(loss, board))
  const width = Math.max(...amounts.map((text) => text.length))
  return points
    .map(({ chance_bp: bp, loss }, at) => {
      const line = `${share(bp).padStart(6)}  ${(amounts[at] ?? '').padStart(width)}  `
      return `${line}${paint('red', bar(loss, most))}`.trimEnd()
    })
    .join('\n')
}

const total = (board: Board): string => {
  const { expected_loss: loss, waiting } = board
  const times = loss.draws.toLocaleString('en-US')
  return [
    `All together: ${range(loss.p50, loss.p95, board)} (P50 to P95), ${range(loss.mean, loss.mean, board)} on average; any loss at all ${share(Math.round(loss.any_bp / 100) * 100)}; ${times} draws.`,
    `A day of risk costs ${range(waiting.risk_per_day, waiting.risk_per_day, board)}, a day of waiting ${range(waiting.per_day_low, waiting.per_day_high, board)}.`,
  ].join('\n')
}

const watch = ({ risks: all, unwatched }: Board, paint: Paint): string =>
  unwatched === 0
    ? paint('green', `All ${many(all.length, 'risk')} watched.`)
    : `${paint('red', `${unwatched} of ${many(all.length, 'risk')} UNWATCHED`)}: nobody notices when they come true.`

const picture = (board: Board, paint: Paint): string => {
  if (board.risks.length === 0)
    return 'No risk is written down yet, or the pre-mortem is not open: until then everybody sees only their own.'
  return [
    paint('bold', board.name),
    '',
    risks(board, paint),
    '',
    paint('bold', `Chance to lose more than, in ${board.currency.toUpperCase()}`),
    curve(board, paint),
    '',
    total(board),
    watch(board, paint),
  ].join('\n')
}

/** Of the board's figures, those that the pre-mortem is about. */
const outline = ({ launch, currency, risks: all, unwatched, expected_loss, waiting }: Board): object => ({
  launch,
  currency,
  unwatched,
  risks: all,
  expected_loss,
  waiting,
})

export const addPremortem = (program: Command, context: Context): void => {
  const command = program
    .command('premortem')
    .summary('price the risks of a launch')
    .description(
      'Lists how a launch may fail: each risk with its price, and who notices when it comes true. One whose tripwire is wired to no live metric is UNWATCHED. The bars below are the chance to lose more than so much.',
    )
    .argument('<launch>', 'launch_…')
    .option('--json', 'print JSON')
  addApiOptions(command).action(async (launch: string, options: BoardOptions) => {
    const { terminal } = context
    const board = await findBoard(context, launch, options)
    if (options.json === true) {
      terminal.answer(JSON.stringify(outline(board), null, 2))
      return
    }
    terminal.answer(picture(board, terminal.paintAnswer))
    if (board.risks.length === 0) return
    for (const assumption of board.waiting.assumptions)
      terminal.say(wrap(assumption, { width: terminal.width, indent: 0 }))
  })
  addExamples(command, [['evenkeel premortem launch_0199…', 'what it may cost, and who is looking']])
}
