import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import type { Finding, MoveProgress, ProvenMove } from '../platform.ts'
import { CommandProblem } from '../problem.ts'
import { createProgress, type ProgressState } from '../progress.ts'
import { many, size, took, wrap } from '../wording.ts'

type Options = {
  readonly giveUp?: true
  readonly appUrl?: string
  readonly readerUrl?: string
  readonly despiteDangers?: true
  readonly json?: true
}

/** Copying is most of it; what comes after is told by its own fraction. */
const stateOf = ({ phase, table, done, total, rows }: MoveProgress): ProgressState => {
  const fraction = total === 0 ? null : done / total
  switch (phase) {
    case 'copying':
      return { fraction, text: `${table}: ${size(done)} of ${size(total)}, ${many(rows, 'row')}` }
    case 'settling':
      return { fraction, text: `${table}: counted for the planner` }
    case 'comparing':
      return { fraction, text: `${table}: compared, row by row` }
    case 'proving':
      return { fraction: null, text: 'proving the books in the new database' }
  }
}

const advice = ({ name, found, wanted, why }: Finding, width: number): string =>
  `! ${wrap(`${name} is ${found}, better ${wanted}: ${why}`, { width, indent: 2 })}`

const render = (context: Context, moved: ProvenMove): string => {
  const { terminal } = context
  const { to, isNew, holdings, rows, proof } = moved
  const settings = 'Set DATABASE_URL to it, and keep the master key as it is: evenkeel start goes on there.'
  if (!isNew) return `These books are in ${to} already. Nothing was left to do.\n${settings}`
  const proven =
    proof === null
      ? ''
      : ` Proven there: ${many(proof.checks.length, 'check')} over ${many(proof.rows, 'transfer')}.`
  return [
    terminal.paintAnswer('bold', `Moved to ${to}.`),
    `${many(rows, 'row')} of ${many(holdings.length, 'table')}, each the same on both sides.${proven}`,
    'The old database stays as it was, read-only: verify and doctor work there, a server does not start.',
    settings,
  ].join('\n')
}

const shownAsJson = ({ to, isNew, rows, holdings, advice: findings, proof }: ProvenMove): string =>
  JSON.stringify(
    {
      to,
      moved_now: isNew,
      rows,
      tables: holdings.map(({ table, rows: held, digest }) => ({ table, rows: Number(held), digest })),
      proof: proof === null ? null : { ok: proof.ok, checks: proof.checks.length, transfers: proof.rows },
      advice: findings,
    },
    null,
    2,
  )

const giveUp = async (context: Context): Promise<void> => {
  const { giveMoveUp } = await context.loadDoor()
  const { to } = await giveMoveUp()
  context.terminal.answer(`The move is given up: this database is as it was, and a server may start on it.`)
  context.terminal.say(`What was copied still lies in ${to}: drop that database.`)
}

/** A password in a command can be read by everybody on the machine; one that comes by standard input cannot. */
const readUrl = async ({ terminal }: Context, given: string): Promise<string> =>
  given === '-' ? (await terminal.readInput()).trim() : given

const moveTo = async (context: Context, given: string, options: Options): Promise<void> => {
  const { terminal } = context
  const url = await readUrl(context, given)
  const signal = terminal.interruption()
  const { moveDatabase } = await context.loadDoor()
  const progress = createProgress(terminal)
  const fromMs = terminal.nowMs()
  try {
    const moved = await moveDatabase(
      {
        url,
        ...(options.appUrl === undefined ? {} : { appUrl: options.appUrl }),
        ...(options.readerUrl === undefined ? {} : { readerUrl: options.readerUrl }),
        despiteDangers: options.despiteDangers === true,
        isStopped: () => signal.aborted,
      },
      (state) => progress.show(stateOf(state)),
    )
    progress.end()
    if (options.json === true) {
      terminal.answer(shownAsJson(moved))
      return
    }
    for (const finding of moved.advice) terminal.say(advice(finding, terminal.width))
    terminal.answer(render(context, moved))
    terminal.say(`It took ${took((terminal.nowMs() - fromMs) / 1_000)}.`)
  } catch (error) {
    if (!signal.aborted) throw error
    throw new CommandProblem('Stopped. What is copied stays copied: run it again and it goes on.', null, 130)
  } finally {
    progress.end()
  }
}

export const addMove = (program: Command, context: Context): void => {
  const command = program
    .command('move')
    .summary('carry the books into a PostgreSQL of your own')
    .description(
      'Carries everything from the embedded database into an empty database of your own, compares each table row by row, proves the books there, and leaves the old one read-only. Stop the server first. Killed or stopped at any moment, the same command goes on where it was.',
    )
    .argument(
      '[url]',
      'postgresql://user:password@host:5432/database, of a user that may make roles; - reads it from standard input',
    )
    .option('--give-up', 'end a move that is not finished, and go on with the embedded database')
    .option('--despite-dangers', 'also into a database in which doctor would see a danger')
    .option('--app-url <url>', 'how the role evenkeel_app logs in there, where somebody else has made it')
    .option('--reader-url <url>', 'how the role evenkeel_reader logs in there')
    .option('--json', 'print JSON')
    .action(async (url: string | undefined, options: Options) => {
      if (options.giveUp === true && url === undefined) {
        await giveUp(context)
        return
      }
      if (options.giveUp === true)
        throw new CommandProblem('--give-up goes without an address', 'Leave one of the two out.')
      if (url === undefined)
        throw new CommandProblem(
          'Where to? The address of the new database is missing',
          'Make an empty one (create database evenkeel;) and give its address: evenkeel move postgresql://user:password@host:5432/evenkeel',
        )
      await moveTo(context, url, options)
    })
  addExamples(command, [
    ['evenkeel move postgresql://me:secret@db.example:5432/evenkeel', 'into that database'],
    ['evenkeel move - < address.txt', 'the same, with no password in the list of processes'],
    ['evenkeel move --give-up', 'stay here after all, while it is not finished'],
  ])
}
