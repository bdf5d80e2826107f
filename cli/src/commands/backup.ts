import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import type {
  BackupDone,
  BackupEntry,
  BackupManifest,
  BackupProgress,
  BackupsChecked,
  BackupsListed,
} from '../platform.ts'
import { CommandProblem } from '../problem.ts'
import { createProgress, type ProgressState } from '../progress.ts'
import { renderTable } from '../table.ts'
import { count, many, took, wrap } from '../wording.ts'

type Options = {
  readonly keep?: number
  readonly keepDays?: number
  readonly list?: true
  readonly check?: true
  readonly end?: true
  readonly json?: true
}

const MEGABYTE = 1_048_576
const KEEP_MOST = 10_000
const KEEP_DAYS_MOST = 36_500
const MILLIS_PER_SECOND = 1_000

const megabytes = (bytes: number): string => `${count(Math.ceil(bytes / MEGABYTE))} MB`

/** 2026-11-23 02:12:22 UTC */
const shownMoment = (moment: string): string => `${moment.slice(0, 19).replace('T', ' ')} UTC`

const readWhole =
  (option: string, most: number) =>
  (text: string): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : 0
    if (value >= 1 && value <= most) return value
    throw new CommandProblem(
      `"${text}" is no number for ${option}`,
      `Give ${option} a number from 1 to ${most}.`,
    )
  }

const stateOf = ({ step, done, total }: BackupProgress): ProgressState => ({
  fraction: total === 0 ? null : done / total,
  text:
    step === 'copy'
      ? `copied ${megabytes(done)} of ${megabytes(total)}`
      : `waiting for the log: ${count(done)} of ${many(total, 'segment')}`,
})

const stopped = (words: string): CommandProblem => new CommandProblem(words, null, 130)

const write = async (context: Context, folder: string | null, options: Options): Promise<BackupDone> => {
  const { terminal } = context
  const { backUp, whereMasterKeyIs } = await context.loadDoor()
  const say = (line: string): void => terminal.say(terminal.paintSaid('yellow', line))
  say('The master key is not in a backup, and without it a backup is useless.')
  say(`Keep a copy of it in another place: ${whereMasterKeyIs()}`)
  const signal = terminal.interruption()
  const progress = createProgress(terminal)
  const keep = { count: options.keep ?? null, days: options.keepDays ?? null }
  try {
    return await backUp({ folder, keep, signal }, (state) => progress.show(stateOf(state)))
  } catch (error) {
    if (signal.aborted) throw stopped('Stopped. This backup was not finished; those before it stand.')
    throw error
  } finally {
    progress.end()
  }
}

const jsonOf = ({ files, ...manifest }: BackupManifest): Readonly<Record<string, unknown>> => ({
  id: manifest.id,
  state: 'whole',
  started_at: manifest.startedAt,
  ended_at: manifest.endedAt,
  release: manifest.release,
  newest_migration: manifest.newestMigration,
  master_key_fingerprint: manifest.masterKeyFingerprint,
  files: files.length,
  bytes: manifest.bytes,
  pages_checked: manifest.pagesChecked,
})

const entryJson = (entry: BackupEntry): Readonly<Record<string, unknown>> => {
  if (entry.kind === 'whole') return jsonOf(entry.manifest)
  return { id: entry.id, state: entry.kind, ...(entry.kind === 'damaged' ? { why: entry.why } : {}) }
}

const tellWritten = (context: Context, done: BackupDone, seconds: number, json: boolean): void => {
  const { terminal } = context
  const { folder, manifest, endedFolder, pruned } = done
  if (json) {
    const told = { folder, ...jsonOf(manifest), removed: pruned.removed, removed_segments: pruned.segments }
    terminal.answer(JSON.stringify(told, null, 2))
    return
  }
  const { id, bytes, files, pagesChecked, endedAt } = manifest
  const { width } = terminal
  const say = (words: string): void => terminal.answer(wrap(words, { width, indent: 0 }))
  const size = `${megabytes(bytes)}, ${many(files.length, 'file')}, ${many(pagesChecked, 'page')} checked`
  say(`Backup ${id} is whole: ${size}, in ${took(seconds)}.`)
  terminal.answer(`It is in ${folder}`)
  say(`It restores any moment since ${shownMoment(endedAt)}, as long as the log is kept there.`)
  if (pruned.removed.length > 0)
    say(
      `Removed ${many(pruned.removed.length, 'older backup')}, and ${many(pruned.segments, 'segment')} of the log.`,
    )
  if (endedFolder !== null)
    terminal.say(
      wrap(`The log no longer goes to ${endedFolder}: what lies there stays, and ends here.`, {
        width,
        indent: 0,
      }),
    )
}

const COLUMNS = [
  { title: 'BACKUP' },
  { title: 'STATE' },
  { title: 'RESTORES SINCE' },
  { title: 'SIZE', align: 'right' },
  { title: 'RELEASE' },
  { title: 'MASTER KEY' },
] as const

const FINGERPRINT_SHOWN = 8

const toRow = (entry: BackupEntry): readonly string[] => {
  if (entry.kind !== 'whole') return [entry.id, entry.kind, '', '', '', '']
  const { id, endedAt, bytes, release, masterKeyFingerprint } = entry.manifest
  const key = `${masterKeyFingerprint.slice(0, FINGERPRINT_SHOWN)}…`
  return [id, 'whole', shownMoment(endedAt), megabytes(bytes), release, key]
}

