import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { type Account, giveTo, giveTreeTo } from '../../src/database/cluster/folders.ts'
import { isPostmasterOf, isRunning, waitForExit } from '../../src/database/cluster/processes.ts'
import { childOptions, HOST } from '../../src/database/cluster/site.ts'
import { withClient } from '../../src/database/connect/owner.ts'
import { postgresOf } from '../faults/processes/postgres.ts'
import type { Programs } from './programs.ts'

export const ADMIN = 'admin'
export const PASSWORD = 'of-the-pair'
const READY_MOST_MS = 60_000
const POLL_MS = 20

type Place = {
  /** For its data and its log, and for nothing else. */
  readonly folder: string
  readonly name: string
  readonly port: number
  readonly programs: Programs
  readonly account: Account | null
}

/** A PostgreSQL in a folder and at a port of its own, as another machine would have it. */
export type Machine = Place & {
  readonly data: string
  readonly url: string
  /** Makes an empty database cluster with an administrator. */
  readonly create: () => void
  /** Becomes a standby of the other: a copy of its files while it works, as pg_basebackup makes it. */
  readonly copyOf: (primary: Machine) => Promise<void>
  readonly start: () => Promise<void>
  /** SIGKILL of a primary with all its processes at once. */
  readonly kill: () => Promise<void>
  /** Immediate shutdown, of whatever runs there: as a crash, with all connections closed. */
  readonly halt: () => Promise<void>
  readonly ask: <Row extends object>(sql: string, values?: readonly unknown[]) => Promise<Row[]>
}

const conf = ({ name, port }: Place): string =>
  [
    `listen_addresses = '${HOST}'`,
    `port = ${port}`,
    `unix_socket_directories = ''`,
    `cluster_name = '${name}'`,
    'shared_buffers = 64MB',
    'max_connections = 80',
    'wal_keep_size = 512MB',
    'hot_standby = on',
    // A standby that waits for its primary asks again this often.
    'wal_retrieve_retry_interval = 100ms',
    'autovacuum = off',
    'log_min_error_statement = panic',
    '',
  ].join('\n')

const HBA = `host all all ${HOST}/32 scram-sha-256\nhost replication all ${HOST}/32 scram-sha-256\n`

/** What belongs to one machine and not to the cluster, or is made anew by whoever starts on a copy. */
const NOT_COPIED = ['postmaster.pid', 'postmaster.opts', 'pg_wal', 'pg_replslot', 'postgresql.auto.conf']

const urlAt = (port: number, database: string): string =>
  `postgresql://${ADMIN}:${PASSWORD}@${HOST}:${port}/${database}`

/** Files may go while they are copied, as they may under pg_basebackup: the log brings them, or that they are gone. */
const copyFiles = (from: string, to: string): void => {
  const isWanted = (path: string): boolean => {
    const top = path.slice(from.length + 1).split('/')[0] ?? ''
    return !NOT_COPIED.includes(top) && !basename(path).startsWith('pgsql_tmp')
  }
  try {
    cpSync(from, to, { recursive: true, filter: isWanted })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    rmSync(to, { recursive: true, force: true })
    copyFiles(from, to)
  }
  for (const empty of ['pg_wal', 'pg_wal/archive_status', 'pg_replslot'])
    mkdirSync(join(to, empty), { recursive: true })
}

type Ground = Place & { readonly data: string; readonly log: string }

/** The postmaster, once it takes connections, as a primary or as a standby. */
const findPostmaster = (data: string): number | null => {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
    const [pid, status] = [Number(lines[0]), lines[7]?.trim()]
    return (status === 'ready' || status === 'standby') && isPostmasterOf(pid, data) ? pid : null
  } catch {
    return null
  }
}

const settle = (ground: Ground, more: string): void => {
  const { folder, data, account } = ground
  writeFileSync(join(data, 'postgresql.conf'), `${conf(ground)}${more}`)
  writeFileSync(join(data, 'postgresql.auto.conf'), '')
  writeFileSync(join(data, 'pg_hba.conf'), HBA)
  chmodSync(data, 0o700)
  giveTreeTo(folder, account)
}

