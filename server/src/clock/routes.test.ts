import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { buildServer, createRegistry, type Principal } from '../http/index.ts'
import type { TenantId } from '../kit/index.ts'
import { clockErrors } from './core/reasons.ts'
import { routesOf } from './routes.ts'

const clock = { now: () => 0 }
const quiet = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quiet,
}

const principalOf = (mode: Principal['mode']): Principal => ({
  tenant: 1 as TenantId,
  mode,
  keyId: 'key_1',
  kind: 'secret',
  permissions: 'all',
  person: null,
})

let submitted = 0
const app = buildServer({
  routes: routesOf({
    read: async (_tenant, statements) => statements.map(() => []),
    commit: {
      submit: async () => {
        submitted++
        throw new Error('nothing is committed here')
      },
      waiting: () => 0,
      observe: () => undefined,
      drain: async () => undefined,
    },
    clock,
  }),
  authenticate: (key) => principalOf(key === 'live' ? 'live' : 'test'),
  wall: clock,
  log: quiet,
  registry: createRegistry(),
  metricsKey: null,
  ready: () => ({ ready: true, checks: {} }),
  info: { title: 'Clock', version: '1.0.0', description: 'The clock, for its tests.' },
  errors: clockErrors,
  checkAnswers: true,
})
after(() => app.close())

const take = (key: string) =>
  app.inject({
    method: 'POST',
    url: '/v1/test_helpers/test_clocks',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'frozen_time=1795000000',
  })

test('the clock of live books is never taken in hand', async () => {
  const response = await take('live')
  const { error } = response.json() as { error: { code: string } }
  assert.deepEqual([response.statusCode, error.code, submitted], [400, 'test_clock_in_live', 0])
  assert.equal((await take('test')).statusCode, 500)
  assert.equal(submitted, 1)
})
