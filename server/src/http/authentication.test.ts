import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { TenantId } from '../kit/index.ts'
import {
  checkPermission,
  type Permission,
  type PersonRole,
  type Principal,
  personMay,
  redactKey,
} from './authentication.ts'
import {
  errorOf,
  LIVE_KEY,
  openDoor,
  PUBLISHABLE_KEY,
  READER_KEY,
  SECRET_KEY,
  seen,
  things,
} from './test-door.ts'

const basic = (user: string, password = ''): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

describe('keys', () => {
  const { app } = openDoor()
  after(() => app.close())
  const get = (authorization: string | undefined) =>
    app.inject({
      method: 'GET',
      url: '/v1/things',
      headers: authorization === undefined ? {} : { authorization },
    })

  it('are taken as bearer token and as user name of basic authentication', async () => {
    for (const authorization of [`Bearer ${SECRET_KEY}`, `bearer ${SECRET_KEY}`, basic(SECRET_KEY)]) {
      assert.equal((await get(authorization)).statusCode, 200)
    }
  })

  it('say whose books, and whether they are live', async () => {
    const headers = { authorization: `Bearer ${LIVE_KEY}` }
    await app.inject({ method: 'POST', url: '/v1/things', headers, payload: { amount: 5 } })
    assert.deepEqual([seen.at(-1)?.tenant, seen.at(-1)?.mode], [2, 'live'])
  })

  it('are asked for in Stripe’s words when there is none', async () => {
    for (const authorization of [undefined, '', 'Bearer ', basic('')]) {
      const response = await get(authorization)
      assert.deepEqual(
        [response.statusCode, response.headers['www-authenticate']],
        [401, 'Bearer realm="api"'],
      )
      const { type, message } = errorOf(response)
      assert.equal(type, 'invalid_request_error')
      assert.match(
        message,
        /^You did not provide an API key\. You need to provide your API key in the Authorization header/,
      )
    }
  })

  it('are shown by their last four characters when they are unknown', async () => {
    const response = await get('Bearer sk_test_7_abcdefghijklmnopWXYZ')
    assert.equal(response.statusCode, 401)
    assert.equal(errorOf(response).message, 'Invalid API Key provided: sk_test_******************WXYZ')
    assert.equal(errorOf(await get(basic('nonsense'))).message, 'Invalid API Key provided: ********')
  })

  it('are never shown whole', () => {
    for (const key of [
      'sk_test_',
      'sk_test_abc',
      'x',
      'sk_live_<script>alert(1)</script>',
      'a\u00ffb'.repeat(9),
      'sk_test_12345678',
    ]) {
      const shown = redactKey(key)
      assert.match(shown, /^(?:[a-z]{2}_(?:test|live)_)?\**\w{0,4}$/)
      assert.equal(key.length > 8 && shown === key, false)
    }
  })

  it('are refused in any other form', async () => {
    for (const authorization of [
      SECRET_KEY,
      'Digest x',
      `Token ${SECRET_KEY}`,
      basic(SECRET_KEY, 'password'),
      'Basic !!!',
      'Basic',
    ]) {
      assert.equal((await get(authorization)).statusCode, 401, authorization)
    }
  })
})

describe('permissions', () => {
  const { app } = openDoor()
  after(() => app.close())

  const keys = [
    ['no key', '', () => 401],
    ['an unknown key', 'sk_test_1_unknownunknownunknown', () => 401],
    ['a publishable key', PUBLISHABLE_KEY, () => 403],
    ['a restricted key', READER_KEY, (permission: string) => (permission === 'things.read' ? 0 : 403)],
    ['a secret key', SECRET_KEY, () => 0],
  ] as const

  for (const route of things) {
    for (const [who, key, expected] of keys) {
      it(`${route.method} ${route.path} is asked before anything else: ${who}`, async () => {
        const before = seen.length
        // Whatever else is wrong with a request, who may not use the route is told nothing else about it.
        const { statusCode } = await app.inject({
          method: route.method,
          url: `${route.path}?unknown=1`,
          headers: {
            ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
            'content-type': 'text/plain',
            'idempotency-key': 'k',
          },
          ...(route.method === 'POST' ? { payload: '{"a' } : {}),
        })
        const status = expected(route.permission)
        if (status === 0) assert.ok(statusCode === 400 || statusCode === 415)
        else assert.equal(statusCode, status)
        assert.equal(seen.length, before)
      })
    }
  }

  it('of a person follow from the role, and money is nobody’s', () => {
    const allowed = (role: PersonRole) =>
      (['payments.read', 'audit.read', 'launches.write', 'payments.write', 'ledger.write'] as const).filter(
        (permission) => personMay(role, permission),
      )
    assert.deepEqual(allowed('viewer'), ['payments.read', 'audit.read'])
    for (const role of ['operator', 'business', 'technology'] as const)
      assert.deepEqual(allowed(role), ['payments.read', 'audit.read', 'launches.write'], role)
  })

  it('of a person are explained in words about the person', () => {
    const principal = (role: PersonRole): Principal => ({
      tenant: 1 as TenantId,
      mode: 'test',
      keyId: 'key_1',
      kind: 'person',
      permissions: new Set(),
      person: { id: 'person_1', name: 'Ada', role, createdMs: 0 },
    })
    const ask = (role: PersonRole, permission: Permission) =>
      checkPermission(principal(role), { permission, publishable: false }, 'uk_test_x')?.message ?? null
    assert.equal(ask('viewer', 'payments.read'), null)
    assert.equal(ask('operator', 'launches.write'), null)
    assert.match(ask('viewer', 'launches.write') ?? '', /^The key is Ada's, whose role 'viewer' only reads\./)
    assert.match(
      ask('business', 'payments.write') ?? '',
      /people's keys have no 'payments\.write' permission/,
    )
  })

  it('are named when they are missing', async () => {
    const response = await app.inject({
      method: 'POST',
      url: '/v1/things',
      headers: { authorization: `Bearer ${READER_KEY}` },
    })
    const { code, message, type } = errorOf(response)
    assert.deepEqual([code, type], ['permission_missing', 'invalid_request_error'])
    assert.match(
      message,
      /^The provided key 'rk_test_\*+ader' does not have the required permissions for this endpoint\. Having the 'things\.write' permission/,
    )
  })

  it('are never enough on a publishable key', async () => {
    const response = await app.inject({
      method: 'POST',
      url: '/v1/things',
      headers: { authorization: `Bearer ${PUBLISHABLE_KEY}` },
    })
    assert.equal(errorOf(response).code, 'secret_key_required')
    assert.match(errorOf(response).message, /^This API call cannot be made with a publishable API key\./)
  })
})

describe('looking up keys', () => {
  it('may take its time, and may fail', async () => {
    const later = openDoor({ authenticate: async () => null })
    const headers = { authorization: `Bearer ${SECRET_KEY}` }
    assert.equal((await later.app.inject({ url: '/v1/things', headers })).statusCode, 401)
    await later.app.close()
    const failing = [
      () => Promise.reject(new Error('no')),
      () => {
        throw new Error('no')
      },
    ]
    for (const authenticate of failing) {
      const { app } = openDoor({ authenticate })
      assert.equal((await app.inject({ url: '/v1/things', headers })).statusCode, 500)
      await app.close()
    }
  })
})
