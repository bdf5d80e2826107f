import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { ask, openDoor, post } from './test-door.ts'

describe('probes', () => {
  it('say that the process lives, whatever else is the matter', async () => {
    const { app, lines } = openDoor({ ready: () => ({ ready: false, checks: { database: 'away' } }) })
    const alive = await app.inject({ url: '/healthz' })
    assert.deepEqual([alive.statusCode, alive.json()], [200, { status: 'ok' }])
    assert.equal(lines.length, 0)
    const ready = await app.inject({ url: '/readyz' })
    assert.deepEqual(
      [ready.statusCode, ready.json()],
      [503, { status: 'not_ready', checks: { database: 'away' } }],
    )
    await app.close()
  })

  it('say that the server can work', async () => {
    const { app } = openDoor()
    const response = await app.inject({ url: '/readyz' })
    assert.deepEqual(
      [response.statusCode, response.json()],
      [200, { status: 'ready', checks: { database: 'ok' } }],
    )
    await app.close()
  })

  it('say that the server stops before its door closes, and send those who ask elsewhere', async () => {
    let leaving = false
    const { app } = openDoor({ leaving: () => leaving })
    const before = await post(app, { amount: 5 })
    leaving = true
    const ready = await app.inject({ url: '/readyz' })
    const still = await post(app, { amount: 5 })
    assert.deepEqual([ready.statusCode, ready.json()], [503, { status: 'stopping', checks: {} }])
    assert.deepEqual([before.statusCode, still.statusCode], [200, 200])
    assert.deepEqual([before.headers.connection, still.headers.connection], ['keep-alive', 'close'])
    assert.equal((await app.inject({ url: '/healthz' })).statusCode, 200)
    await app.close()
  })
})

describe('metrics', () => {
  const { app } = openDoor()
  after(() => app.close())
  const local = { host: '127.0.0.1:4000' }

  it('count requests and their time by method, route and status', async () => {
    await post(app, { amount: 5 })
    await post(app, { amount: 5 })
    await post(app, {})
    await ask(app, { url: '/v1/things/th_1' })
    await ask(app, { url: '/v1/nothing-of-ours' })
    const { body, headers } = await app.inject({ url: '/metrics', headers: local })
    assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/)
    const lines = body.split('\n')
    const count = (method: string, route: string, status: number) =>
      `http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`
    assert.ok(lines.includes(`${count('POST', '/v1/things', 200)} 2`))
    assert.ok(lines.includes(`${count('POST', '/v1/things', 400)} 1`))
    assert.ok(lines.includes(`${count('GET', '/v1/things/:id', 200)} 1`))
    assert.ok(lines.includes(`${count('GET', 'none', 404)} 1`))
    assert.ok(
      lines.includes(
        'http_request_duration_seconds_bucket{method="POST",route="/v1/things",status="200",le="+Inf"} 2',
      ),
    )
    assert.ok(lines.includes('http_requests_in_flight 1'))
    assert.equal(body.includes('nothing-of-ours'), false)
  })

  const refused: readonly (readonly [string, string, Record<string, string>])[] = [
    ['another machine', '203.0.113.5', local],
    ['a proxy in front, which says so', '127.0.0.1', { ...local, 'x-forwarded-for': '203.0.113.5' }],
    ['a name that is not this machine’s own', '127.0.0.1', { host: 'pay.example.com' }],
    ['a wrong key', '203.0.113.5', { ...local, authorization: 'Bearer wrong' }],
  ]
  for (const [who, remoteAddress, headers] of refused) {
    it(`are not for ${who}`, async () => {
      assert.equal((await app.inject({ url: '/metrics', remoteAddress, headers })).statusCode, 403)
    })
  }

  it('are for whoever has the key', async () => {
    const headers = { host: 'pay.example.com', authorization: 'Bearer metrics-key' }
    assert.equal(
      (await app.inject({ url: '/metrics', remoteAddress: '203.0.113.5', headers })).statusCode,
      200,
    )
  })
})
