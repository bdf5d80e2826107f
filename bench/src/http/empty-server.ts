// The other end of `empty_…`: our HTTP layer with nothing behind it. A program of its own, as the server is.

import { readFileSync } from 'node:fs'
import { openBarePlatform, type Platform, parseConfiguration } from '@evenkeel/server'
import { buildServer, createRegistry, type Route } from '../../../server/src/http/index.ts'
import { assert, type Reply } from '../../../server/src/kit/index.ts'
import { routesOf } from '../../../server/src/ledger/index.ts'
import { TRANSFERS_PATH } from './requests.ts'

/** The route that makes a transfer, with its schemas, permission and idempotency, but for what it does. */
const emptied = (platform: Platform, body: string): Route => {
  const route = routesOf(platform).find(({ method, path }) => method === 'POST' && path === TRANSFERS_PATH)
  assert(route !== undefined, 'there is a route that makes a transfer')
  const reply: Reply = { status: 200, body, objectId: null, code: null }
  return { ...route, handle: () => reply }
}

const [answerFile = ''] = process.argv.slice(2)
const { DATA_DIR, PORT } = process.env
const configuration = parseConfiguration({ DATA_DIR, PORT })
const platform = await openBarePlatform({ as: 'tool', configuration })
const app = buildServer({
  routes: [emptied(platform, readFileSync(answerFile, 'utf8'))],
  authenticate: platform.tenants.authenticate,
  wall: platform.clock,
  log: platform.log,
  registry: createRegistry(),
  metricsKey: null,
  ready: () => ({ ready: true, checks: {} }),
  info: { title: 'Empty', version: '1', description: 'Answers and does nothing.' },
  errors: {},
})
process.on('SIGTERM', () => {
  void app
    .close()
    .then(() => platform.close())
    .then(() => process.exit(0))
})
process.stdout.write(`${await app.listen({ host: configuration.host, port: configuration.port })}\n`)
