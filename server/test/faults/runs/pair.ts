import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type TestDatabase, withDatabase } from '../../support/postgres.ts'
import { type Supervisor, supervise } from '../processes/supervisor.ts'
import type { Reading } from './run.ts'
import { makeFolder, tenantOfKey } from './site.ts'
import type { Scene } from './under-load.ts'

/**
 * Two servers on one database, of which the first made the tenants. PostgreSQL is not killed here, so the database is
 * the one that all tests share, and durability is off.
 */
export type Pair = Scene & {
  readonly adminUrl: string
  readonly servers: readonly [Supervisor, Supervisor]
  readonly reading: Reading
  readonly close: () => Promise<void>
}

export type PairOptions = {
  /** Opens another way to the database for the first server; its URL for the app's role. */
  readonly openProxy?: (database: TestDatabase) => Promise<string>
}

/** What a server on the shared test database is told. */
export const settingsFor = (
  database: Pick<TestDatabase, 'adminUrl'>,
  folder: string,
): Record<string, string> => ({
  DATABASE_URL: database.adminUrl,
  DATA_DIR: join(folder, 'data'),
  EVENKEEL_TEST_UNSAFE_DATABASE: '1',
})

const endAll = async (servers: readonly Supervisor[]): Promise<void> => {
  for (const server of servers) server.retire()
  await Promise.all(servers.map((server) => server.end('SIGTERM')))
}

export const openPair = async (options: PairOptions = {}): Promise<Pair> => {
  const folder = makeFolder()
  const work = join(folder, 'work')
  mkdirSync(work)
  const database = await withDatabase()
  const servers: Supervisor[] = []
  const close = async (): Promise<void> => {
    await endAll(servers)
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const settings = settingsFor(database, folder)
    const proxied = await options.openProxy?.(database)
    const appUrl: Record<string, string> = proxied === undefined ? {} : { DATABASE_APP_URL: proxied }
    const first = supervise({ settings: { ...settings, ...appUrl }, folder: work })
    const { apiKey } = await first.start()
    servers.push(first)
    if (apiKey === null) throw new Error('the first server printed no key')
    const second = supervise({ settings, folder: work, apiKey })
    await second.start()
    servers.push(second)
    const tenant = await tenantOfKey(database.readerUrl, apiKey.slice(-4))
    const reading: Reading = { readerUrl: database.readerUrl, tenant, durability: 'noted' }
    return { folder, adminUrl: database.adminUrl, servers: [first, second], reading, close }
  } catch (error) {
    await close()
    throw error
  }
}