const create = (ground: Ground): void => {
  const { folder, data, programs, account } = ground
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, `${PASSWORD}\n`)
  giveTo(folder, account)
  giveTo(passwordFile, account)
  const wanted = [`--pgdata=${data}`, `--username=${ADMIN}`, `--pwfile=${passwordFile}`]
  const fixed = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--data-checksums', '--no-sync']
  execFileSync(programs.initdb, [...wanted, ...fixed], { ...childOptions({ account }), stdio: 'pipe' })
  settle(ground, '')
}

const copyOf = async (ground: Ground, primary: Machine): Promise<void> => {
  const { folder, data, name } = ground
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  await withClient(urlAt(primary.port, 'postgres'), async (client) => {
    await client.query(`select pg_backup_start('for ${name}', true)`)
    copyFiles(primary.data, data)
    const stop = 'select labelfile as label from pg_backup_stop(false)'
    const { rows } = await client.query<{ label: string }>(stop)
    writeFileSync(join(data, 'backup_label'), rows[0]?.label ?? '')
  })
  writeFileSync(join(data, 'standby.signal'), '')
  const from = `host=${HOST} port=${primary.port} user=${ADMIN} password=${PASSWORD} application_name=${name}`
  settle(ground, `primary_conninfo = '${from}'\n`)
}

const LOG_SHOWN = 2_000

const lastWords = (log: string): string => {
  try {
    return readFileSync(log, 'utf8').slice(-LOG_SHOWN)
  } catch {
    return 'it has no log'
  }
}

const start = async ({ data, log, name, programs, account }: Ground): Promise<void> => {
  const handle = openSync(log, 'a', 0o644)
  const child = spawn(programs.postgres, ['-D', data], {
    ...childOptions({ account }),
    detached: true,
    stdio: ['ignore', handle, handle],
  })
  closeSync(handle)
  child.unref()
  const untilMs = performance.now() + READY_MOST_MS
  while (findPostmaster(data) !== child.pid) {
    if (performance.now() > untilMs || !isRunning(child.pid ?? 0))
      throw new Error(`${name} does not start: ${lastWords(log)}`)
    await pause(POLL_MS)
  }
}

const ended = async ({ name }: Ground, pid: number): Promise<void> => {
  if (!(await waitForExit(pid, READY_MOST_MS))) throw new Error(`${name} does not end`)
}

const kill = async (ground: Ground): Promise<void> => {
  const pid = findPostmaster(ground.data)
  postgresOf(ground.data).kill('everything', () => 0)
  if (pid !== null) await ended(ground, pid)
}

const halt = async (ground: Ground): Promise<void> => {
  const pid = findPostmaster(ground.data)
  if (pid === null) return
  process.kill(pid, 'SIGQUIT')
  await ended(ground, pid)
}

/** Not as the platform asks: a standby is to answer as well. */
const ask = async <Row extends object>(
  { name, port, log }: Ground,
  sql: string,
  values: readonly unknown[],
): Promise<Row[]> => {
  const client = new pg.Client(urlAt(port, 'postgres'))
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query<Row>(sql, [...values])).rows
  } catch (error) {
    throw new Error(`${name} cannot be asked (${sql}): ${lastWords(log)}`, { cause: error })
  } finally {
    await client.end()
  }
}

export const machineOf = (place: Place): Machine => {
  const { folder, port } = place
  const ground = { ...place, data: join(folder, 'data'), log: join(folder, 'log') }
  return {
    ...ground,
    url: urlAt(port, 'evenkeel'),
    create: () => create(ground),
    copyOf: (primary) => copyOf(ground, primary),
    start: () => start(ground),
    kill: () => kill(ground),
    halt: () => halt(ground),
    ask: (sql, values = []) => ask(ground, sql, values),
  }
}
