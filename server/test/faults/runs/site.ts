import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DATABASE, HOST } from '../../../src/database/cluster/site.ts'
import { READER, withClient } from '../../../src/database/connect/owner.ts'
import { withLogin } from '../../../src/database/connect/url.ts'
import { rolePassword } from '../../../src/vault/index.ts'
import { testMasterKey } from '../../support/postgres.ts'
import { endPostgres, type Postgres, postgresOf } from '../processes/postgres.ts'
import { type Supervisor, supervise } from '../processes/supervisor.ts'
import type { Reading } from './run.ts'
import type { Scene } from './under-load.ts'

/** A folder of the run's own, which PostgreSQL's user may pass through and nobody else may read. */
export const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-faults-'))
  chmodSync(folder, 0o711)
  return folder
}

export const tenantOfKey = async (readerUrl: string, keyEnd: string): Promise<number> =>
  withClient(readerUrl, async (client) => {
    const statement = 'select tenant from tenants.api_keys where last4 = $1'
    const { rows } = await client.query<{ tenant: number }>(statement, [keyEnd])
    const [row] = rows
    if (row === undefined || rows.length !== 1) throw new Error('the API key is not in the database')
    return row.tenant
  })

/** A server with its embedded cluster, everything on, as `npm start` makes it: what is confirmed is on the disk. */
export type Site = {
  readonly folder: string
  readonly server: Supervisor
  readonly postgres: Postgres
  readonly reading: Reading
  readonly close: () => Promise<void>
}

export const sceneOf = ({ folder, reading, server }: Site): Scene => ({ folder, reading, servers: [server] })

export const readerUrlAt = (port: number): string =>
  withLogin(`postgresql://${HOST}:${port}/${DATABASE}`, READER, rolePassword(testMasterKey, 'reader'))

export const openSite = async (folder: string = makeFolder()): Promise<Site> => {
  const work = join(folder, 'work')
  mkdirSync(work)
  const dataFolder = join(folder, 'data', 'postgres', 'data')
  const server = supervise({ settings: { DATA_DIR: join(folder, 'data') }, folder: work })
  const close = async (): Promise<void> => {
    server.retire()
    await server.end('SIGTERM')
    endPostgres(dataFolder)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const started = await server.start()
    const postgres = postgresOf(dataFolder)
    const port = postgres.find()?.port
    if (port === undefined) throw new Error(`no PostgreSQL runs in ${dataFolder}`)
    const readerUrl = readerUrlAt(port)
    const tenant = await tenantOfKey(readerUrl, started.apiKey?.slice(-4) ?? '')
    return { folder, server, postgres, reading: { readerUrl, tenant, durability: 'required' }, close }
  } catch (error) {
    await close()
    throw error
  }
}
