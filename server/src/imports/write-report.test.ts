import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { loadProfile } from './load-profile.ts'
import { createMemoryLedger } from './memory-ledger.ts'
import { runImport } from './run-import.ts'
import { writeReport } from './write-report.ts'

const folder = await mkdtemp(join(tmpdir(), 'report-'))
after(() => rm(folder, { recursive: true }))

const HEADER =
  'trans_id,account_id,date,direction,operation,amount,balance,category,counterparty_bank,counterparty_account'

const makeReport = async () => {
  const file = join(folder, 'lines.csv')
  await writeFile(file, `${HEADER}\n1,1,1993-01-01,credit,,1.00,1.10,,,\n`)
  const loaded = await loadProfile('berka')
  assert.ok(loaded.ok)
  const result = await runImport({
    file,
    profile: loaded.profile,
    port: createMemoryLedger(),
    clock: { now: () => 0 },
  })
  assert.ok(result.ok)
  return result.report
}

test('a report is written whole, over an older one, and reads back as it was', async () => {
  const report = await makeReport()
  const path = join(folder, 'report.json')
  await writeFile(path, 'an older report')
  await writeReport(path, report)
  assert.deepEqual(JSON.parse(await readFile(path, 'utf8')), report)
})

test('where it cannot be written nothing is left behind', async () => {
  const report = await makeReport()
  const before = await readdir(folder)
  await assert.rejects(writeReport(join(folder, 'none', 'report.json'), report), /ENOENT/)
  await assert.rejects(writeReport(folder, report), /EISDIR|ENOTEMPTY|EEXIST|EPERM/)
  assert.deepEqual(await readdir(folder), before)
})
