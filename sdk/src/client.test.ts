import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createClient } from './client.ts'
import { JsonText } from './encoding.ts'
import { EvenkeelError } from './evenkeel-error.ts'

type Sent = { url: string; method: string; headers: Record<string, string>; body: string | null }
type Script = readonly (Response | Error)[]

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'request-id': 'req_1', ...headers },
  })

const refusal = (status: number, error: object, headers: Record<string, string> = {}): Response =>
  json({ error }, status, headers)

/** A client whose server answers by the script, and what was sent to it. */
const play = (script: Script, options: { maxRetries?: number; timeoutMs?: number } = {}) => {
  const sent: Sent[] = []
  const answers = [...script]
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const headers = Object.fromEntries(new Headers(init?.headers))
    sent.push({
      url: String(url),
      method: init?.method ?? '',
      headers,
      body: init?.body ? String(init.body) : null,
    })
    const answer = answers.shift()
    if (answer === undefined) throw new Error('the script has no further answer')
    if (answer instanceof Error) throw answer
    return answer
  }
  const client = createClient({ baseUrl: 'http://localhost:8484/', apiKey: 'sk_test_1', fetch, ...options })
  return { client, sent }
}

const caught = async (work: Promise<unknown>): Promise<EvenkeelError> => {
  try {
    await work
  } catch (error) {
    assert.ok(error instanceof EvenkeelError, String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'it did not fail' })
}

describe('a request', () => {
  test('carries the key, the parameters in its query, and no idempotency key when it reads', async () => {
    const { client, sent } = play([json({ ok: 1 })])
    assert.deepEqual(await client.request('GET', '/v1/x?a=1', { b: 'two words' }), { ok: 1 })
    assert.equal(sent[0]?.url, 'http://localhost:8484/v1/x?a=1&b=two+words')
    assert.equal(sent[0]?.headers['authorization'], 'Bearer sk_test_1')
    assert.equal(sent[0]?.headers['idempotency-key'], undefined)
  })

  test('that writes is JSON, or a form, or the very text that was given', async () => {
    const { client, sent } = play([json({}), json({}), json({})])
    await client.request('POST', '/v1/x', { amount: 1 })
    await client.request('POST', '/v1/x', new URLSearchParams({ 'metadata[a]': 'b' }))
    await client.request('POST', '/v1/x', new JsonText('{"amount": 12345678901234567890}'))
    assert.deepEqual(
      sent.map(({ headers, body }) => [headers['content-type'], body]),
      [
        ['application/json', '{"amount":1}'],
        ['application/x-www-form-urlencoded', 'metadata%5Ba%5D=b'],
        ['application/json', '{"amount": 12345678901234567890}'],
      ],
    )
  })

  test('gives back the status, the request id, and whether the answer is a stored one', async () => {
    const { client } = play([json({ id: 'x' }, 200, { 'idempotent-replayed': 'true' })])
    const answer = await client.send('POST', '/v1/x', {}, { idempotencyKey: 'mine' })
    assert.deepEqual(answer, {
      status: 200,
      data: { id: 'x' },
      requestId: 'req_1',
      replayed: true,
      idempotencyKey: 'mine',
    })
  })

  test('never goes to another host', async () => {
    const { client } = play([])
    await assert.rejects(client.request('GET', 'http://elsewhere/'), /must begin with a slash/)
    await assert.rejects(client.request('GET', '@elsewhere/'), /must begin with a slash/)
    for (const baseUrl of ['localhost:8484', 'ftp://x', '', 'http://user@x/', 'http://x/?a=1'])
      assert.throws(() => createClient({ baseUrl, apiKey: null }), TypeError, baseUrl)
  })
})

