import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { SetupProblem } from '../kit/index.ts'
import { copyFile } from './copy-file.ts'
import { PAGE_BYTES } from './limits.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-copy-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** A page with a header, written long before the copy began, whose checksum says something else. */
const page = Buffer.alloc(PAGE_BYTES, 7)
page.writeUInt32LE(0, 0)
page.writeUInt32LE(1, 4)

const copy = (path: string) => {
  const [from, to] = [join(folder, 'from'), join(folder, path.replaceAll('/', '-'))]
  writeFileSync(from, page)
  return copyFile({ from, to, path, startLsn: 1_000n, onBytes: () => undefined })
}

test('a page that does not agree with its checksum is no backup', async () => {
  await assert.rejects(
    copy('base/5/16400'),
    (error: unknown) => error instanceof SetupProblem && /damaged page: block 0/.test(error.message),
  )
})

test('a map of free space that a power cut left half written is copied: PostgreSQL makes it anew', async () => {
  for (const path of ['base/5/16400_fsm', 'base/5/16400_vm']) {
    const { bytes, pagesChecked } = await copy(path)
    assert.deepEqual([bytes, pagesChecked], [PAGE_BYTES, 0])
    assert.deepEqual(readFileSync(join(folder, path.replaceAll('/', '-'))), page)
  }
})
