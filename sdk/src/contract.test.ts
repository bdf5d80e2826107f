import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

type Document = {
  readonly paths: Readonly<Record<string, object>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}
const api: Document = JSON.parse(read('../../docs/openapi.json'))
const types = ['./ledger-types.ts', './ledger-params.ts', './pages.ts'].map(read).join('\n')
const methods = read('./ledger.ts')

type Node = {
  readonly properties?: object
  readonly in?: string
  readonly name?: string
  readonly $ref?: string
}

/** Every property of a schema, and every parameter of a query, that stands anywhere below or is referred to. */
const namesIn = (node: unknown): string[] => {
  if (typeof node !== 'object' || node === null) return []
  const { properties, in: place, name, $ref: reference }: Node = node
  if (typeof reference === 'string')
    return namesIn(api.components.schemas[reference.replace('#/components/schemas/', '')])
  const own = [
    ...Object.keys(properties ?? {}),
    ...(place === 'query' && name !== undefined ? [name.replace(/\[.*/, '')] : []),
  ]
  return [...own, ...Object.values(node).flatMap(namesIn)]
}

const ENVELOPE = new Set(['error', 'message', 'param', 'doc_url', 'type', 'code'])

test('the types know every name of the ledger in the OpenAPI document', () => {
  const ledger = Object.entries(api.paths).filter(([path]) => path.startsWith('/v1/ledger/'))
  const names = new Set(ledger.flatMap(([, operations]) => namesIn(operations)))
  assert.ok(names.size > 40)
  const missing = [...names].filter(
    (name) => !ENVELOPE.has(name) && !new RegExp(`\\b${name}\\??:`).test(types),
  )
  assert.deepEqual(missing, [])
})

test('the methods know every path of the ledger in the OpenAPI document', () => {
  const last = (path: string): string => path.replace(/\/\{.+?\}$/, '').replace(/^.*\//, '')
  const paths = Object.keys(api.paths).filter((path) => path.startsWith('/v1/ledger/'))
  assert.ok(paths.length > 10)
  assert.deepEqual(
    paths.filter((path) => !new RegExp(`['/}]${last(path)}['\`]`).test(methods)),
    [],
  )
})

/** What the controller and the board add is read with request(). */
const OTHERS = /\/(?:board|verdicts)$/

test('the types know every name of launches in the OpenAPI document', () => {
  const launches = Object.entries(api.paths).filter(
    ([path]) => path.startsWith('/v1/launches') && !OTHERS.test(path),
  )
  const names = new Set(launches.flatMap(([, operations]) => namesIn(operations)))
  assert.ok(names.size > 60)
  const known = [types, ...['./launch-types.ts', './launch-params.ts'].map(read)].join('\n')
  const missing = [...names].filter(
    (name) => !ENVELOPE.has(name) && !new RegExp(`\\b${name}\\??:`).test(known),
  )
  assert.deepEqual(missing, [])
})
