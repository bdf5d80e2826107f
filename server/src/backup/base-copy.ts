import { mkdir } from 'node:fs/promises'
import type { ClientBase } from 'pg'
import { withClient } from '../database/index.ts'
import { SetupProblem } from '../kit/index.ts'
import { type CopiedData, copyData, writeSmall } from './copy-data.ts'
import { parseLabel } from './core/label.ts'
import { parseLsn } from './core/log-names.ts'
import type { BackupManifest } from './core/model.ts'
import { PAGE_BYTES, SEGMENT_BYTES } from './limits.ts'

const NOW = `to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

const BEFORE = `select ${NOW} as now, current_setting('server_version_num')::int as version,
  current_setting('data_checksums') as checksums, current_setting('block_size')::int as page,
  pg_catalog.pg_size_bytes(current_setting('wal_segment_size')) as segment`

type Before = {
  readonly now: string
  readonly version: number
  readonly checksums: string
  readonly page: number
  readonly segment: unknown
}

const START = `select pg_catalog.pg_backup_start($1, true)::text as lsn`
const STOP = `select lsn::text as lsn, labelfile as label, pg_catalog.pg_walfile_name(lsn) as segment,
  ${NOW} as now from pg_catalog.pg_backup_stop(false)`

type Stopped = {
  readonly lsn: string
  readonly label: string
  readonly segment: string
  readonly now: string
}

const askOne = async <Row>(
  client: ClientBase,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row> => {
  const { rows } = await client.query<Row & object>(text, [...values])
  const [row] = rows
  if (row === undefined) throw new Error('PostgreSQL answered with no row')
  return row
}

const refuseUnusual = ({ checksums, page, segment }: Before): void => {
  if (checksums !== 'on')
    throw new SetupProblem(
      'This database has no checksums, so a copy of a damaged page would not be noticed',
      'Turn them on with pg_checksums --enable while PostgreSQL is stopped.',
    )
  if (page !== PAGE_BYTES || Number(segment) !== SEGMENT_BYTES)
    throw new SetupProblem(
      `This PostgreSQL has pages of ${page} bytes and log files of ${String(segment)} bytes`,
      'Evenkeel backs up the PostgreSQL that it brings. Use pg_basebackup for this one.',
    )
}

/** Said by a page that is not torn and not of this log either. */
const refuseFuture = ({ newest }: CopiedData, endLsn: string): void => {
  if (newest.lsn <= (parseLsn(endLsn) ?? 0n)) return
  throw new SetupProblem(
    `The database has a damaged page: one in ${newest.path} names a place that the log has not reached`,
    'This backup is not finished, and those before it stand. Restore from the newest of them, as docs/runbooks says, and have the disk looked at.',
  )
}

export type BaseCopy = Pick<
  BackupManifest,
  | 'startedAt'
  | 'endedAt'
  | 'postgresVersion'
  | 'timeline'
  | 'startLsn'
  | 'endLsn'
  | 'firstSegment'
  | 'lastSegment'
  | 'files'
  | 'folders'
  | 'pagesChecked'
  | 'id'
>

export type BaseCopyWanted = {
  /** Of the superuser. The copy is over when this connection ends, so a killed one leaves nothing behind in PostgreSQL. */
  readonly url: string
  readonly data: string
  /** Says what the backup is called once it is known when it began, and where it goes: a folder that is not there yet. */
  readonly nameFor: (startedAt: string) => { readonly id: string; readonly to: string }
  readonly onBytes: (done: number, total: number) => void
  readonly signal: AbortSignal
}

/** Copies the data folder of a running PostgreSQL: with the log from its start to its end it is whole. */
export const copyBase = ({ url, data, nameFor, onBytes, signal }: BaseCopyWanted): Promise<BaseCopy> =>
  withClient(url, async (client) => {
    const before = await askOne<Before>(client, BEFORE)
    refuseUnusual(before)
    const { id, to } = nameFor(before.now)
    await mkdir(to, { recursive: true, mode: 0o700 })
    const { lsn } = await askOne<{ lsn: string }>(client, START, [`evenkeel backup ${id}`])
    const startLsn = parseLsn(lsn) ?? 0n
    const copied = await copyData({ data, to, startLsn, onBytes, signal })
    const stopped = await askOne<Stopped>(client, STOP)
    const label = parseLabel(stopped.label)
    if (label === null) throw new Error(`PostgreSQL's label of a copy is unknown: ${stopped.label}`)
    refuseFuture(copied, stopped.lsn)
    const labelFile = await writeSmall(to, 'backup_label', Buffer.from(stopped.label, 'utf8'))
    const { folders, pagesChecked } = copied
    return {
      id,
      startedAt: before.now,
      endedAt: stopped.now,
      postgresVersion: before.version,
      timeline: label.timeline,
      startLsn: label.startLsn,
      endLsn: stopped.lsn,
      firstSegment: label.firstSegment,
      lastSegment: stopped.segment,
      files: [...copied.files, labelFile],
      folders,
      pagesChecked,
    }
  })
