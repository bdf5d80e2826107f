import assert from 'node:assert/strict'
import type { lookup } from 'node:dns'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { RESPONSE_KEPT_BYTES, RESPONSE_READ_BYTES } from '../limits.ts'
import { createPoster, type Posted, type PosterOptions, readRetryAfter } from './post.ts'

const seen: string[] = []
let server: http.Server
let port = 0

const answer = (request: http.IncomingMessage, response: http.ServerResponse): void => {
  const path = request.url ?? ''
  seen.push(path)
  if (path === '/moved') response.writeHead(302, { location: '/landed' }).end()
  else if (path === '/gone') response.writeHead(410).end('gone')
  else if (path === '/busy') response.writeHead(429, { 'retry-after': '77' }).end()
  else if (path === '/long') response.end('x'.repeat(RESPONSE_READ_BYTES * 4))
  else if (path === '/binary') response.end(Buffer.from([0x61, 0, 0xff, 0x62]))
  else if (path === '/cut') response.destroy()
  else if (path === '/drip') response.write('a')
  else if (path !== '/silent') response.end('thanks')
}

before(async () => {
  server = http.createServer((request, response) => {
    request.resume().on('end', () => answer(request, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const LOCAL = { allowPrivate: false, isLocal: true }

const post = async (
  path: string,
  {
    host = '127.0.0.1',
    timeoutMs = 2_000,
    ...options
  }: Partial<PosterOptions> & {
    readonly host?: string
    readonly timeoutMs?: number
  } = {},
): Promise<Posted> => {
  const poster = createPoster({
    reachable: LOCAL,
    livemode: false,
    clock: { now: () => Date.now() },
    ...options,
  })
  const posted = await poster.post({
    url: new URL(`http://${host}:${port}${path}`),
    headers: { 'content-type': 'application/json', 'content-length': '2' },
    body: '{}',
    timeoutMs,
  })
  poster.close()
  return posted
}

/** A name that has these addresses. */
const named = (...addresses: readonly string[]): { resolve: typeof lookup; asked: () => number } => {
  let asked = 0
  const resolve = ((_host: string, _options: unknown, done: (error: null, found: unknown) => void) => {
    asked++
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }) as unknown as typeof lookup
  return { resolve, asked: () => asked }
}

test('what the receiver answers is kept', async () => {
  const { status, error, response, retryAfterS } = await post('/')
  assert.deepEqual([status, error, response, retryAfterS], [200, null, 'thanks', null])
  const busy = await post('/busy')
  assert.deepEqual([busy.status, busy.retryAfterS], [429, 77])
  assert.equal((await post('/gone')).status, 410)
})

test('a redirect is an answer, and nobody goes where it points', async () => {
  seen.length = 0
  assert.equal((await post('/moved')).status, 302)
  assert.deepEqual(seen, ['/moved'])
})

test('of a long answer the beginning is kept, and reading ends', async () => {
  const { status, response } = await post('/long')
  assert.deepEqual([status, response.length], [200, RESPONSE_KEPT_BYTES])
  assert.equal((await post('/binary')).response, 'a\uFFFD\uFFFDb')
})

test('no answer in time is a timeout, also where one begins', async () => {
  for (const path of ['/silent', '/drip']) {
    const { status, error, durationMs } = await post(path, { timeoutMs: 200 })
    assert.deepEqual([status, error], [null, 'timeout'], path)
    assert.ok(durationMs >= 150 && durationMs < 1_500, `${durationMs}`)
  }
})

test('a connection that fails is named', async () => {
  assert.equal((await post('/cut')).error, 'connection_lost')
  const poster = createPoster({ reachable: LOCAL, livemode: false, clock: { now: () => Date.now() } })
  const url = new URL('http://127.0.0.1:1/')
  assert.equal(
    (await poster.post({ url, headers: {}, body: '', timeoutMs: 2_000 })).error,
    'connection_refused',
  )
  poster.close()
})

test('an address is checked where it is written …', async () => {
  seen.length = 0
  const closed = { reachable: { allowPrivate: false, isLocal: false } }
  assert.equal((await post('/', closed)).error, 'address_not_allowed')
  assert.equal((await post('/', { livemode: true })).error, 'address_not_allowed')
  assert.deepEqual(seen, [])
})

test('… and where a name leads, all of its addresses, at the moment of connecting', async () => {
  seen.length = 0
  const at = async (...addresses: readonly string[]): Promise<string | null> =>
    (await post('/', { host: 'hook.test', resolve: named(...addresses).resolve })).error
  assert.equal(await at('10.0.0.1'), 'address_not_allowed')
  assert.equal(await at('127.0.0.1', '169.254.169.254'), 'address_not_allowed')
  assert.deepEqual(seen, [])
  const good = named('127.0.0.1')
  assert.equal((await post('/', { host: 'hook.test', resolve: good.resolve })).status, 200)
  assert.equal(good.asked(), 1, 'nobody asks again after the check')
  assert.deepEqual(seen, ['/'])
})

test('Retry-After is read as seconds or as a date', () => {
  const now = Date.parse('2026-11-22T10:00:00Z')
  const table: readonly (readonly [string | undefined, number | null])[] = [
    [undefined, null],
    ['120', 120],
    ['soon', null],
    ['-1', null],
    ['Sun, 22 Nov 2026 10:01:00 GMT', 60],
    ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
  ]
  for (const [text, seconds] of table) assert.equal(readRetryAfter(text, now), seconds, text)
})
