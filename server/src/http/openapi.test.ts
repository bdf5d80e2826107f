import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { renderErrorsMarkdown } from './errors-markdown.ts'
import { openApiDocument } from './openapi.ts'
import { doorReasons } from './reasons.ts'
import { openDoor, things } from './test-door.ts'

type Tree = { readonly [key: string]: Tree }

const document = JSON.parse(
  JSON.stringify(openApiDocument(things, { title: 'Things', version: '1.0.0', description: 'Things.' })),
)
const paths: Tree = document.paths

const nodes = function* (value: unknown, path = '#'): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield [path, value as Record<string, unknown>]
  for (const [key, child] of Object.entries(value)) yield* nodes(child, `${path}/${key}`)
}

const resolve = (reference: string): unknown => {
  let at: unknown = document
  for (const step of reference.slice(2).split('/')) at = (at as Record<string, unknown>)[step]
  return at
}

describe('the OpenAPI document', () => {
  it('is of 3.1, with information, security and a licence', () => {
    assert.match(document.openapi, /^3\.1\.\d$/)
    assert.deepEqual(document.info, {
      title: 'Things',
      version: '1.0.0',
      description: 'Things.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    })
    assert.deepEqual(document.security, [{ bearer: [] }, { basic: [] }])
    for (const requirement of document.security)
      for (const name of Object.keys(requirement)) assert.ok(document.components.securitySchemes[name])
  })

  it('holds every route, each operation under a name of its own', () => {
    const operations = Object.values(paths).flatMap((path) =>
      Object.values(path).map((operation) => String(operation['operationId'])),
    )
    assert.deepEqual(operations.sort(), things.map(({ operation }) => operation).sort())
    assert.equal(new Set(operations).size, operations.length)
  })

  it('has only references that lead somewhere', () => {
    let count = 0
    for (const [path, node] of nodes(document)) {
      if (typeof node['$ref'] !== 'string') continue
      count++
      assert.notEqual(resolve(node['$ref']), undefined, `${path} → ${node['$ref']}`)
    }
    assert.ok(count > 20)
  })

  it('declares each parameter of a path', () => {
    for (const [path, operations] of Object.entries(paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      for (const operation of Object.values(operations)) {
        const parameters = Object.values(operation['parameters'] ?? {})
        const declared = parameters.filter((parameter) => String(parameter['in']) === 'path')
        assert.deepEqual(
          declared.map((parameter) => String(parameter['name'])),
          inPath,
        )
        assert.ok(declared.every((parameter) => String(parameter['required']) === 'true'))
      }
    }
  })

  it('shows input as the door applies it: closed, with its limits', () => {
    const body = JSON.stringify(paths['/v1/things']?.['post']?.['requestBody'])
    const content = JSON.parse(body).content
    assert.deepEqual(Object.keys(content), ['application/json', 'application/x-www-form-urlencoded'])
    const { $ref } = content['application/json'].schema
    assert.equal($ref, '#/components/schemas/CreateThingRequest')
    assert.equal(content['application/x-www-form-urlencoded'].schema.$ref, $ref)
    const schema = document.components.schemas.CreateThingRequest
    assert.equal(schema.additionalProperties, false)
    assert.deepEqual(schema.required, ['amount'])
    assert.deepEqual(schema.properties.amount, {
      type: 'integer',
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
    })
    assert.deepEqual(schema.properties.name, { type: 'string', minLength: 1, maxLength: 20 })
    assert.equal(schema.properties.items.items.additionalProperties, false)
    assert.deepEqual(schema.properties.expand.items, { type: 'string', enum: ['owner', 'owner.address'] })
    assert.deepEqual(schema.properties.metadata.additionalProperties, {
      type: 'string',
      minLength: 0,
      maxLength: 500,
    })
    assert.deepEqual(content['application/json'].example, { amount: 5 })
    const batch = JSON.parse(JSON.stringify(paths['/v1/batches']?.['post']?.['requestBody']))
    assert.deepEqual(Object.keys(batch.content), ['application/json'])
  })

  it('writes lists and ranges of a query as clients send them', () => {
    const parameters = JSON.parse(JSON.stringify(paths['/v1/things']?.['get']?.['parameters']))
    const named = (name: string) => parameters.find((parameter: { name?: string }) => parameter.name === name)
    assert.equal(named('limit').schema.maximum, 100)
    assert.deepEqual([named('created').style, named('created').explode], ['deepObject', true])
    assert.deepEqual(named('expand[]').schema.items.enum, ['data.owner', 'data.owner.address'])
  })

  it('lists the statuses that a route can answer with, and their codes', () => {
    const { responses } = JSON.parse(JSON.stringify(paths['/v1/things']?.['post']))
    assert.deepEqual(Object.keys(responses), [
      '200',
      '400',
      '401',
      '403',
      '409',
      '413',
      '415',
      '429',
      '500',
      '503',
    ])
    assert.match(responses['400'].description, /parameter_missing.*thing_is_sold/)
    assert.equal(responses['200'].content['application/json'].schema.$ref, '#/components/schemas/Thing')
    assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(paths['/v1/things/{id}']?.['get'])).responses), [
      '200',
      '400',
      '401',
      '403',
      '500',
      '503',
    ])
  })

  it('is served', async () => {
    const { app } = openDoor()
    const response = await app.inject({ url: '/openapi.json' })
    assert.deepEqual([response.statusCode, response.headers['content-type']], [200, 'application/json'])
    assert.deepEqual(response.json().paths, document.paths)
    await app.close()
  })
})

describe('the page of errors', () => {
  it('has a heading for every code', async () => {
    const { app } = openDoor()
    const { body, headers } = await app.inject({ url: '/errors' })
    assert.equal(headers['content-type'], 'text/markdown; charset=utf-8')
    for (const code of [...Object.keys(doorReasons), 'thing_is_sold'])
      assert.ok(body.includes(`\n### ${code}\n`), code)
    await app.close()
  })

  it('gives each its status', () => {
    const page = renderErrorsMarkdown({ 'The door': doorReasons })
    assert.match(page, /### body_too_large\n\n413 · /)
    assert.match(page, /### parameter_missing\n\n400 · /)
  })
})
