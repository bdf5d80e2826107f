import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { connect, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openDoor, SECRET_KEY, type TestDoor } from './test-door.ts'

/*
 * What only a real connection shows. Each client is a bare socket, so that it can be slow, wrong or gone.
 */

const open = async (door: TestDoor): Promise<number> => {
  await door.app.listen({ host: '127.0.0.1', port: 0 })
  const address: string | AddressInfo | null = door.app.server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return address.port
}

/** A client that keeps all that it hears. */
class Client {
  readonly socket: Socket
  readonly closed: Promise<void>
  heard = ''

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('data', (chunk) => {
      this.heard += chunk.toString('latin1')
    })
    this.socket.on('error', () => undefined)
    this.closed = new Promise((resolve) => this.socket.on('close', () => resolve()))
  }

  say(text: string): this {
    this.socket.write(text)
    return this
  }

  get statuses(): number[] {
    return [...this.heard.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]))
  }

  async answers(count: number): Promise<number[]> {
    const until = performance.now() + 5_000
    while (this.statuses.length < count && performance.now() < until) await pause(5)
    return this.statuses
  }
}

const AUTHORIZATION = `Authorization: Bearer ${SECRET_KEY}\r\n`
const head = (method: string, path: string, headers = ''): string =>
  `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${AUTHORIZATION}${headers}\r\n`
const postOf = (body: string, headers = ''): string =>
  head(
    'POST',
    '/v1/things',
    `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}`,
  ) + body

describe('clients that are slow', () => {
  const door = openDoor({ timeouts: { headersMs: 300, requestMs: 600, checkMs: 50 } })
  let port = 0
  before(async () => {
    port = await open(door)
  })
  after(() => door.app.close())

  it('are cut off when their headers take too long', async () => {
    const client = new Client(port).say('GET /v1/things HTTP/1.1\r\nHost: 127.0.0.1\r\n')
    const drip = setInterval(() => client.say('X-Slow: 1\r\n'), 50)
    await client.closed
    clearInterval(drip)
    assert.deepEqual(client.statuses, [408])
    assert.match(client.heard, /"code":"request_timeout"/)
    assert.match(client.heard, /request-id: req_/)
  })

  it('are cut off when their body takes too long', async () => {
    const client = new Client(port).say(
      head('POST', '/v1/things', 'Content-Type: application/json\r\nContent-Length: 1000\r\n'),
    )
    const drip = setInterval(() => client.say('{'), 50)
    await client.closed
    clearInterval(drip)
    assert.deepEqual(client.statuses, [408])
  })

  it('do not hold up others', async () => {
    const slow = Array.from({ length: 100 }, () => new Client(port).say('POST /v1/things HTTP/1.1\r\n'))
    const started = performance.now()
    const good = new Client(port).say(postOf('{"amount":5}'))
    assert.deepEqual(await good.answers(1), [200])
    assert.ok(performance.now() - started < 1_000)
    good.socket.destroy()
    await Promise.all(slow.map((client) => client.closed))
  })
})

