import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { Fault } from '../kit/index.ts'
import { ask, errorOf, FORM_TYPE, JSON_TYPE, openDoor, post, seen } from './test-door.ts'

describe('answers', () => {
  const { app, lines } = openDoor()
  after(() => app.close())

  it('come with an id, and with headers for programs', async () => {
    const { statusCode, headers } = await post(app, { amount: 5 })
    assert.equal(statusCode, 200)
    assert.equal(headers['content-type'], 'application/json')
    assert.match(String(headers['request-id']), /^req_[0-9a-f]{24}$/)
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'")
    assert.equal('idempotent-replayed' in headers, false)
  })

  it('say when they were given before', async () => {
    const { headers } = await post(app, { amount: 5, name: 'again' })
    assert.equal(headers['idempotent-replayed'], 'true')
  })

  it('send a stored reply as it is', async () => {
    const response = await post(app, { amount: 5, name: 'sold' })
    assert.equal(response.statusCode, 400)
    const expected = {
      type: 'invalid_request_error',
      code: 'thing_is_sold',
      message: 'The thing is sold.',
      param: 'name',
      doc_url: '/errors#thing_is_sold',
    }
    assert.deepEqual(errorOf(response), expected)
  })

  it('echo Stripe-Version, and refuse what is none', async () => {
    for (const version of ['2026-10-28', '2026-10-28.endive']) {
      const { headers } = await post(app, { amount: 5 }, { 'stripe-version': version })
      assert.equal(headers['stripe-version'], version)
    }
    for (const version of ['2026', 'latest', '2026-10-28.', '2026-10-28.Endive', '2026-10-28\t.x']) {
      const response = await post(app, { amount: 5 }, { 'stripe-version': version })
      assert.equal(errorOf(response).code, 'stripe_version_invalid')
      assert.equal('stripe-version' in response.headers, false)
    }
  })

  const faults = [
    ['away', 503, 'database_unavailable', 'api_error', '2'],
    ['full', 429, 'queue_full', 'invalid_request_error', '1'],
    ['busy', 409, 'idempotency_key_in_use', 'idempotency_error', '1'],
  ] as const
  for (const [name, status, code, type, retryAfter] of faults) {
    it(`say of a fault (${code}) that the same key may be tried again`, async () => {
      const response = await post(app, { amount: 5, name }, { 'idempotency-key': 'k' })
      const error = errorOf(response)
      assert.deepEqual([response.statusCode, error.code, error.type], [status, code, type])
      assert.match(error.message, /It is safe to retry with the same Idempotency-Key\.$/)
      assert.equal(response.headers['retry-after'], retryAfter)
      assert.equal(response.headers['stripe-should-retry'], 'true')
    })
  }

  it('do not call a write without a key safe to repeat when its outcome is not known', async () => {
    const response = await post(app, { amount: 5, name: 'away' })
    assert.match(errorOf(response).message, /look whether it took effect/)
    assert.equal(response.headers['stripe-should-retry'], 'false')
    const full = await post(app, { amount: 5, name: 'full' })
    assert.match(errorOf(full).message, /It is safe to send the request again/)
  })

  it('say nothing of a bug but its number, which is logged with the stack', async () => {
    const response = await post(app, { amount: 5, name: 'bug' })
    assert.equal(response.statusCode, 500)
    assert.equal(response.body.includes('secret'), false)
    const id = String(response.headers['request-id'])
    assert.ok(errorOf(response).message.includes(id))
    const line = lines.find(({ level, fields }) => level === 'error' && fields['request_id'] === id)
    assert.match(
      String(line?.fields['err'] instanceof Error && line.fields['err'].stack),
      /the secret of the bug/,
    )
  })

  it('are a fault where main knows the error that was thrown, as those of the database', async () => {
    const known = openDoor({
      faultOf: () =>
        new Fault('The disk is full.', { kind: 'unavailable', code: 'database_full', retryAfterS: 5 }),
    })
    const response = await ask(known.app, {
      method: 'POST',
      url: '/v1/things',
      payload: { amount: 5, name: 'bug' },
    })
    await known.app.close()
    assert.deepEqual([response.statusCode, errorOf(response).code], [503, 'database_full'])
    assert.equal(response.headers['retry-after'], '5')
  })

  it('are compared with their schema where that is asked for', async () => {
    const response = await post(app, { amount: 5, name: 'odd' })
    assert.equal(response.statusCode, 500)
  })

  it('leave one line in the log, of named fields only', async () => {
    lines.length = 0
    await post(
      app,
      { amount: 5, metadata: { pan: '4242424242424242' } },
      { 'idempotency-key': 'secret-key-of-mine' },
    )
    await ask(app, { method: 'GET', url: '/v1/things/th_1?secret=1' })
    assert.equal(lines.length, 2)
    const [first, second] = lines
    assert.deepEqual(Object.keys(first?.fields ?? {}), [
      'request_id',
      'method',
      'route',
      'status',
      'ms',
      'tenant',
      'key_id',
      'error_code',
    ])
    assert.equal(second?.fields['route'], '/v1/things/:id')
    assert.equal(/4242|secret|sk_test/.test(JSON.stringify(lines)), false)
  })
})

