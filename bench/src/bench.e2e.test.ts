import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-bench-test-'))
// The user that root's PostgreSQL runs as must be able to pass.
const place = join(folder, 'place')
chmodSync(folder, 0o711)
mkdirSync(place, { mode: 0o711 })
after(() => rmSync(folder, { recursive: true, force: true }))

type Result = { readonly per_second: number; readonly p50_ms: number; readonly p99_ms: number }

const run = promisify(execFile)

/** Runs the benchmarks with tiny sizes; what they print, and what they write as JSON. */
const bench = async (...words: string[]): Promise<{ table: string; json: Record<string, unknown> }> => {
  const file = join(folder, `${words.join('-') || 'standard'}.json`)
  const { stdout } = await run(process.execPath, [
    MAIN,
    ...words,
    '--quick',
    '--json',
    file,
    '--within',
    place,
  ])
  return { table: stdout, json: JSON.parse(readFileSync(file, 'utf8')) }
}

const assertMeasured = (json: Record<string, unknown>, keys: readonly string[]): void => {
  for (const key of keys) {
    const { per_second, p50_ms, p99_ms } = json[key] as Result
    assert.ok(per_second > 0, `${key} was measured`)
    assert.ok(p50_ms > 0 && p99_ms >= p50_ms, `${key} has its latencies`)
  }
}

test('The default run writes every benchmark under its key, and the books verify.', async () => {
  const { table, json } = await bench()
  assertMeasured(json, [
    'bare_insert',
    'batch_uniform',
    'batch_hot',
    'batch_one',
    'batch_http',
    'http_1',
    'http_32',
    'http_256',
    'empty_256',
    'row_locks_uniform',
    'row_locks_hot',
    'payments_64',
    'payments_256',
    'payments_hot',
    'webhooks',
    'retrieve',
    'list',
  ])
  const { machine, ratios, targets, books } = json as {
    machine: Record<string, unknown>
    ratios: Record<string, number>
    targets: readonly unknown[]
    books: { verified: boolean }
  }
  assert.deepEqual(
    Object.keys(machine).filter((key) =>
      ['cores', 'memory_bytes', 'node', 'postgres', 'commit'].includes(key),
    ),
    ['cores', 'memory_bytes', 'node', 'postgres', 'commit'],
  )
  assert.ok((ratios['batch_uniform / bare_insert'] ?? 0) > 0)
  assert.equal(targets.length, 11)
  assert.equal(books.verified, true)
  assert.match(table, /^batch_uniform +[\d,]+/m)
  assert.match(table, /The books verify/)
  assert.deepEqual(readdirSync(place), [], 'nothing is left behind')
})

if (process.env['EVENKEEL_TEST_SIZE'] === 'full')
  test('The long run writes its levels under their keys.', async () => {
    const { json } = await bench('growth')
    assertMeasured(json, ['growth_0', 'growth_1m', 'growth_10m', 'entries_page_10m'])
  })

test('A wrong argument ends with 2 and says what there is.', async () => {
  await assert.rejects(
    run(process.execPath, [MAIN, 'everything']),
    (error: { code?: number; stderr?: string }) => {
      assert.equal(error.code, 2)
      assert.match(error.stderr ?? '', /no run "everything"/)
      return true
    },
  )
})
