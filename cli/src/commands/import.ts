import { accessSync, constants, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import type { Imported, ImportProgress, Platform } from '../platform.ts'
import { CommandProblem } from '../problem.ts'
import { createProgress } from '../progress.ts'
import { withPlatform } from '../with-platform.ts'
import { count, duration, many } from '../wording.ts'

type Options = {
  readonly profile: string
  readonly sandbox: string
  readonly report?: string
  readonly settle?: true
  readonly strict?: true
}

const checkFile = (file: string): void => {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.isFile() !== true)
    throw new CommandProblem(`There is no file ${file}`, 'Give the path of a CSV file of account movements.')
}

/** Asked before the import, which may take long: an answer that cannot be written down then would be a pity. */
const checkReport = (report: string): void => {
  const folder = dirname(resolve(report))
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    throw new CommandProblem(
      `The report cannot be written: ${folder} is no folder that may be written to`,
      'Give --report another path.',
    )
  }
  if (statSync(report, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new CommandProblem(
      `The report cannot be written: ${report} is a folder`,
      'Give --report the path of a file.',
    )
}

const progressText = ({ lines, linesPerSecond, remainingS }: ImportProgress): string => {
  const left = remainingS === null ? '' : `, ${duration(remainingS)} left`
  return `${many(lines, 'line')}, ${count(linesPerSecond)} a second${left}`
}

const importFile = async (context: Context, file: string, options: Options): Promise<Imported> => {
  const { terminal } = context
  if (options.sandbox === 'live')
    throw new CommandProblem('"live" is not a sandbox', 'Import into a sandbox: give --sandbox another name.')
  checkFile(file)
  if (options.report !== undefined) checkReport(options.report)
  const signal = terminal.interruption()
  const progress = createProgress(terminal)
  const wanted = {
    file,
    profile: options.profile,
    sandbox: options.sandbox,
    report: options.report ?? null,
    settle: options.settle === true,
    strict: options.strict === true,
    signal,
  }
  const work = async (platform: Platform): Promise<Imported> => {
    try {
      return await platform.importFile(wanted, (state) =>
        progress.show({
          fraction: state.totalBytes === 0 ? null : state.bytes / state.totalBytes,
          text: progressText(state),
        }),
      )
    } finally {
      progress.end()
    }
  }
  // Interrupted, it finishes the batch that it is posting and reports how far it came.
  return withPlatform(context, work, { stopsItself: true })
}

const tell = (
  context: Context,
  imported: Extract<Imported, { readonly ok: true }>,
  options: Options,
): void => {
  const { terminal, end } = context
  const { report, text, made, madeSandbox } = imported
  terminal.answer(text.trimEnd())
  if (madeSandbox) terminal.say(`Made the sandbox "${options.sandbox}".`)
  const nothing = made.accounts === 0 && made.transfers === 0
  terminal.say(
    nothing
      ? 'Nothing was posted: everything was there from an earlier run.'
      : `Posted in this run: ${many(made.accounts, 'account')} and ${many(made.transfers, 'transfer')}.`,
  )
  if (options.report !== undefined) terminal.say(`The report as JSON: ${options.report}`)
  if (terminal.interruption().aborted) end(130)
  else if (!report.complete || !report.ledger_check.balanced) end(1)
}

export const addImport = (program: Command, context: Context): void => {
  const command = program
    .command('import')
    .summary("load another system's history and compare")
    .description(
      "Reads a CSV of account movements that carries the old system's own balances, posts each movement, and reports every line that does not agree. It may be stopped anywhere and run again: nothing is posted twice.",
    )
    .argument('<file>', 'the CSV')
    .requiredOption('--profile <profile>', 'how to read it: a built-in name such as berka, or a JSON file')
    .option(
      '--sandbox <name>',
      'where it is posted; a new sandbox where there is none of that name',
      'sandbox',
    )
    .option('--report <file>', 'also write the report as JSON')
    .option('--settle', "post each drift against the profile's differences account")
    .option('--strict', 'stop at the first line that cannot be read or posted')
    .action(async (file: string, options: Options) => {
      const imported = await importFile(context, file, options)
      if (!imported.ok) throw new CommandProblem(imported.message, null)
      tell(context, imported, options)
    })
  addExamples(command, [
    ['evenkeel import history.csv --profile berka', 'into the sandbox "sandbox"'],
    ['evenkeel import history.csv --profile mine.json --sandbox move', 'with a profile of your own'],
    ['evenkeel import history.csv --profile berka --report report.json', 'and a report for programs'],
  ])
  command.addHelpText(
    'after',
    '\nLines that cannot be read or posted are listed in the report and left out; with --strict the first\nof them ends the import with 1. Lines that do not agree are findings about the file, and no failure.',
  )
}