describe('bodies', () => {
  const { app } = openDoor()
  after(() => app.close())

  it('are read alike as JSON and as a form', async () => {
    const asJson = await post(app, { amount: 5, live: true, items: [{ x: 1 }], metadata: { a: 'b' } })
    const asForm = await post(app, 'amount=5&live=true&items[0][x]=1&metadata[a]=b')
    assert.equal(asForm.body, asJson.body)
    assert.deepEqual(seen.at(-1)?.body, seen.at(-2)?.body)
    assert.deepEqual(seen.at(-1)?.body, { amount: 5, live: true, items: [{ x: 1 }], metadata: { a: 'b' } })
  })

  it('may be empty, with a type or without', async () => {
    for (const headers of [{}, { 'content-type': FORM_TYPE }, { 'content-type': JSON_TYPE }]) {
      const response = await ask(app, { method: 'POST', url: '/v1/things', headers })
      assert.equal(errorOf(response).code, 'parameter_missing')
    }
  })

  it('are refused where there is none to be', async () => {
    for (const method of ['GET', 'DELETE'] as const) {
      const response = await ask(app, {
        method,
        url: '/v1/things/th_1',
        payload: 'a=1',
        headers: { 'content-type': FORM_TYPE },
      })
      assert.deepEqual([response.statusCode, errorOf(response).code], [400, 'body_unexpected'])
    }
  })

  it('are refused beyond their limit, which is the route’s', async () => {
    const padding = 'x'.repeat(300 * 1024)
    const large = await post(app, { amount: 5, name: padding })
    assert.deepEqual([large.statusCode, errorOf(large).code], [413, 'body_too_large'])
    const items = Array.from({ length: 8_000 }, () => ({ x: 1 }))
    const payload = `${JSON.stringify({ items })}${' '.repeat(300 * 1024)}`
    const batch = await ask(app, {
      method: 'POST',
      url: '/v1/batches',
      payload,
      headers: { 'content-type': JSON_TYPE },
    })
    assert.deepEqual([batch.statusCode, batch.json()], [200, { count: 8_000 }])
  })

  it('are JSON only where the route says so', async () => {
    const response = await ask(app, {
      method: 'POST',
      url: '/v1/batches',
      payload: 'items[0][x]=1',
      headers: { 'content-type': FORM_TYPE },
    })
    assert.deepEqual([response.statusCode, errorOf(response).code], [415, 'content_type_unsupported'])
  })

  it('say what the client did wrong before the handler is asked', async () => {
    const before = seen.length
    const response = await post(app, '{"amount":5.0}', { 'content-type': JSON_TYPE })
    assert.deepEqual(
      [errorOf(response).code, errorOf(response).param],
      ['parameter_invalid_integer', 'amount'],
    )
    assert.equal(seen.length, before)
  })
})

