import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import type { RestoreDone, RestoreProgress, VerifyReport } from '../platform.ts'
import { CommandProblem } from '../problem.ts'
import { createProgress, type ProgressState } from '../progress.ts'
import { withPlatform } from '../with-platform.ts'
import { count, many, took, wrap } from '../wording.ts'
import { type Names, proveBooks, renderReport } from './verify.ts'

type Options = {
  readonly to?: string
  readonly backup?: string
  readonly wal?: string
  readonly json?: true
}

const MEGABYTE = 1_048_576

const megabytes = (bytes: number): string => `${count(bytes / MEGABYTE)} MB`

const stateOf = ({ step, done, total }: RestoreProgress): ProgressState => {
  switch (step) {
    case 'looking':
      return { fraction: null, text: 'looking how far the log goes' }
    case 'copying':
      return { fraction: done / total, text: `copied ${megabytes(done)} of ${megabytes(total)}` }
    case 'replaying':
      // How many of them are needed up to a moment is known when it is reached.
      return { fraction: null, text: `replaying the log: segment ${count(done)} of at most ${count(total)}` }
  }
}

const restore = async (context: Context, folder: string, options: Options): Promise<RestoreDone> => {
  const { terminal } = context
  const { restoreBackup } = await context.loadDoor()
  const signal = terminal.interruption()
  const progress = createProgress(terminal)
  try {
    return await restoreBackup(
      {
        folder: resolve(folder),
        to: options.to ?? null,
        backup: options.backup ?? null,
        wal: options.wal === undefined ? null : resolve(options.wal),
        signal,
      },
      (state) => progress.show(stateOf(state)),
    )
  } catch (error) {
    if (signal.aborted) throw new CommandProblem('Stopped. Nothing was restored.', null, 130)
    throw error
  } finally {
    progress.end()
  }
}

/** The one sentence that counts: which moment the books stand at. */
const holds = ({ moment, asked }: RestoreDone): string =>
  asked === null
    ? `They hold everything that was acknowledged until ${moment}, where the log ends, and nothing later.`
    : `They hold everything that was acknowledged until ${asked}, and nothing later; the last transaction is of ${moment}.`

const shownAsJson = (done: RestoreDone, report: VerifyReport): string =>
  JSON.stringify(
    {
      backup: done.backup,
      asked: done.asked,
      moment: done.moment,
      data_dir: done.dataDir,
      files: done.files,
      bytes: done.bytes,
      proof: { ok: report.ok, checks: report.checks.length, transfers: report.rows },
    },
    null,
    2,
  )

type Shown = { readonly done: RestoreDone; readonly report: VerifyReport; readonly names: Names }

const tell = (context: Context, { done, report, names }: Shown): void => {
  const { terminal } = context
  const { width, paintAnswer } = terminal
  const line = (text: string): string => wrap(text, { width, indent: 0 })
  const answer = [
    paintAnswer('bold', `Restored from the backup ${done.backup} into ${done.dataDir}.`),
    line(holds(done)),
  ]
  if (report.ok) {
    const proof = `The books are proven: ${many(report.checks.length, 'check')} over ${many(report.rows, 'transfer')}.`
    terminal.answer([...answer, line(proof)].join('\n'))
    terminal.say(
      line(
        'The log of the live books says that this was restored. A server may start here: evenkeel start. It keeps no backups until you run: evenkeel backup FOLDER',
      ),
    )
    return
  }
  terminal.answer([...answer, '', renderReport(report, { names, paint: paintAnswer, width })].join('\n'))
}

export const addRestore = (program: Command, context: Context): void => {
  const { terminal, end } = context
  const command = program
    .command('restore')
    .summary('bring the books back from a backup, to any moment')
    .description(
      'Makes the embedded database of DATA_DIR from a folder of backups: the newest state, or that of a moment. Every file is compared with its checksum, the log is replayed, the books are proven, and it is said which moment they hold. It never writes over a database. The master key is not in a backup: put your copies of master.key and audit-anchor.key into DATA_DIR first.',
    )
    .argument('<folder>', 'the folder of backups')
    .option('--to <time>', 'a moment with its zone, such as 2026-11-23T10:15:00Z; else all that is there')
    .option('--backup <id>', 'begin with this backup; else with the one that fits best')
    .option('--wal <folder>', 'also take the log that was not shipped yet from this data folder, which died')
    .option('--json', 'print JSON')
    .action(async (folder: string, options: Options) => {
      const fromMs = terminal.nowMs()
      const done = await restore(context, folder, options)
      const [report, names] = await withPlatform(context, (platform) =>
        proveBooks(context, platform, undefined),
      )
      if (!report.ok) end(1)
      if (options.json === true) terminal.answer(shownAsJson(done, report))
      else {
        tell(context, { done, report, names })
        terminal.say(`It took ${took((terminal.nowMs() - fromMs) / 1_000)}.`)
      }
    })
  addExamples(command, [
    ['evenkeel restore /var/backups/evenkeel', 'all that is there'],
    ['evenkeel restore /var/backups/evenkeel --to 2026-11-23T10:15:00Z', 'as the books stood at that moment'],
    ['DATA_DIR=trial evenkeel restore /var/backups/evenkeel', 'to try it out, beside the server that runs'],
    [
      'evenkeel restore /var/backups/evenkeel --wal /old/.evenkeel',
      'with the last minute of a machine that died',
    ],
  ])
}