describe('retries', () => {
  test('send the same idempotency key until it is answered', async () => {
    const { client, sent } = play([
      new TypeError('fetch failed'),
      refusal(409, { type: 'invalid_request_error', code: 'idempotency_key_in_use', message: 'Busy.' }),
      refusal(
        503,
        { type: 'api_error', code: 'stopping', message: 'Stopping.' },
        { 'stripe-should-retry': 'true' },
      ),
      json({ id: 'made' }),
    ])
    assert.deepEqual(await client.request('POST', '/v1/x', { amount: 1 }), { id: 'made' })
    const keys = new Set(sent.map(({ headers }) => headers['idempotency-key']))
    assert.equal(sent.length, 4)
    assert.equal(keys.size, 1)
    assert.match([...keys][0] ?? '', /^[0-9a-f-]{36}$/)
  })

  test('take another key for another call', async () => {
    const { client, sent } = play([json({}), json({})])
    await client.request('POST', '/v1/x')
    await client.request('POST', '/v1/x')
    assert.notEqual(sent[0]?.headers['idempotency-key'], sent[1]?.headers['idempotency-key'])
  })

  test('end when a refusal is for good', async () => {
    const { client, sent } = play([
      refusal(400, {
        type: 'invalid_request_error',
        code: 'parameter_missing',
        param: 'amount',
        message: 'Missing required param: amount.',
        doc_url: '/errors#parameter_missing',
      }),
    ])
    const error = await caught(client.request('POST', '/v1/x', {}, { idempotencyKey: 'k' }))
    assert.equal(sent.length, 1)
    const { type, code, param, status, requestId, docUrl, idempotencyKey, message } = error
    assert.deepEqual(
      { type, code, param, status, requestId, docUrl, idempotencyKey, message },
      {
        type: 'invalid_request_error',
        code: 'parameter_missing',
        param: 'amount',
        status: 400,
        requestId: 'req_1',
        docUrl: '/errors#parameter_missing',
        idempotencyKey: 'k',
        message: 'Missing required param: amount.',
      },
    )
  })

  test('end after as many as were asked for, and say what can be done', async () => {
    const { client, sent } = play([new TypeError('fetch failed'), new TypeError('fetch failed')], {
      maxRetries: 1,
    })
    const error = await caught(client.request('POST', '/v1/x'))
    assert.equal(sent.length, 2)
    assert.deepEqual([error.type, error.code, error.status], ['connection_error', 'connection_failed', null])
    assert.match(error.message, /safe to send the request again with the same idempotency key/)
    assert.equal(error.idempotencyKey, sent[0]?.headers['idempotency-key'])
  })

  test('are told apart from what the caller stopped himself', async () => {
    const controller = new AbortController()
    const reason = new Error('changed my mind')
    const { client, sent } = play([new TypeError('fetch failed')])
    controller.abort(reason)
    await assert.rejects(client.request('GET', '/v1/x', {}, { signal: controller.signal }), reason)
    assert.equal(sent.length, 1)
  })
})

describe('answers that are none of the API', () => {
  test('such as a page of a proxy, become errors with what it says', async () => {
    const { client } = play([new Response('<h1>Bad gateway</h1>', { status: 502 })], { maxRetries: 0 })
    const error = await caught(client.request('GET', '/v1/x'))
    assert.deepEqual([error.type, error.status], ['api_error', 502])
    assert.match(error.message, /status 502: <h1>Bad gateway/)
  })

  test('such as a redirect are not followed with the key', async () => {
    const { client } = play([new Response('', { status: 301, headers: { location: 'http://elsewhere/' } })])
    assert.match(
      (await caught(client.request('GET', '/v1/x'))).message,
      /redirect \(301\): correct the base URL/,
    )
  })
})

describe('a list', () => {
  const page = (ids: readonly string[], more: boolean): Response =>
    json({ object: 'list', data: ids.map((id) => ({ id })), has_more: more, url: '/v1/x' })

  const idsOf = async (pages: AsyncIterable<{ id: string }>): Promise<string[]> => {
    const ids: string[] = []
    for await (const { id } of pages) ids.push(id)
    return ids
  }

  test('is walked through page by page', async () => {
    const { client, sent } = play([page(['a', 'b'], true), page(['c'], false)])
    assert.deepEqual(await idsOf(client.list('/v1/x')), ['a', 'b', 'c'])
    assert.deepEqual(
      sent.map(({ url }) => url.split('?')[1]),
      ['limit=100', 'limit=100&starting_after=b'],
    )
  })

  test('is walked through backwards from an object', async () => {
    const { client, sent } = play([page(['c', 'd'], true), page(['a', 'b'], false)])
    assert.deepEqual(await idsOf(client.list('/v1/x', { ending_before: 'e', limit: 2 })), [
      'd',
      'c',
      'b',
      'a',
    ])
    assert.match(sent[1]?.url ?? '', /ending_before=c/)
  })

  test('ends where a page is empty, and fetches no more than is asked for', async () => {
    const empty = play([page([], true)])
    assert.deepEqual(await idsOf(empty.client.list('/v1/x')), [])
    const { client, sent } = play([page(['a', 'b'], true)])
    for await (const { id } of client.list<{ id: string }>('/v1/x')) if (id === 'a') break
    assert.equal(sent.length, 1)
    const one = play([page(['a'], true)])
    assert.equal((await one.client.list('/v1/x', { limit: 1 }).page()).has_more, true)
  })
})
