import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import type { ExportManifest } from '../platform-export.ts'
import { createProgress } from '../progress.ts'
import { withPlatform } from '../with-platform.ts'
import { many, wrap } from '../wording.ts'

type Options = {
  readonly from?: string
  readonly to: string
  readonly tenant: string
  readonly json?: true
}

const entriesOf = ({ files }: ExportManifest): number =>
  files.find(({ name }) => name === 'entries.csv')?.rows ?? 0
const accountsOf = ({ files }: ExportManifest): number =>
  files.find(({ name }) => name === 'balances.csv')?.rows ?? 0

/** Whether the figures can still change, which whoever gets them wants to know first. */
const standingOf = ({ closing, closed_through: closed, period }: ExportManifest): string => {
  if (closing !== null) return `This is closing ${closing.number}, ${closing.id}.`
  if (closed !== null && period.to <= closed)
    return 'The period is closed, but no closing has its digest: it is no closing’s own period, or is still being added up.'
  return 'The period is not closed: an entry may still be booked in it.'
}

const render = (manifest: ExportManifest, folder: string, width: number): string => {
  const { tenant, period, digest } = manifest
  const span = period.from === null ? `up to ${period.to}` : `${period.from} to ${period.to}`
  const size = `${many(entriesOf(manifest), 'entry', 'entries')} and the balances of ${many(accountsOf(manifest), 'account')}`
  return [
    wrap(`Wrote ${folder}: ${tenant.name}, ${span}, ${size}.`, { width, indent: 0 }),
    wrap(standingOf(manifest), { width, indent: 0 }),
    `Digest: ${digest}`,
  ].join('\n')
}

export const addExport = (program: Command, context: Context): void => {
  const { terminal } = context
  const command = program
    .command('export')
    .summary('write a period of the books as CSV')
    .description(
      'Writes entries, balances, trial balance and accounts of a period by book date to a new folder, with a manifest of checksums: all as it stands at one moment, while money moves, and whole or not at all. evenkeel verify --offline proves the folder without database or server.',
    )
    .argument('<folder>', 'a folder that is not there yet')
    .option('--from <date>', 'the first day, as 2026-10-01; else from the beginning')
    .requiredOption('--to <date>', 'the last day, as 2026-10-31')
    .option('--tenant <name>', 'whose books: live, or a sandbox', 'live')
    .option('--json', 'print the manifest')
    .action(async (folder: string, options: Options) => {
      const { from, to, tenant, json } = options
      const manifest = await withPlatform(context, async (platform) => {
        const progress = createProgress(terminal)
        try {
          return await platform.exportBooks(
            { tenant, to, folder, ...(from === undefined ? {} : { from }) },
            ({ step, rows, fraction }) => progress.show({ fraction, text: `${step}: ${many(rows, 'line')}` }),
          )
        } finally {
          progress.end()
        }
      })
      terminal.answer(
        json === true ? JSON.stringify(manifest, null, 2) : render(manifest, folder, terminal.width),
      )
    })
  addExamples(command, [
    ['evenkeel export --from 2026-10-01 --to 2026-10-31 october', 'a month of the live books'],
    ['evenkeel export --to 2026-10-31 --tenant sandbox all', 'everything of a sandbox up to a day'],
    ['evenkeel verify --offline october', 'that the files agree, on any machine'],
  ])
  command.addHelpText(
    'after',
    '\nAmounts are whole numbers of the currency’s minor unit. A text that a table program would take for a\nformula has an apostrophe before it. Interrupted, it leaves FOLDER.unfinished, which the next run clears.',
  )
}