const tellListed = (context: Context, { folder, backups }: BackupsListed, json: boolean): void => {
  const { terminal } = context
  if (json) {
    terminal.answer(JSON.stringify({ folder, backups: backups.map(entryJson) }, null, 2))
    return
  }
  terminal.say(`In ${folder}:`)
  if (backups.length === 0) terminal.say('No backup yet.')
  else terminal.answer(renderTable(COLUMNS, backups.map(toRow), terminal.paintAnswer))
  for (const entry of backups)
    if (entry.kind === 'damaged') terminal.say(terminal.paintSaid('red', `${entry.id}: ${entry.why}`))
}

const check = async (context: Context, folder: string | null): Promise<BackupsChecked> => {
  const { terminal } = context
  const { checkBackups } = await context.loadDoor()
  const signal = terminal.interruption()
  const progress = createProgress(terminal)
  try {
    return await checkBackups(
      folder,
      ({ done, total }) =>
        progress.show({
          fraction: total === 0 ? null : done / total,
          text: `read ${megabytes(done)} of ${megabytes(total)}`,
        }),
      signal,
    )
  } catch (error) {
    if (signal.aborted) throw stopped('Stopped.')
    throw error
  } finally {
    progress.end()
  }
}

const tellChecked = (context: Context, checked: BackupsChecked, json: boolean): void => {
  const { terminal, end } = context
  const { backups, log, folder } = checked
  const damaged = backups.filter(({ kind }) => kind === 'damaged').length
  const isGood = damaged === 0 && log.problems.length === 0
  if (!isGood) end(1)
  if (json) {
    terminal.answer(JSON.stringify({ folder, backups: backups.map(entryJson), log }, null, 2))
    return
  }
  tellListed(context, checked, false)
  for (const problem of log.problems) terminal.say(terminal.paintSaid('red', `log: ${problem}`))
  const whole = backups.filter(({ kind }) => kind === 'whole').length
  const size = `${many(whole, 'backup')} and ${many(log.segments, 'segment')} of the log`
  terminal.answer(
    isGood
      ? `Everything agrees with its checksums: ${size}.`
      : `NOT GOOD: ${many(damaged + log.problems.length, 'thing')} damaged or missing beside ${size}.`,
  )
}

const refuseMixed = (
  { list, check: checking, end, keep, keepDays }: Options,
  folder: string | null,
): void => {
  const asked = [list, checking, end].filter((one) => one === true).length
  if (asked > 1) throw new CommandProblem('--list, --check and --end are three commands', 'Give one of them.')
  if (asked === 1 && (keep !== undefined || keepDays !== undefined))
    throw new CommandProblem(
      '--keep and --keep-days are for writing a backup',
      'Leave --list, --check and --end out.',
    )
  if (end === true && folder !== null)
    throw new CommandProblem('--end is for the folder that was chosen', 'Leave the folder out.')
}

const run = async (context: Context, given: string | undefined, options: Options): Promise<void> => {
  const { terminal } = context
  const folder = given === undefined ? null : resolve(given)
  const json = options.json === true
  refuseMixed(options, folder)
  if (options.list === true) {
    const { listBackups } = await context.loadDoor()
    tellListed(context, await listBackups(folder), json)
  } else if (options.check === true) tellChecked(context, await check(context, folder), json)
  else if (options.end === true) {
    const { endBackingUp } = await context.loadDoor()
    const was = await endBackingUp()
    terminal.answer(
      was === null
        ? 'No folder of backups was chosen.'
        : `The log no longer goes to ${was}. What lies there stays.`,
    )
  } else {
    const fromMs = terminal.nowMs()
    const done = await write(context, folder, options)
    tellWritten(context, done, (terminal.nowMs() - fromMs) / MILLIS_PER_SECOND, json)
  }
}

export const addBackup = (program: Command, context: Context): void => {
  const command = program
    .command('backup')
    .summary('copy the database, and its log from then on')
    .description(
      'Copies the embedded database into a folder while money moves, and from then on its log, so that any later moment can be restored. Every page is checked against its checksum on the way. The master key is not in it, and without the key a backup is useless. Without a folder it takes the one of the last time.',
    )
    .argument(
      '[folder]',
      'where to: new or empty, or one that backups were written to before; best on another disk',
    )
    .option(
      '--keep <count>',
      'afterwards keep so many backups, and the log that they need',
      readWhole('--keep', KEEP_MOST),
    )
    .option(
      '--keep-days <days>',
      'afterwards keep what restores any moment of so many days; with --keep, what either of them keeps',
      readWhole('--keep-days', KEEP_DAYS_MOST),
    )
    .option('--list', 'list what lies in the folder instead')
    .option(
      '--check',
      'read all that lies in the folder and compare its checksums instead; ends with 1 when not good',
    )
    .option('--end', 'stop keeping the log; what lies in the folder stays')
    .option('--json', 'print JSON')
    .action((folder: string | undefined, options: Options) => run(context, folder, options))
  addExamples(command, [
    ['evenkeel backup /srv/backups', 'the first one; it may be run again every day'],
    ['evenkeel backup --keep-days 30', 'any moment of the last 30 days can be restored'],
    ['evenkeel backup --list', 'what there is'],
    ['evenkeel backup --check', 'that all of it can be read'],
  ])
}
