import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { play } from '../test/stage.ts'

const KEY = { EVENKEEL_API_KEY: 'sk_test_1' }
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-post-'))
after(() => rmSync(folder, { recursive: true }))

type Sent = { url: string; headers: Record<string, string>; body: string | null }

/** A server that answers everything alike, and what was sent to it. */
const server = (status = 200, body: unknown = { id: 'la_1' }, type = 'application/json') => {
  const sent: Sent[] = []
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const headers = Object.fromEntries(new Headers(init?.headers))
    sent.push({ url: String(url), headers, body: init?.body ? String(init.body) : null })
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return new Response(text, { status, headers: { 'content-type': type, 'request-id': 'req_7' } })
  }
  return { sent, fetch }
}

describe('get', () => {
  test('prints the answer as JSON, and nothing else where answers go', async () => {
    const { sent, fetch } = server()
    const { code, answer, said } = await play(
      ['get', 'v1/ledger/accounts', '-d', 'limit=3', '-d', 'created[gte]=5'],
      { fetch, environment: KEY },
    )
    assert.deepEqual([code, answer, said], [0, '{\n  "id": "la_1"\n}\n', ''])
    assert.equal(
      decodeURIComponent(sent[0]?.url ?? ''),
      'http://127.0.0.1:8484/v1/ledger/accounts?limit=3&created[gte]=5',
    )
    assert.equal(sent[0]?.headers['authorization'], 'Bearer sk_test_1')
  })

  test('takes key and address from options before the environment', async () => {
    const { sent, fetch } = server()
    const environment = { ...KEY, EVENKEEL_URL: 'http://other:1' }
    await play('get /v1/x', { fetch, environment })
    await play('get /v1/x --url https://third --key sk_test_2', { fetch, environment })
    assert.deepEqual(
      sent.map(({ url, headers }) => [url, headers['authorization']]),
      [
        ['http://other:1/v1/x', 'Bearer sk_test_1'],
        ['https://third/v1/x', 'Bearer sk_test_2'],
      ],
    )
  })

  test('needs no key for what needs none, and prints text as it is', async () => {
    const { sent, fetch } = server(200, 'up 1\n', 'text/plain')
    assert.deepEqual(await play('get /metrics', { fetch }), { code: 0, answer: 'up 1\n', said: '' })
    assert.equal(sent[0]?.headers['authorization'], undefined)
  })

  test('prints what the API refuses, and ends with 1', async () => {
    const { fetch } = server(404, {
      error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No.' },
    })
    const { code, answer, said } = await play('get /v1/ledger/accounts/la_1', { fetch, environment: KEY })
    assert.equal(code, 1)
    assert.equal(JSON.parse(answer).error.code, 'resource_missing')
    assert.equal(said, 'The answer is 404, request req_7.\n')
  })

  test('says what to do without a key, a server, a path or an address', async () => {
    const wrong = [
      ['get /v1/x', {}, /There is no API key\n {2}fix: Set EVENKEEL_API_KEY/],
      ['get /v1/x --key secret', {}, /The API key is none\n/],
      ['get https://elsewhere/v1/x', KEY, /is an address, not a path/],
      ['get /v1/x --url nowhere', KEY, /"nowhere" is no address of a server/],
      ['get /v1/x -d limit', KEY, /"limit" is not a parameter\n {2}fix: Write it as key=value/],
    ] as const
    for (const [line, environment, message] of wrong) {
      const { code, said } = await play(line, { environment })
      assert.equal(code, 2, line)
      assert.match(said, message)
    }
  })
})

describe('post', () => {
  test('sends a form, with an idempotency key', async () => {
    const { sent, fetch } = server()
    const line = ['post', '/v1/x', '-d', 'amount=5', '-d', 'metadata[a]=b=c', '--idempotency-key', 'mine']
    await play(line, { fetch, environment: KEY })
    assert.equal(decodeURIComponent(sent[0]?.body ?? ''), 'amount=5&metadata[a]=b=c')
    assert.equal(sent[0]?.headers['idempotency-key'], 'mine')
    await play('post /v1/x', { fetch, environment: KEY })
    assert.match(sent[1]?.headers['idempotency-key'] ?? '', /^[0-9a-f-]{36}$/)
  })

  test('sends JSON from a file or from standard input, to the letter', async () => {
    const { sent, fetch } = server()
    const text = '{"amount": 12345678901234567890}'
    const file = join(folder, 'body.json')
    writeFileSync(file, text)
    await play(['post', '/v1/x', '--data-json', file], { fetch, environment: KEY })
    await play('post /v1/x --data-json -', { fetch, environment: KEY, input: text })
    assert.deepEqual(
      sent.map(({ body, headers }) => [body, headers['content-type']]),
      Array.from({ length: 2 }, () => [text, 'application/json']),
    )
  })

  test('refuses what is no JSON, no file, or both ways at once', async () => {
    const wrong = [
      ['post /v1/x --data-json -', /Standard input is not JSON/],
      ['post /v1/x --data-json nothing.json', /The file nothing\.json cannot be read \(ENOENT\)/],
      ['post /v1/x --data-json - -d a=1', /cannot be used with option '-d, --data/],
    ] as const
    for (const [line, message] of wrong) {
      const { code, said } = await play(line, { environment: KEY, input: '{' })
      assert.equal(code, 2, line)
      assert.match(said, message)
    }
  })
})
