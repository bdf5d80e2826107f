/** Which files of PostgreSQL's data folder belong in a copy, and which of them are made of pages. */

/** Folders whose content is of a running server only. The folder itself must be there. */
const EMPTIED: readonly string[] = [
  'pg_wal',
  'pg_dynshmem',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]

/** Made by PostgreSQL itself in the log's folder, which is emptied. */
const MADE_IN_LOG: readonly string[] = ['pg_wal/archive_status', 'pg_wal/summaries']

/** Of a running server, of an older copy, or of this machine. */
const LEFT_OUT: readonly string[] = [
  'postmaster.pid',
  'postmaster.opts',
  'postgresql.auto.conf.tmp',
  'postgresql.evenkeel.conf',
  'postgresql.evenkeel-archive.conf',
  'current_logfiles',
  'current_logfiles.tmp',
  'backup_label',
  'backup_label.old',
  'tablespace_map',
  'tablespace_map.old',
  'backup_manifest',
  'recovery.signal',
  'standby.signal',
]

/** Read last of all: it says from which checkpoint on the log is needed. */
export const CONTROL_FILE = 'global/pg_control'

export const emptyFolders = (): readonly string[] => [...EMPTIED, ...MADE_IN_LOG]

const TEMPORARY = /(^|\/)(pgsql_tmp[^/]*|pg_internal\.init[^/]*|t\d+_\d+(_[a-z]+)?(\.\d+)?)$/
const UNFINISHED = /\.(tmp|new)$/

/** Whether the folder is walked into. */
export const isWalked = (folder: string): boolean => !EMPTIED.includes(folder) && !TEMPORARY.test(folder)

/** Whether the file belongs in the copy. By its path below the data folder, with slashes. */
export const isCopied = (path: string): boolean =>
  !LEFT_OUT.includes(path) && !TEMPORARY.test(path) && !(UNFINISHED.test(path) && !path.includes('/'))

export type Relation = {
  /** The folder and the number that all forks and parts share. */
  readonly of: string
  readonly fork: 'main' | 'fsm' | 'vm' | 'init'
  /** Which gigabyte of it. */
  readonly part: number
}

const RELATION = /^(?<of>(?:global|base\/\d+)\/\d+)(?:_(?<fork>fsm|vm|init))?(?:\.(?<part>\d+))?$/

/** A file that is made of pages with checksums; null for all others. */
export const relationOf = (path: string): Relation | null => {
  const { of, fork, part } = RELATION.exec(path)?.groups ?? {}
  if (of === undefined) return null
  return { of, fork: (fork ?? 'main') as Relation['fork'], part: Number(part ?? 0) }
}
