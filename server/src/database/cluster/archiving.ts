import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SetupProblem } from '../../kit/index.ts'
import { ask } from './ask.ts'
import { ARCHIVE_CONF_FILE, archiveLines, renderArchiveConf } from './conf.ts'
import { giveTo, makeFolder } from './folders.ts'
import type { Layout } from './layout.ts'
import { POLL_MS, RELOAD_TIMEOUT_MS } from './limits.ts'
import type { Site } from './site.ts'

/**
 * Where the log goes, remembered beside the data and not in them: a copy of the data does not archive into the folder
 * of the one that it was made from.
 */
export type ArchiveChoice = {
  /** The folder that holds a whole backup. */
  readonly folder: string | null
  /** One that is being begun. The log goes to both until its first backup is whole. */
  readonly next: string | null
  /** The newest backup that was finished here, for when the folder is out of reach. */
  readonly last: { readonly id: string; readonly endedAt: string } | null
  /** Why the log has not been kept since, where the disk could not hold what the folder did not take. */
  readonly brokenAt: string | null
}

export const NO_ARCHIVE: ArchiveChoice = { folder: null, next: null, last: null, brokenAt: null }

export const isArchiving = ({ folder, next, brokenAt }: ArchiveChoice): boolean =>
  brokenAt === null && (folder !== null || next !== null)

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const lastOf = (value: unknown): ArchiveChoice['last'] => {
  const { id, endedAt } = (value ?? {}) as Readonly<Record<string, unknown>>
  return typeof id === 'string' && typeof endedAt === 'string' ? { id, endedAt } : null
}

export const readArchiveChoice = (layout: Pick<Layout, 'choice'>): ArchiveChoice => {
  if (!existsSync(layout.choice)) return NO_ARCHIVE
  try {
    const found = JSON.parse(readFileSync(layout.choice, 'utf8')) as Readonly<Record<string, unknown>>
    return {
      folder: textOrNull(found['folder']),
      next: textOrNull(found['next']),
      last: lastOf(found['last']),
      brokenAt: textOrNull(found['brokenAt']),
    }
  } catch (error) {
    throw new SetupProblem(
      `The file ${layout.choice} cannot be read: ${String(error)}`,
      'Remove it, and begin anew with: npx evenkeel backup FOLDER',
      { cause: error },
    )
  }
}

export const writeArchiveChoice = (layout: Pick<Layout, 'choice'>, choice: ArchiveChoice): void => {
  const unfinished = `${layout.choice}.${process.pid}.new`
  writeFileSync(unfinished, `${JSON.stringify(choice, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(unfinished, layout.choice)
}

/** Written at each start, and when the choice changes. */
export const writeArchiveConf = (site: Site, on: boolean): void => {
  const { layout, account } = site
  if (on) {
    makeFolder(layout.outbox, 0o700)
    giveTo(layout.outbox, account)
  }
  const file = join(layout.data, ARCHIVE_CONF_FILE)
  // Of two processes that write it at once each has a file of its own.
  const unfinished = `${file}.${process.pid}.new`
  writeFileSync(unfinished, renderArchiveConf(archiveLines(on ? layout.outbox : null)), { mode: 0o600 })
  giveTo(unfinished, account)
  renameSync(unfinished, file)
}

const SETTINGS = `select name, setting from pg_catalog.pg_settings
  where name in ('archive_mode', 'archive_command', 'archive_library', 'basic_archive.archive_directory')`

const archivesAsAsked = async (site: Site, port: number, on: boolean): Promise<boolean> => {
  const rows = await ask(site, port, 'postgres', SETTINGS)
  const found = new Map(rows.map(({ name, setting }) => [String(name), String(setting)]))
  if (found.get('archive_mode') !== 'on')
    throw new SetupProblem(
      'PostgreSQL runs without keeping its log: it was started by an older release, or postgresql.conf says so',
      'Stop Evenkeel and start it again, and see that postgresql.conf does not set archive_mode.',
    )
  return on
    ? found.get('archive_library') === 'basic_archive' && found.get('archive_command') === ''
    : found.get('archive_library') === ''
}

/** Tells a running PostgreSQL, and waits until it does as asked. What its archiver has not taken yet is taken afterwards. */
export const setArchiving = async (site: Site, port: number, on: boolean): Promise<void> => {
  writeArchiveConf(site, on)
  await ask(site, port, 'postgres', 'select pg_catalog.pg_reload_conf()')
  const from = performance.now()
  while (!(await archivesAsAsked(site, port, on))) {
    if (performance.now() - from > RELOAD_TIMEOUT_MS)
      throw new SetupProblem(
        'PostgreSQL does not keep its log as it was told: a setting in postgresql.conf stands against it',
        `Remove archive_command, archive_library and basic_archive.archive_directory from ${join(site.layout.data, 'postgresql.conf')} and postgresql.auto.conf there.`,
      )
    await sleep(POLL_MS * 10)
  }
  if (!on) rmSync(site.layout.outbox, { recursive: true, force: true })
}
