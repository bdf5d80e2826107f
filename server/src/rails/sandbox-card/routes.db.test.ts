import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type AcquirerWorld, openAcquirer } from '../../../test/support/acquirer.ts'
import { buildServer, createRegistry, type Principal } from '../../http/index.ts'
import type { TenantId } from '../../kit/index.ts'

let world: AcquirerWorld
let app: ReturnType<typeof buildServer>

const principal = (tenant: TenantId, mode: 'live' | 'test'): Principal => ({
  tenant,
  mode,
  keyId: 'key',
  kind: 'secret',
  permissions: 'all',
  person: null,
})

const nobody = () => undefined
const log = { info: nobody, warn: nobody, error: nobody, child: () => log }

before(async () => {
  world = await openAcquirer()
  const principals = new Map([
    ['sk_own', principal(world.tenant, 'test')],
    ['sk_other', principal(8 as TenantId, 'test')],
    ['sk_live', principal(world.tenant, 'live')],
  ])
  app = buildServer({
    routes: world.acquirer.routes,
    pages: world.acquirer.pages,
    authenticate: (key) => principals.get(key) ?? null,
    wall: { now: () => Date.now() },
    log,
    registry: createRegistry(),
    metricsKey: null,
    ready: () => ({ ready: true, checks: {} }),
    info: { title: 'Rails', version: '1', description: 'Rails.', faults: {} },
    errors: {},
    checkAnswers: true,
  })
})
after(async () => {
  await world.close()
  await app.close()
})

const FORM = 'application/x-www-form-urlencoded'

const call = async (method: 'GET' | 'POST', url: string, payload = '', key = 'sk_own') => {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(payload === '' ? {} : { 'content-type': FORM }),
  }
  const answer = await app.inject({ method, url, headers, ...(payload === '' ? {} : { payload }) })
  return { status: answer.statusCode, body: answer.json() }
}

let orders = 0
const asked = async (): Promise<string> => {
  const outcome = await world.acquirer.rail.authorise({
    tenant: world.tenant,
    reference: `order ${orders++}`,
    token: world.token('threeDSecure2Required'),
    amount: 1_500n,
    currency: 'EUR',
    capture: 'automatic',
    offSession: false,
    authentication: null,
    threeDSecure: 'automatic',
    statementDescriptor: null,
    isVerification: false,
  })
  assert.ok(outcome.kind === 'requires_action')
  return outcome.authentication
}

const KNOBS = '/v1/test_helpers/rails/sandbox-card'

test('knobs are shown, set one by one, and refused when they make no sense', async () => {
  assert.equal((await call('GET', KNOBS)).body.latency_ms, 0)
  assert.equal((await call('POST', KNOBS, 'latency_ms=5')).status, 200)
  const set = await call('POST', KNOBS, 'unknown_rate=500')
  assert.deepEqual([set.body.latency_ms, set.body.unknown_rate], [5, 500])
  assert.equal((await call('GET', KNOBS, '', 'sk_other')).body.latency_ms, 0)
  for (const bad of ['latency_ms=-1', 'unknown_rate=1001', 'decline_rate=often', 'speed=1'])
    assert.equal((await call('POST', KNOBS, bad)).status, 400, bad)
  assert.equal((await call('POST', KNOBS, 'latency_ms=0&unknown_rate=0')).status, 200)
})

test('each rail has knobs of its own, and there are no others', async () => {
  const express = '/v1/test_helpers/rails/sandbox-express'
  assert.equal((await call('POST', express, 'refuse_rate=300&double_post_rate=7')).status, 200)
  const shown = (await call('GET', express)).body
  assert.deepEqual([shown.id, shown.refuse_rate, shown.double_post_rate], ['sandbox-express', 300, 7])
  const other = (await call('GET', KNOBS)).body
  assert.deepEqual([other.id, other.refuse_rate], ['sandbox-card', 0])
  assert.equal((await call('POST', express, 'refuse_rate=0&double_post_rate=0')).body.refuse_rate, 0)
  const nothing = await call('POST', '/v1/test_helpers/rails/sandbox-fax', 'latency_ms=1')
  assert.deepEqual([nothing.status, nothing.body.error.code], [404, 'resource_missing'])
  assert.equal((await call('GET', '/v1/test_helpers/rails/sandbox-fax')).status, 404)
})

test('an authentication is answered by its own tenant, once; a live key is refused', async () => {
  const url = `/v1/test_helpers/authentications/${await asked()}`
  assert.equal((await call('POST', `${url}/complete`, '', 'sk_other')).status, 404)
  const live = await call('POST', `${url}/complete`, '', 'sk_live')
  assert.deepEqual([live.status, live.body.error.code], [400, 'sandbox_only'])
  assert.equal((await call('POST', `${url}/complete`)).body.status, 'succeeded')
  assert.equal((await call('POST', `${url}/fail`)).body.status, 'succeeded')
  const nothing = await call('POST', '/v1/test_helpers/authentications/nothing/fail')
  assert.deepEqual([nothing.status, nothing.body.error.code], [404, 'resource_missing'])
})

test('the page is shown without a key, loads nothing, and its form leads back', async () => {
  const url = `/sandbox/authentications/${await asked()}`
  const shown = await app.inject({
    method: 'GET',
    url: `${url}?return_url=https%3A%2F%2Fshop.example%2Fdone`,
  })
  assert.equal(shown.statusCode, 200)
  assert.match(String(shown.headers['content-type']), /^text\/html/)
  assert.match(String(shown.headers['content-security-policy']), /^default-src 'none'; style-src 'sha256-/)
  assert.match(shown.body, /15\.00 EUR/)
  assert.equal(/(?:src|href)=/.test(shown.body), false)
  const payload = 'result=complete&return_url=https%3A%2F%2Fshop.example%2Fdone'
  const answered = await app.inject({ method: 'POST', url, headers: { 'content-type': FORM }, payload })
  const back = 'https://shop.example/done?redirect_status=succeeded'
  assert.deepEqual([answered.statusCode, answered.headers.location], [303, back])
  const later = await app.inject({ method: 'GET', url })
  assert.match(later.body, /You are authenticated/)
  const missing = await app.inject({ method: 'GET', url: '/sandbox/authentications/nothing' })
  assert.equal(missing.statusCode, 404)
})

test('a form that is too large, or is none, is refused', async () => {
  const url = `/sandbox/authentications/${await asked()}`
  const large = await app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': FORM },
    payload: `result=${'x'.repeat(10_000)}`,
  })
  assert.equal(large.statusCode, 413)
  const json = await app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    payload: '{}',
  })
  assert.equal(json.statusCode, 415)
})

test('a settlement is shown with its file', async () => {
  await world.acquirer.rail.authorise({
    tenant: world.tenant,
    reference: 'settled',
    token: world.token('visa'),
    amount: 1_000n,
    currency: 'EUR',
    capture: 'automatic',
    offSession: false,
    authentication: null,
    threeDSecure: 'automatic',
    statementDescriptor: null,
    isVerification: false,
  })
  const [told] = (await world.listen(2 * 86_400)).filter((one) => one.type === 'settlement')
  assert.ok(told !== undefined)
  const { status, body } = await call('GET', `/v1/test_helpers/settlements/${told.id}`)
  assert.equal(status, 200)
  assert.deepEqual([body.gross, body.cost, body.net, body.lines], [1_000, 10, 990, 1])
  assert.match(body.file.content, /,settled,capture,1000,10,990\n/)
  assert.equal((await call('GET', `/v1/test_helpers/settlements/${told.id}`, '', 'sk_other')).status, 404)
})
