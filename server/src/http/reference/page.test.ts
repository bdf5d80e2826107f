import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDoor } from '../test-door.ts'
import type { DocumentNode } from './document.ts'
import { referencePage } from './page.ts'

test('the reference is a page of every operation, under a policy that lets nothing else in', async () => {
  const { app } = openDoor()
  const page = await app.inject({ url: '/docs' })
  const document = (await app.inject({ url: '/openapi.json' })).json() as DocumentNode
  assert.equal(page.statusCode, 200)
  assert.equal(page.headers['content-type'], 'text/html; charset=utf-8')
  assert.match(String(page.headers['content-security-policy']), /^default-src 'none'/)
  const operations = Object.values(document.paths).flatMap((verbs) => Object.values(verbs))
  assert.ok(operations.length > 0)
  for (const { operationId, summary } of operations) {
    assert.ok(page.body.includes(`id="${operationId}"`), operationId)
    assert.ok(page.body.includes(summary), summary)
  }
  // Every address within the page leads to a place that is there.
  for (const [, anchor] of page.body.matchAll(/href="#([^"]+)"/g)) {
    assert.ok(page.body.includes(`id="${anchor}"`), anchor)
  }
  await app.close()
})

const NASTY = '<script>alert("1")</script>&'

test('what stands in the document is text and never markup', () => {
  const document: DocumentNode = {
    info: { title: NASTY, version: NASTY, description: NASTY },
    paths: {
      '/v1/things': {
        post: {
          operationId: 'make',
          summary: NASTY,
          description: NASTY,
          tags: [NASTY],
          parameters: [{ name: NASTY, in: 'query', description: NASTY, schema: { enum: [NASTY] } }],
          requestBody: {
            content: {
              'application/json': {
                schema: { properties: { [NASTY]: { type: 'string', description: NASTY, default: NASTY } } },
                example: { note: NASTY },
              },
            },
          },
          responses: { '200': { description: 'OK' } },
        },
      },
    },
    components: { schemas: {} },
  }
  const page = referencePage(document)
  assert.ok(!page.includes('<script'))
  assert.ok(page.includes('&lt;script&gt;'))
})

test('fields say their type, their choices and what they are without being sent', () => {
  const page = referencePage({
    info: { title: 'A', version: '1', description: 'B' },
    paths: {
      '/v1/things': {
        get: {
          operationId: 'list',
          summary: 'List',
          description: 'Lists.',
          tags: ['things'],
          parameters: [
            { name: 'limit', in: 'query', required: true, schema: { type: 'integer', default: 10 } },
            {
              name: 'kind',
              in: 'query',
              schema: { anyOf: [{ const: 'a' }, { const: 'b' }, { type: 'null' }] },
            },
            {
              name: 'owner',
              in: 'query',
              schema: { anyOf: [{ $ref: '#/components/schemas/Owner' }, { type: 'null' }] },
            },
            {
              name: 'tags',
              in: 'query',
              schema: { type: 'array', items: { properties: { deep: { type: 'string' } } } },
            },
          ],
          responses: { '400': { description: 'parameter_unknown, and words' } },
        },
      },
    },
    components: { schemas: { Owner: { properties: {} } } },
  })
  assert.match(page, /<code>limit<\/code> <span class="type">integer<\/span> <span class="required">/)
  assert.match(page, /If it is not sent: <code>10<\/code>/)
  assert.match(page, /Owner or null/)
  assert.match(page, /<code>deep<\/code>/)
  assert.match(page, /1 error code/)
})
