import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { play } from '../../test/stage.ts'
import type { Imported, ImportWanted, Platform } from '../platform.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-import-'))
const file = join(folder, 'history.csv')
writeFileSync(file, 'account,amount\n')
after(() => rmSync(folder, { recursive: true }))

const DONE: Extract<Imported, { readonly ok: true }> = {
  ok: true,
  report: { complete: true, lines: 3, refused_line_count: 0, ledger_check: { balanced: true } },
  text: 'Import of history.csv\n',
  made: { accounts: 2, transfers: 3 },
  madeSandbox: true,
}

const importing = (imported: Imported, wanted: ImportWanted[] = []): Pick<Platform, 'importFile'> => ({
  importFile: async (one, onProgress) => {
    wanted.push(one)
    onProgress({ lines: 8_000, bytes: 1, totalBytes: 4, linesPerSecond: 9_500, remainingS: 65 })
    return imported
  },
})

describe('import', () => {
  test('prints the report, what this run made, and how fast it is', async () => {
    const wanted: ImportWanted[] = []
    const stage = { platform: importing(DONE, wanted), tickMs: 5_000 }
    const line = [
      'import',
      file,
      '--profile',
      'berka',
      '--sandbox',
      'move',
      '--report',
      join(folder, 'r.json'),
      '--settle',
    ]
    const { code, answer, said } = await play(line, stage)
    assert.deepEqual([code, answer], [0, 'Import of history.csv\n'])
    assert.match(said, /^ 25 % {2}8,000 lines, 9,500 a second, 1 min 5 s left$/m)
    assert.match(said, /^Made the sandbox "move"\.\nPosted in this run: 2 accounts and 3 transfers\.$/m)
    const { signal: _signal, ...asked } = wanted[0] ?? { signal: null }
    assert.deepEqual(asked, {
      file,
      profile: 'berka',
      sandbox: 'move',
      report: join(folder, 'r.json'),
      settle: true,
      strict: false,
    })
  })

  test('says so when a second run had nothing to post', async () => {
    const again: Imported = { ...DONE, made: { accounts: 0, transfers: 0 }, madeSandbox: false }
    const { code, said } = await play(['import', file, '--profile', 'berka'], { platform: importing(again) })
    assert.equal(code, 0)
    assert.match(said, /^Nothing was posted: everything was there from an earlier run\.$/m)
  })

  test('ends with 1 when it stopped early or the ledger does not balance', async () => {
    for (const change of [{ complete: false }, { ledger_check: { balanced: false } }]) {
      const imported: Imported = { ...DONE, report: { ...DONE.report, ...change } }
      const { code } = await play(['import', file, '--profile', 'berka', '--strict'], {
        platform: importing(imported),
      })
      assert.equal(code, 1)
    }
  })

  test('ends with 130 when it was interrupted', async () => {
    const stage = {
      platform: importing({ ...DONE, report: { ...DONE.report, complete: false } }),
      interruption: AbortSignal.abort(),
    }
    assert.equal((await play(['import', file, '--profile', 'berka'], stage)).code, 130)
  })

  test('refuses before anything is opened what cannot be read or written', async () => {
    const stage = { door: { openPlatform: () => assert.fail('it was opened') } }
    for (const [line, message] of [
      [['import', join(folder, 'nothing.csv'), '--profile', 'berka'], /There is no file/],
      [['import', folder, '--profile', 'berka'], /There is no file/],
      [['import', file, '--profile', 'berka', '--sandbox', 'live'], /"live" is not a sandbox/],
      [
        ['import', file, '--profile', 'berka', '--report', join(folder, 'no', 'r.json')],
        /is no folder that may be written to/,
      ],
      [['import', file, '--profile', 'berka', '--report', folder], /is a folder/],
    ] as const) {
      const { code, said } = await play(line, stage)
      assert.equal(code, 2)
      assert.match(said, message)
    }
  })

  test('passes on why a profile or a file is no good', async () => {
    const platform = importing({ ok: false, message: 'there is no profile "x"' })
    const { code, said } = await play(['import', file, '--profile', 'x'], { platform })
    assert.deepEqual([code, said], [2, 'error: there is no profile "x"\n'])
  })
})
