import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { renderReport } from './core/report-text.ts'
import { loadProfile } from './load-profile.ts'
import { createMemoryLedger } from './memory-ledger.ts'
import { runImport } from './run-import.ts'
import { writeReport } from './write-report.ts'

const example = (name: string): string =>
  new URL(`../../../examples/import-berka/${name}`, import.meta.url).pathname

test('the example of a real bank gives the output that stands beside it', async () => {
  const loaded = await loadProfile('berka')
  assert.ok(loaded.ok)
  const result = await runImport({
    file: example('transactions.csv'),
    profile: loaded.profile,
    port: createMemoryLedger(),
    clock: { now: () => 0 },
  })
  assert.ok(result.ok)
  const folder = await mkdtemp(join(tmpdir(), 'example-'))
  try {
    await writeReport(join(folder, 'report.json'), result.report)
    const written = await readFile(join(folder, 'report.json'), 'utf8')
    assert.equal(written, await readFile(example('expected-report.json'), 'utf8'))
  } finally {
    await rm(folder, { recursive: true })
  }
  assert.equal(renderReport(result.report), await readFile(example('expected-output.txt'), 'utf8'))
})
