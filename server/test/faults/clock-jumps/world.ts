import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { withClient } from '../../../src/database/index.ts'
import { withDatabase } from '../../support/postgres.ts'
import { supervise } from '../processes/supervisor.ts'
import { settingsFor } from '../runs/pair.ts'
import { makeFolder, tenantOfKey } from '../runs/site.ts'
import type { Scene } from '../runs/under-load.ts'

/** A server whose clocks, its database's and its own, can be set. */
export type ClockWorld = Scene & {
  readonly adminUrl: string
  /** How far the clock is wrong from now on, in milliseconds. */
  readonly setDatabase: (wrongByMs: number) => Promise<void>
  readonly setServer: (wrongByMs: number) => void
  readonly close: () => Promise<void>
}

/**
 * The app asks for the time by one name, and finds this function under it. Whatever it does with the answer is its own.
 * So a test can move the clock on any machine and for its own database alone.
 */
const plant = (name: string): string => `
create schema faked;
create table faked.clock (wrong_by interval not null);
insert into faked.clock values ('0');
create function faked.clock_timestamp() returns timestamptz language sql volatile
  as 'select pg_catalog.clock_timestamp() + wrong_by from faked.clock';
grant usage on schema faked to evenkeel_app;
grant select on faked.clock to evenkeel_app;
alter role evenkeel_app in database ${name} set search_path = faked, pg_catalog, public`

const PRELOADED = pathToFileURL(join(import.meta.dirname, 'wall.ts')).href

export const openClockWorld = async (): Promise<ClockWorld> => {
  const folder = makeFolder()
  const work = join(folder, 'work')
  mkdirSync(work)
  const wall = join(folder, 'wall')
  const setServer = (wrongByMs: number): void => writeFileSync(wall, String(wrongByMs))
  setServer(0)
  const database = await withDatabase()
  const { adminUrl } = database
  await withClient(adminUrl, (client) => client.query(plant(database.name)))
  const server = supervise({
    settings: {
      ...settingsFor(database, folder),
      NODE_OPTIONS: `--import=${PRELOADED}`,
      EVENKEEL_TEST_WALL: wall,
    },
    folder: work,
  })
  const close = async (): Promise<void> => {
    server.retire()
    await server.end('SIGTERM')
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const { apiKey } = await server.start()
    const tenant = await tenantOfKey(database.readerUrl, apiKey?.slice(-4) ?? '')
    return {
      folder,
      adminUrl,
      servers: [server],
      reading: { readerUrl: database.readerUrl, tenant, durability: 'noted' },
      setDatabase: (wrongByMs) =>
        withClient(adminUrl, async (client) => {
          await client.query(`update faked.clock set wrong_by = $1 * interval '1 millisecond'`, [wrongByMs])
        }),
      setServer,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