describe('query strings', () => {
  const { app } = openDoor()
  after(() => app.close())

  const refused: readonly (readonly [string, string, string | undefined])[] = [
    ['/v1/things?limt=5', 'parameter_unknown', 'limt'],
    ['/v1/things?limit=0', 'parameter_invalid_integer', 'limit'],
    ['/v1/things?limit=101', 'parameter_invalid_integer', 'limit'],
    ['/v1/things?limit=1e1', 'parameter_invalid_integer', 'limit'],
    ['/v1/things?limit=', 'parameter_invalid_empty', 'limit'],
    ['/v1/things?limit=1&limit=2', 'parameter_duplicate', 'limit'],
    ['/v1/things?starting_after=a&ending_before=b', 'parameters_exclusive', 'starting_after'],
    ['/v1/things?created[above]=5', 'parameter_unknown', 'created[above]'],
    ['/v1/things?created[gt]=x', 'parameter_invalid_integer', 'created[gt]'],
    ['/v1/things?live=%zz', 'form_invalid', undefined],
    ['/v1/things/th_1?expand[]=owner', 'parameter_invalid_expand', 'expand'],
    ['/v1/things?expand[]=owner', 'parameter_invalid_expand', 'expand'],
    ['/v1/things?expand[]=data.owner.zip', 'parameter_invalid_expand', 'expand'],
    ['/v1/things?expand[]=data.a.b.c.d', 'parameter_invalid_expand', 'expand'],
    ['/v1/things/th_1?a=1', 'parameter_unknown', 'a'],
  ]
  for (const [url, code, param] of refused) {
    it(`are refused: ${url}`, async () => {
      const response = await ask(app, { method: 'GET', url })
      const error = errorOf(response)
      assert.deepEqual([response.statusCode, error.code, error.param], [400, code, param])
    })
  }

  it('are not for POST', async () => {
    const response = await ask(app, { method: 'POST', url: '/v1/things?amount=5', payload: { amount: 5 } })
    assert.deepEqual([errorOf(response).code, errorOf(response).param], ['parameter_unknown', 'amount'])
  })

  it('expand what the route can expand, and what leads to it', async () => {
    const response = await post(app, 'amount=5&expand[]=owner.address')
    assert.equal(response.statusCode, 200)
    assert.deepEqual(seen.at(-1)?.expand, ['owner', 'owner.address'])
    const list = await ask(app, { method: 'GET', url: '/v1/things?expand[]=data.owner&limit=1' })
    assert.equal(list.statusCode, 200)
    const hint = await ask(app, { method: 'GET', url: '/v1/things?expand[]=owner' })
    assert.match(
      errorOf(hint).message,
      /^This property cannot be expanded \(owner\)\. You may want to try expanding 'data\.owner' instead\.$/,
    )
  })
})

describe('URLs that nothing is served at', () => {
  const { app } = openDoor()
  after(() => app.close())

  it('get Stripe’s 404', async () => {
    const response = await ask(app, { method: 'GET', url: '/v1/foo?bar=1' })
    assert.deepEqual(
      [response.statusCode, errorOf(response).message],
      [404, 'Unrecognized request URL (GET: /v1/foo).'],
    )
    assert.match(String(response.headers['request-id']), /^req_/)
  })

  it('get 405 where another method is served', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
      const response = await ask(app, { method, url: '/v1/things' })
      assert.equal(response.statusCode, 405)
      assert.match(errorOf(response).message, /This URL takes POST and GET\.$/)
    }
  })

  it('get 400 or 404 when they are no URLs of ours at all', async () => {
    for (const [url, status] of [
      ['/v1/things/%zz', 400],
      [`/v1/things/${'x'.repeat(300)}`, 404],
      ['/V1/things', 404],
      ['/v1/things/', 400],
      ['//v1/things', 404],
    ] as const) {
      const response = await ask(app, { method: 'GET', url })
      assert.equal(response.statusCode, status, url)
      assert.equal(errorOf(response).type, 'invalid_request_error')
    }
  })

  it('get 404 in Stripe’s words for an object that is not there', async () => {
    const response = await ask(app, { method: 'GET', url: '/v1/things/th_2' })
    const error = errorOf(response)
    assert.deepEqual(
      [response.statusCode, error.code, error.param, error.message],
      [404, 'resource_missing', 'id', "No such thing: 'th_2'"],
    )
  })
})
