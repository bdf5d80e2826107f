// The other end of `empty_…`: our HTTP layer with nothing behind it. A program of its own, as the server is.

import { readFileSync } from 'node:fs'
import { allRoutes, openBarePlatform, type Platform, parseConfiguration } from '@evenkeel/server'
import { buildServer, createRegistry, type Route } from '../../../server/src/http/index.ts'
import { assert, type Reply } from '../../../server/src/kit/index.ts'

/** A route with its schemas, permission and idempotency, but for what it does. */
const emptied = (platform: Platform, path: string, body: string): Route => {
  const route = allRoutes(platform).find((each) => each.method === 'POST' && each.path === path)
  assert(route !== undefined, `there is a route POST ${path}`)
  const reply: Reply = { status: 200, body, objectId: null, code: null }
  return { ...route, handle: () => reply }
}

const [answerFile = '', path = ''] = process.argv.slice(2)
const { DATA_DIR, PORT } = process.env
const configuration = parseConfiguration({ DATA_DIR, PORT })
const platform = await openBarePlatform({ as: 'tool', configuration })
const app = buildServer({
  routes: [emptied(platform, path, readFileSync(answerFile, 'utf8'))],
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