describe('requests that are not what they seem', () => {
  const door = openDoor()
  let port = 0
  before(async () => {
    port = await open(door)
  })
  after(() => door.app.close())

  const refused: readonly (readonly [string, string, readonly number[]])[] = [
    ['no HTTP at all', 'hello\r\n\r\n', [400]],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [400]],
    ['no host', `GET /v1/things HTTP/1.1\r\n${AUTHORIZATION}\r\n`, [400]],
    [
      'length and chunks at once',
      `${head(
        'POST',
        '/v1/things',
        'Content-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n',
      )}0\r\n\r\n`,
      [400],
    ],
    [
      'two lengths',
      `${head(
        'POST',
        '/v1/things',
        'Content-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 3\r\n',
      )}{} `,
      [400],
    ],
    ['two types', postOf('{"amount":5}', 'Content-Type: application/x-www-form-urlencoded\r\n'), [400]],
    ['two keys', head('GET', '/v1/things', AUTHORIZATION), [400]],
    ['two idempotency keys', postOf('{"amount":5}', 'Idempotency-Key: a\r\nIdempotency-Key: b\r\n'), [400]],
    ['a header folded over two lines', head('GET', '/v1/things', 'X-A: b\r\n c\r\n'), [400]],
    ['a space before the colon', head('GET', '/v1/things', 'Content-Length : 5\r\n'), [400]],
    [
      'a chunk of a wrong size',
      head('POST', '/v1/things', 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n') +
        'zz\r\n{}\r\n0\r\n\r\n',
      [400],
    ],
    ['headers without end', head('GET', '/v1/things', `X-Long: ${'x'.repeat(20_000)}\r\n`), [431]],
    ['a compressed body', postOf('{"amount":5}', 'Content-Encoding: gzip\r\n'), [415]],
    ['an unknown method', head('PROPFIND', '/v1/things'), [405]],
    ['raw bytes in the query', head('GET', '/v1/things?live=\xe9'), [400]],
  ]
  for (const [what, text, statuses] of refused) {
    it(`are refused: ${what}`, async () => {
      const client = new Client(port)
      client.socket.write(text, 'latin1')
      assert.deepEqual(await client.answers(statuses.length), statuses)
      client.socket.destroy()
    })
  }

  it('get no second request out of one', async () => {
    const hidden = 'GET /v1/things HTTP/1.1\r\nHost: x\r\n\r\n'
    const client = new Client(port).say(
      head(
        'POST',
        '/v1/things',
        'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n',
      ) + hidden,
    )
    await client.closed
    assert.deepEqual(client.statuses, [400])
  })

  it('are answered in order when they come all at once', async () => {
    const client = new Client(port).say(
      postOf('{"amount":5}') + postOf('{"amount":0}') + postOf('{"amount":5}'),
    )
    assert.deepEqual(await client.answers(3), [200, 400, 200])
    client.socket.destroy()
  })

  it('are not read once they are refused: a gigabyte is cut short', async () => {
    const client = new Client(port).say(
      `POST /v1/things HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n${'x'.repeat(100_000)}`,
    )
    await client.closed
    assert.deepEqual(client.statuses, [401])
    assert.match(client.heard, /connection: close/i)
  })

  it('are forgotten when their client goes away', async () => {
    const client = new Client(port).say(
      `${head('POST', '/v1/things', 'Content-Type: application/json\r\nContent-Length: 100\r\n')}{`,
    )
    await pause(50)
    client.socket.destroy()
    await pause(100)
    const { body } = await door.app.inject({ url: '/metrics', headers: { host: 'localhost' } })
    assert.match(body, /http_requests_in_flight 1\n/)
  })
})

describe('a shutdown', () => {
  it('finishes what runs, refuses what comes on kept connections, and takes nothing new', async () => {
    const door = openDoor()
    const port = await open(door)
    const busy = new Client(port).say(postOf('{"amount":5,"name":"slow"}'))
    const kept = new Client(port).say(postOf('{"amount":5}'))
    assert.deepEqual(await kept.answers(1), [200])
    kept.say('POST /v1/things HTTP/1.1\r\nHost: 127.0.0.1\r\n')
    await pause(100)
    const closing = door.app.close()
    await pause(20)
    kept.say(`${AUTHORIZATION}Idempotency-Key: k\r\n\r\n`)
    assert.deepEqual(await kept.answers(2), [200, 503])
    assert.match(
      kept.heard,
      /"code":"server_stopping".*did not begin this request\. It is safe to send the request again/,
    )
    assert.match(kept.heard, /connection: close/i)
    assert.deepEqual(await busy.answers(1), [200])
    await Promise.all([busy.closed, kept.closed, closing])
    const late = new Client(port)
    await late.closed
    assert.equal(late.heard, '')
  })

  it('does not wait for idle connections, nor longer than its limit for anybody', async () => {
    const door = openDoor({ timeouts: { drainMs: 200 } })
    const port = await open(door)
    const idle = new Client(port).say(postOf('{"amount":5}'))
    assert.deepEqual(await idle.answers(1), [200])
    const stuck = new Client(port).say(
      head('POST', '/v1/things', 'Content-Type: application/json\r\nContent-Length: 100\r\n'),
    )
    await pause(50)
    const started = performance.now()
    await door.app.close()
    assert.ok(performance.now() - started < 1_500)
    await Promise.all([idle.closed, stuck.closed])
  })
})

describe('a handler that never answers', () => {
  it('is answered for, and its own answer is dropped', async () => {
    let now = 1_000_000
    const door = openDoor({ wall: { now: () => now }, timeouts: { sweepMs: 20 } })
    const port = await open(door)
    const client = new Client(port).say(postOf('{"amount":5,"name":"slow"}', 'Idempotency-Key: k\r\n'))
    await pause(50)
    now += 60_000
    assert.deepEqual(await client.answers(1), [503])
    assert.match(
      client.heard,
      /"code":"deadline_exceeded".*It is safe to retry with the same Idempotency-Key/,
    )
    await pause(400)
    assert.deepEqual(client.statuses, [503])
    client.socket.destroy()
    await door.app.close()
  })
})
