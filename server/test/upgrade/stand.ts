import assert from 'node:assert/strict'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { READER } from '../../src/database/connect/owner.ts'
import { withLogin } from '../../src/database/connect/url.ts'
import { openPlatform, parseConfiguration } from '../../src/main/index.ts'
import { rolePassword } from '../../src/vault/index.ts'
import type { Place, Target } from '../faults/load/send.ts'
import { type Supervisor, supervise } from '../faults/processes/supervisor.ts'
import { settingsFor } from '../faults/runs/pair.ts'
import type { Reading } from '../faults/runs/run.ts'
import { makeFolder, tenantOfKey } from '../faults/runs/site.ts'
import { TEST_MASTER_KEY_TEXT, testMasterKey, withEmptyDatabase } from '../support/postgres.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { unpackLastRelease } from './last-release.ts'

/** Longer than any test: a test ends it when it has seen what it wanted, however slow the machine is. */
const DRAIN_SECONDS = '120'

/** One database, made by the release before, and servers of both releases behind a balancer. */
export type Stand = {
  readonly folder: string
  readonly adminUrl: string
  readonly reading: Reading
  readonly balancer: Balancer
  /** The release before, which made the database and is running. */
  readonly release: Supervisor
  /** The balancer, as clients see it. */
  readonly target: Target
  readonly place: Place
  /** One more server of this release; it is not started yet. */
  readonly fresh: () => Supervisor
  /** Starts it and waits until requests are sent to it. */
  readonly join: (name: string, server: Supervisor) => Promise<void>
  /** Everything that `evenkeel verify` of this release proves. */
  readonly expectProven: () => Promise<void>
  readonly close: () => Promise<void>
}

type Built = Omit<Stand, 'close' | 'reading' | 'place' | 'target' | 'release'>

const readingOf = async (adminUrl: string, apiKey: string): Promise<Reading> => {
  const readerUrl = withLogin(adminUrl, READER, rolePassword(testMasterKey, 'reader'))
  return {
    readerUrl,
    tenant: await tenantOfKey(readerUrl, apiKey.slice(-4)),
    durability: 'noted',
    alsoPays: true,
  }
}

const expectProven = async (settings: Readonly<Record<string, string>>): Promise<void> => {
  const configuration = parseConfiguration({
    ...settings,
    MASTER_KEY: TEST_MASTER_KEY_TEXT,
    LOG_LEVEL: 'silent',
  })
  const tools = await openPlatform({ as: 'tool', configuration })
  try {
    const { checks } = await tools.verify({}, () => undefined)
    assert.ok(checks.length > 0)
    assert.deepEqual(
      checks.filter(({ ok }) => !ok).map(({ name, findings }) => [name, findings[0]]),
      [],
    )
  } finally {
    await tools.close()
  }
}

const build = async (
  { folder, adminUrl }: { folder: string; adminUrl: string },
  servers: Supervisor[],
): Promise<Built & { readonly startRelease: () => Promise<Supervisor> }> => {
  const work = join(folder, 'work')
  mkdirSync(work)
  const settings = settingsFor({ adminUrl }, folder)
  const balancer = await startBalancer()
  const last = unpackLastRelease(folder)
  let apiKey: string | null = null
  const joinIn = async (name: string, server: Supervisor): Promise<void> => {
    const started = await server.start()
    apiKey ??= started.apiKey
    balancer.put(name, started.address)
    await balancer.sees(name, true)
  }
  return {
    folder,
    adminUrl,
    balancer,
    join: joinIn,
    expectProven: () => expectProven(settings),
    fresh: () => {
      const key = apiKey === null ? {} : { apiKey }
      const server = supervise({ settings: { ...settings, DRAIN_SECONDS }, folder: work, ...key })
      servers.push(server)
      return server
    },
    startRelease: async () => {
      const server = supervise({ settings, folder: work, entry: last.entry })
      servers.push(server)
      await joinIn('release', server)
      return server
    },
  }
}

export const openStand = async (): Promise<Stand> => {
  const folder = makeFolder()
  const database = await withEmptyDatabase()
  const servers: Supervisor[] = []
  let balancer: Balancer | null = null
  const close = async (): Promise<void> => {
    for (const server of servers) server.retire()
    await Promise.all(servers.map((server) => server.end('SIGINT')))
    await balancer?.close()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const { startRelease, ...built } = await build({ folder, adminUrl: database.url }, servers)
    balancer = built.balancer
    const release = await startRelease()
    const { apiKey } = release.place()
    const place: Place = { address: built.balancer.address, apiKey }
    const reading = await readingOf(database.url, apiKey)
    return { ...built, release, place, reading, target: { up: () => Promise.resolve(place) }, close }
  } catch (error) {
    await close()
    throw error
  }
}
