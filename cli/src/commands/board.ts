import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { addApiOptions } from '../api.ts'
import {
  type Board,
  type BoardOptions,
  type BoardStage,
  bar,
  exact,
  figure,
  findBoard,
  range,
  share,
} from '../board-figures.ts'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import { STAGE_CELLS } from '../limits.ts'
import type { Paint } from '../paint.ts'
import { CommandProblem } from '../problem.ts'
import { renderTable } from '../table.ts'
import { count, many, wrap } from '../wording.ts'

type Options = BoardOptions & { readonly out?: string }

const day = (seconds: number | null): string =>
  seconds === null ? 'never' : new Date(seconds * 1_000).toISOString().slice(0, 10)

const ends = ({ progress, ends_p50: p50, ends_p85: p85 }: BoardStage): string => {
  if (progress === 'done') return 'is over'
  return p50 === null && p85 === null ? '' : `${day(p50)} – ${day(p85)}`
}

const MARKS = { done: '✔', current: '▶', ahead: ' ' } as const
const ALL_BP = 10_000

const shareOf = ({ exposure_bp: bp, named_units: named }: BoardStage): string =>
  bp === 0 ? `${named} named` : share(bp)

const stages = (board: Board, paint: Paint): string =>
  renderTable(
    [
      { title: ' ' },
      { title: 'STAGE', align: 'right' },
      { title: 'EXPOSED'.padEnd(STAGE_CELLS) },
      { title: `BRINGS A DAY, ${board.currency.toUpperCase()}`, align: 'right' },
      { title: 'RISKS A DAY', align: 'right' },
      { title: 'ENDS, P50 – P85' },
    ],
    board.stages.map((stage) => [
      MARKS[stage.progress],
      shareOf(stage),
      bar(stage.exposure_bp, ALL_BP, STAGE_CELLS),
      `${figure(stage.benefit_per_day_low, board)} – ${figure(stage.benefit_per_day_high, board)}`,
      board.risks.length === 0 ? 'not known' : figure(stage.risk_per_day, board),
      ends(stage),
    ]),
    paint,
  )

const AMOUNTS = [
  ['volume', 'amount'],
  ['succeeded', 'succeeded_amount'],
  ['declined', 'declined_amount'],
  ['refunded', 'refunded_amount'],
  ['disputed', 'disputed_amount'],
] as const

const story = (board: Board, paint: Paint): string => {
  const { exposed, control, stopped, affected_payments: affected, in_flight: open } = board.story
  if (exposed.payments + control.payments === 0) return 'No payment has gone the new way yet.'
  const table = renderTable(
    [
      { title: `SINCE IT STARTED, ${board.currency.toUpperCase()}` },
      { title: 'NEW WAY', align: 'right' },
      { title: 'OLD WAY', align: 'right' },
    ],
    [
      ['payments', count(exposed.payments), count(control.payments)],
      ...AMOUNTS.map(([title, name]) => [title, exact(exposed[name], board), exact(control[name], board)]),
    ],
    paint,
  )
  return [
    table,
    `${many(affected, 'payment')} went the new way; ${count(open)} still in flight.`,
    ...(stopped === null ? [] : [paint('red', `Stopped by ${stopped.by}: ${stopped.reason}`)]),
  ].join('\n')
}

const GOOD: ReadonlySet<string> = new Set(['valid'])

const signatures = (board: Board, paint: Paint): string =>
  board.signatures
    .map(({ role, state, signed }) => {
      const who =
        signed === null ? '' : ` by ${signed.name}${signed.is_new_person ? ' (younger than 24 h)' : ''}`
      return `${role}: ${paint(GOOD.has(state) ? 'green' : 'red', state)}${who}`
    })
    .join('; ')

/** No risk is no price: nobody has thought about it yet. */
const UNKNOWN = 'not known: no risk is written, or the pre-mortem is not open'

const figures = (board: Board): string => {
  const { benefit, expected_loss: loss, waiting, unwatched, risks } = board
  return [
    ['Benefit', `${range(benefit.low, benefit.high, board)} per ${benefit.per}`],
    ['Loss to expect', risks.length === 0 ? UNKNOWN : `${range(loss.p50, loss.p95, board)} (P50 to P95)`],
    ['Cost of waiting', `${range(waiting.per_day_low, waiting.per_day_high, board)} a day`],
    [
      'Cost of risk',
      risks.length === 0 ? UNKNOWN : `${range(waiting.risk_per_day, waiting.risk_per_day, board)} a day`,
    ],
    ['Risks', `${risks.length}, of them ${unwatched} UNWATCHED`],
  ]
    .map(([title = '', text]) => `${title.padEnd(17)}${text}`)
    .join('\n')
}

const picture = (board: Board, paint: Paint, width: number): string =>
  [
    `${paint('bold', board.name)}, ${board.status.replaceAll('_', ' ')}`,
    paint('cyan', wrap(board.ask.text, { width, indent: 0 })),
    '',
    figures(board),
    '',
    stages(board, paint),
    '',
    story(board, paint),
    '',
    `Signatures: ${signatures(board, paint)}.`,
    ...board.waivers.map(({ gate, reason }) => paint('yellow', `Waived: ${gate}, ${reason}`)),
    ...board.detection.sentences.map((sentence) => wrap(`- ${sentence}`, { width, indent: 2 })),
  ].join('\n')

const save = async (file: string, html: string): Promise<void> => {
  try {
    await writeFile(file, html)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CommandProblem(
      `The page cannot be written to ${file} (${code})`,
      'Give --out a file in a folder that is there and that you may write to.',
    )
  }
}

const show = async (context: Context, launch: string, options: Options): Promise<void> => {
  const { terminal } = context
  const board = await findBoard(context, launch, options)
  if (options.out !== undefined) await save(options.out, board.html)
  terminal.answer(
    options.json === true
      ? JSON.stringify(board, null, 2)
      : picture(board, terminal.paintAnswer, terminal.width),
  )
  if (options.out !== undefined)
    terminal.say(`The page is in ${options.out}: one sheet, to be opened and printed by any browser.`)
  terminal.say(`Made at entry ${board.audit.position} of the audit log, ${board.audit.hash}.`)
}

export const addBoard = (program: Command, context: Context): void => {
  const command = program
    .command('board')
    .summary('show the board page of a launch')
    .description(
      'Shows what those who decide need: the ask, benefit and risk in the same money, stages with dates, signatures, and the story so far. With --out it writes the page itself, one sheet of A4 or letter.',
    )
    .argument('<launch>', 'launch_…')
    .option('--out <file>', 'writes the page there, such as board.html')
    .option('--json', 'print JSON')
  addApiOptions(command).action((launch: string, options: Options) => show(context, launch, options))
  addExamples(command, [
    ['evenkeel board launch_0199…', 'the figures'],
    ['evenkeel board launch_0199… --out board.html', 'and the page, to print'],
  ])
}
