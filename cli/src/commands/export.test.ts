import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { play } from '../../test/stage.ts'
import type { Check } from '../platform.ts'
import type { ExportManifest, OfflineReport } from '../platform-export.ts'

const MANIFEST: ExportManifest = {
  tenant: { name: 'live', time_zone: 'UTC' },
  period: { from: '2026-10-01', to: '2026-10-31' },
  closed_through: '2026-10-31',
  closing: { id: 'lc_1', number: 4, digest: 'abc' },
  digest: 'abc',
  files: [
    { name: 'entries.csv', rows: 1_200_000 },
    { name: 'balances.csv', rows: 1 },
  ],
}

const exporting = (manifest: ExportManifest, asked: unknown[] = []) => ({
  platform: {
    exportBooks: async (wanted: unknown) => {
      asked.push(wanted)
      return manifest
    },
  },
})

describe('export', () => {
  test('says what it wrote, and which closing it is', async () => {
    const asked: unknown[] = []
    const { code, answer } = await play(
      'export october --from 2026-10-01 --to 2026-10-31',
      exporting(MANIFEST, asked),
    )
    assert.equal(code, 0)
    assert.deepEqual(asked, [{ tenant: 'live', from: '2026-10-01', to: '2026-10-31', folder: 'october' }])
    assert.equal(
      answer,
      'Wrote october: live, 2026-10-01 to 2026-10-31, 1,200,000 entries and the balances of 1 account.\n' +
        'This is closing 4, lc_1.\nDigest: abc\n',
    )
  })

  test('says that the figures can change where the period is open', async () => {
    const open = { ...MANIFEST, closing: null, closed_through: '2026-10-30' }
    const { answer } = await play('export x --to 2026-10-31 --tenant sandbox', exporting(open))
    assert.match(answer, /^The period is not closed: an entry may still be booked in it\.$/m)
    const part = { ...open, closed_through: '2026-11-30' }
    assert.match(
      (await play('export x --to 2026-10-31', exporting(part))).answer,
      /no closing has its digest/,
    )
  })

  test('prints the manifest for programs', async () => {
    const { answer } = await play('export x --to 2026-10-31 --json', exporting(MANIFEST))
    assert.deepEqual(JSON.parse(answer), MANIFEST)
  })

  test('wants the last day', async () => {
    const { code, said } = await play('export x')
    assert.deepEqual([code, /--to <date>/.test(said)], [2, true])
  })
})

describe('verify --offline', () => {
  const CHECK: Check = {
    name: 'files',
    proved: 'Every file is whole.',
    rows: 4,
    ok: true,
    findings: [],
    findingsCount: 0,
    notes: [],
  }
  const BAD: Check = {
    ...CHECK,
    ok: false,
    findings: [{ tenant: null, what: 'a quote is not closed', details: { file: 'entries.csv', line: '7' } }],
    findingsCount: 1,
  }
  const looking = (check: Check, folders: string[] = []) => ({
    door: {
      verifyExport: async (folder: string): Promise<OfflineReport> => {
        folders.push(folder)
        return { ok: check.ok, manifest: MANIFEST, checks: [check], rows: 12, seconds: 1 }
      },
    },
  })

  test('looks at the folder alone, without a database', async () => {
    const folders: string[] = []
    const { code, answer } = await play('verify --offline october', looking(CHECK, folders))
    assert.deepEqual([code, folders], [0, ['october']])
    assert.match(answer, /^✔ Every file is whole\. Over 4 rows\.$/m)
    assert.match(answer, /^The export is proven: 12 lines of live, 2026-10-01 to 2026-10-31, in 1\.0 s\.$/m)
  })

  test('ends with 1 and names file and line', async () => {
    const { code, answer } = await play('verify --offline october', looking(BAD))
    assert.equal(code, 1)
    assert.match(answer, /^ {4}a quote is not closed \(file entries\.csv, line 7\)$/m)
    assert.match(answer, /^NOT PROVEN: 12 lines/m)
  })

  test('goes with no other question', async () => {
    for (const more of ['--audit', '--tenant live', '--anchors x'])
      assert.equal((await play(`verify --offline october ${more}`, looking(CHECK))).code, 2, more)
  })
})
