import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { expectSound } from './runs/expect.ts'
import { killPostgres } from './runs/kill-postgres.ts'
import { killServer } from './runs/kill-server.ts'
import { openSite, type Site } from './runs/site.ts'
import { stopServer } from './runs/stop-server.ts'
import { AMOUNTS, testSize } from './size.ts'

const amounts = AMOUNTS[testSize()]
const quiet = (): void => undefined

let site: Site
before(async () => {
  site = await openSite()
})
after(async () => {
  await site.close()
})

test('kill -9 of the server under load loses and doubles nothing', async (t) => {
  const tally = await killServer(site, amounts.serverKills, quiet)
  expectSound(t, tally, amounts.serverKills)
  assert.ok(tally.unknown > 0, 'no request was open when the server was killed')
})

test('kill -9 of PostgreSQL under load loses and doubles nothing, and the server heals by itself', async (t) => {
  expectSound(t, await killPostgres(site, 'everything', amounts.postgresKills, quiet), amounts.postgresKills)
})

test('kill -9 of a backend of PostgreSQL loses and doubles nothing', async (t) => {
  expectSound(t, await killPostgres(site, 'backend', amounts.backendKills, quiet), amounts.backendKills)
})

test('SIGTERM under load ends within five seconds, loses nothing, and the next start goes on', async (t) => {
  expectSound(t, await stopServer(site, amounts.stops, quiet), amounts.stops)
})
