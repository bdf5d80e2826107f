import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { Type } from 'typebox'
import type { TenantId } from '../kit/index.ts'
import { createRegistry } from './metrics.ts'
import { openApiDocument } from './openapi.ts'
import { defineRoute, type ForeignRequest } from './route.ts'
import { buildServer } from './server.ts'

const seen: (ForeignRequest | null | undefined)[] = []

const route = defineRoute({
  method: 'POST',
  path: '/ofrep/v1/things/:key',
  operation: 'askThing',
  summary: 'A summary',
  description: 'A description.',
  permission: 'things.read',
  idempotency: 'none',
  params: Type.Object({ key: Type.String() }),
  body: Type.Object({ context: Type.Object({}, { additionalProperties: true }) }),
  foreign: { failure: Type.Object({ errorCode: Type.String() }) },
  answer: Type.Object({ value: Type.Unknown() }),
  errors: {},
  handle: (context, { body }) => {
    seen.push(context.foreign)
    assert.deepEqual(body, {}, 'the door has read nothing of it')
    const status = context.foreign?.ifNoneMatch === '"1"' ? 304 : 200
    return {
      status,
      body: status === 304 ? '' : '{"value":0.5}',
      objectId: null,
      code: null,
      headers: ['etag', '"1"'],
    }
  },
})

const log = { info: () => undefined, warn: () => undefined, error: () => undefined, child: () => log }
const info = { title: 'Things', version: '1.0.0', description: 'Things, for tests.' }

const app = buildServer({
  routes: [route],
  authenticate: (key) => ({
    tenant: 1 as TenantId,
    mode: 'test',
    keyId: 'key_1',
    kind: 'restricted',
    permissions: new Set(key === 'reader' ? ['things.read'] : []),
    person: null,
  }),
  wall: { now: () => Date.now() },
  log,
  registry: createRegistry(),
  metricsKey: null,
  ready: () => ({ ready: true, checks: {} }),
  info,
  errors: {},
  checkAnswers: true,
})
after(() => app.close())

const send = (payload: string | Buffer, headers: Readonly<Record<string, string>> = {}) =>
  app.inject({
    method: 'POST',
    url: '/ofrep/v1/things/a%2Fb',
    headers: { authorization: 'Bearer reader', 'content-type': 'application/json', ...headers },
    payload,
  })

describe('a route of another protocol', () => {
  test('hands its body over unread: fractions, unknown keys, and what is no JSON at all', async () => {
    for (const text of ['{"context":{"score":0.5,"score":1e3}}', '{"context":', '']) {
      const answer = await send(text)
      assert.deepEqual([answer.statusCode, answer.body], [200, '{"value":0.5}'])
      assert.equal(seen.at(-1)?.text, text)
    }
    await send(Buffer.from([0xff]))
    assert.equal(seen.at(-1)?.text, null)
  })

  test('answers with headers of its own, and an unchanged answer has no content', async () => {
    const first = await send('{}')
    assert.equal(first.headers['etag'], '"1"')
    const again = await send('{}', { 'if-none-match': '"1"' })
    assert.deepEqual([again.statusCode, again.body], [304, ''])
    assert.equal(again.headers['content-type'], undefined)
    assert.equal(again.headers['etag'], '"1"')
  })

  test('asks for key, permission and type of the body like every other', async () => {
    const { length } = seen
    assert.equal((await send('{}', { authorization: '' })).statusCode, 401)
    assert.equal((await send('{}', { authorization: 'Bearer other' })).statusCode, 403)
    assert.equal((await send('a=1', { 'content-type': 'application/x-www-form-urlencoded' })).statusCode, 415)
    assert.equal((await send(`"${'x'.repeat(300 * 1024)}"`)).statusCode, 413)
    assert.equal(seen.length, length)
  })

  test('stands in the document with its open body and its own shape of failures', () => {
    const document = openApiDocument([route], info)
    const operation = (document['paths'] as Record<string, { post: Record<string, unknown> }>)[
      '/ofrep/v1/things/{key}'
    ]?.post
    const responses = operation?.['responses'] as Record<string, unknown>
    assert.match(JSON.stringify(responses['400']), /errorCode/)
    assert.match(JSON.stringify(responses['401']), /schemas\/Error/)
    const { content } = (operation?.['requestBody'] ?? { content: {} }) as { content: object }
    assert.deepEqual(Object.keys(content), ['application/json'])
  })
})
