import { execFileSync, spawn } from 'node:child_process'
import {
  appendFileSync,
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

export const machineOf = (place: Place): Machine => {
  const { folder, name, port, programs, account } = place
  const data = join(folder, 'data')
  const log = join(folder, 'log')

  /** The postmaster, once it takes connections, as a primary or as a standby. */
  const find = (): number | null => {
    try {
      const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
      const [pid, status] = [Number(lines[0]), lines[7]?.trim()]
      return (status === 'ready' || status === 'standby') && isPostmasterOf(pid, data) ? pid : null
    } catch {
      return null
    }
  }

  const settle = (): void => {
    writeFileSync(join(data, 'postgresql.conf'), conf(place))
    writeFileSync(join(data, 'postgresql.auto.conf'), '')
    writeFileSync(join(data, 'pg_hba.conf'), HBA)
    giveTreeTo(folder, account)
  }

  const create = (): void => {
    mkdirSync(folder, { recursive: true, mode: 0o711 })
    const passwordFile = join(folder, 'password')
    writeFileSync(passwordFile, `${PASSWORD}\n`)
    giveTo(folder, account)
    giveTo(passwordFile, account)
    const wanted = [
      `--pgdata=${data}`,
      `--username=${ADMIN}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
    ]
    execFileSync(
      programs.initdb,
      [...wanted, '--encoding=UTF8', '--locale=C', '--data-checksums', '--no-sync'],
      {
        ...childOptions({ account }),
        stdio: 'pipe',
      },
    )
    settle()
  }

  const copyOf = async (primary: Machine): Promise<void> => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true, mode: 0o711 })
    await withClient(urlAt(primary.port, 'postgres'), async (client) => {
      await client.query(`select pg_backup_start('for ${name}', true)`)
      copyFiles(primary.data, data)
      const { rows } = await client.query<{ label: string }>(
        'select labelfile as label from pg_backup_stop(false)',
      )
      writeFileSync(join(data, 'backup_label'), rows[0]?.label ?? '')
    })
    settle()
    const from = `host=${HOST} port=${primary.port} user=${ADMIN} password=${PASSWORD} application_name=${name}`
    appendFileSync(join(data, 'postgresql.conf'), `primary_conninfo = '${from}'\n`)
    writeFileSync(join(data, 'standby.signal'), '')
    execFileSync('chmod', ['700', data])
    giveTreeTo(folder, account)
  }

  const start = async (): Promise<void> => {
    const handle = openSync(log, 'a', 0o644)
    const child = spawn(programs.postgres, ['-D', data], {
      ...childOptions({ account }),
      detached: true,
      stdio: ['ignore', handle, handle],
    })
    closeSync(handle)
    child.unref()
    const untilMs = performance.now() + READY_MOST_MS
    while (find() !== child.pid) {
      if (performance.now() > untilMs || !isRunning(child.pid ?? 0))
        throw new Error(`${name} does not start: ${readFileSync(log, 'utf8').slice(-2_000)}`)
      await pause(POLL_MS)
    }
  }

  const gone = async (pid: number): Promise<void> => {
    if (!(await waitForExit(pid, READY_MOST_MS))) throw new Error(`${name} does not end`)
  }

  const kill = async (): Promise<void> => {
    const pid = find()
    postgresOf(data).kill('everything', () => 0)
    if (pid !== null) await gone(pid)
  }

  const halt = async (): Promise<void> => {
    const pid = find()
    if (pid === null) return
    process.kill(pid, 'SIGQUIT')
    await gone(pid)
  }

  const ask = async <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> => {
    // Not as the platform asks: a standby is to answer as well.
    const client = new pg.Client(urlAt(port, 'postgres'))
    client.on('error', () => undefined)
    await client.connect()
    try {
      return (await client.query<Row>(sql, [...values])).rows
    } finally {
      await client.end()
    }
  }

  return { ...place, data, url: urlAt(port, 'evenkeel'), create, copyOf, start, kill, halt, ask }
}
