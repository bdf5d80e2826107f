import { spawn } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { DATABASE, HOST, SUPERUSER } from '../../../src/database/cluster/site.ts'
import { withClient } from '../../../src/database/index.ts'
import { rolePassword } from '../../../src/vault/index.ts'
import { TEST_MASTER_KEY_TEXT, testMasterKey } from '../../support/postgres.ts'
import { endPostgres, type Postgres, postgresOf } from '../processes/postgres.ts'
import { type Supervisor, supervise } from '../processes/supervisor.ts'
import { readerUrlAt } from '../runs/site.ts'

const PROGRAM = join(import.meta.dirname, '..', '..', '..', '..', 'cli', 'bin', 'evenkeel.mjs')

export type Ran = { readonly code: number | null; readonly answer: string; readonly said: string }

/** One life of a database: a data folder, and a server that comes and goes on it. */
export type Life = {
  readonly dataDir: string
  readonly server: Supervisor
  readonly postgres: Postgres
  readonly readerUrl: () => string
  /** A command as people give it, in this life’s folder. */
  readonly evenkeel: (...args: readonly string[]) => Promise<Ran>
  /** Ends the segment of the log that is being written, and waits until it has arrived in the folder of backups. */
  readonly ship: (backups: string) => Promise<void>
  /** Server and database at once, with SIGKILL, as when the machine is gone. */
  readonly die: () => Promise<void>
  readonly close: () => Promise<void>
}

const run = (folder: string, dataDir: string, args: readonly string[]): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        NODE_COMPILE_CACHE: join(tmpdir(), 'evenkeel-compile-cache'),
        DATA_DIR: dataDir,
        MASTER_KEY: TEST_MASTER_KEY_TEXT,
        LOG_FORMAT: 'json',
        NO_COLOR: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [answer, said] = ['', '']
    child.stdout.on('data', (data: Buffer) => {
      answer += data.toString()
    })
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString()
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, answer, said }))
  })

const SHIPPED_MOST_MS = 60_000
const LOOK_MS = 50

export const lifeIn = (folder: string, name: string, apiKey: string | null): Life => {
  const dataDir = join(folder, name)
  const work = join(folder, 'work')
  mkdirSync(work, { recursive: true })
  const data = join(dataDir, 'postgres', 'data')
  const postgres = postgresOf(data)
  const server = supervise({
    settings: { DATA_DIR: dataDir },
    folder: work,
    ...(apiKey === null ? {} : { apiKey }),
  })
  const port = (): number => {
    const found = postgres.find()
    if (found === null) throw new Error(`no PostgreSQL runs in ${data}`)
    return found.port
  }
  const superuser = (): string =>
    `postgresql://${SUPERUSER}:${encodeURIComponent(rolePassword(testMasterKey, 'superuser'))}@${HOST}:${port()}/${DATABASE}`
  return {
    dataDir,
    server,
    postgres,
    readerUrl: () => readerUrlAt(port()),
    evenkeel: (...args) => run(work, dataDir, args),
    ship: async (backups) => {
      const segment = await withClient(superuser(), async (client) => {
        const { rows } = await client.query<{ name: string }>(
          'select pg_walfile_name(pg_current_wal_lsn()) as name',
        )
        await client.query('select pg_switch_wal()')
        return rows[0]?.name ?? ''
      })
      const fromMs = performance.now()
      while (!existsSync(join(backups, 'wal', `${segment}.zst`))) {
        if (performance.now() - fromMs > SHIPPED_MOST_MS) throw new Error(`${segment} was not shipped`)
        await pause(LOOK_MS)
      }
    },
    die: async () => {
      const dying = server.end('SIGKILL')
      postgres.kill('everything', () => 0)
      await dying
    },
    close: async () => {
      server.retire()
      await server.end('SIGTERM')
      endPostgres(data)
    },
  }
}

/** What whoever restores brings along: what is in no backup. */
export const bringKeys = (from: Life, to: Life): void => {
  mkdirSync(to.dataDir, { recursive: true, mode: 0o711 })
  copyFileSync(join(from.dataDir, 'audit-anchor.key'), join(to.dataDir, 'audit-anchor.key'))
  cpSync(join(from.dataDir, 'audit-anchors'), join(to.dataDir, 'audit-anchors'), { recursive: true })
}
