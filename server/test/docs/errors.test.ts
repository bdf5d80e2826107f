import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { workspaceFiles } from '../../../scripts/workspaces.ts'
import { ERROR_TABLES } from '../../src/main/serve.ts'
import { tenantReasons } from '../../src/tenants/core/reasons.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const CODE = /\bcode: '([a-z][a-z_]+)'/g

/** Imports serve no request, and bring a ledger of their own for tests. */
const isElsewhere = (file: string): boolean =>
  file.endsWith('.test.ts') || file.includes('/test-') || file.includes(join('src', 'imports'))

const codesInSource = (): Map<string, string> => {
  const files = workspaceFiles().filter(
    (file) => file.startsWith(join('server', 'src')) && file.endsWith('.ts'),
  )
  const found = files
    .filter((file) => !isElsewhere(file))
    .flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(CODE)].map(
        ([, code = '']) => [code, file] as const,
      ),
    )
  return new Map(found)
}

test('every code that the API can answer has its heading in docs/ERRORS.md', () => {
  const listed = new Set(Object.values(ERROR_TABLES).flatMap((table) => Object.keys(table)))
  // The commands of the operator refuse by these, and no request of the API does.
  const ofCommands = new Set(Object.keys(tenantReasons))
  const codes = codesInSource()
  assert.ok(codes.size > 10, 'the source has codes')
  const missing = [...codes].filter(([code]) => !listed.has(code) && !ofCommands.has(code))
  assert.deepEqual(missing, [])
})
