import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { manifestFrom } from './manifest.ts'
import type { BackupManifest } from './model.ts'

const MANIFEST: BackupManifest = {
  object: 'evenkeel_backup',
  format: 1,
  id: '20261123T014500Z-3f9a1c',
  startedAt: '2026-11-23T01:45:00.123456Z',
  endedAt: '2026-11-23T01:45:09.000001Z',
  release: '0.1.0',
  newestMigration: 21,
  postgresVersion: 180_004,
  systemIdentifier: '7423',
  timeline: 1,
  startLsn: '0/3000028',
  endLsn: '0/3000158',
  firstSegment: '000000010000000000000003',
  lastSegment: '000000010000000000000003',
  masterKeyFingerprint: 'ab'.repeat(16),
  files: [
    { path: 'PG_VERSION', bytes: 3, sha256: 'a'.repeat(64) },
    { path: 'base/5/1259', bytes: 8_192, sha256: 'b'.repeat(64) },
  ],
  folders: ['pg_wal', 'base/5'],
  bytes: 8_195,
  pagesChecked: 1,
}

const whyNot = (changes: Readonly<Record<string, unknown>>): string | null => {
  const read = manifestFrom(JSON.stringify({ ...MANIFEST, ...changes }))
  return read.ok ? null : read.why
}

describe('a manifest', () => {
  test('is read as it was written', () => {
    assert.deepEqual(manifestFrom(JSON.stringify(MANIFEST)), { ok: true, manifest: MANIFEST })
  })

  test('that was cut off anywhere is none', () => {
    const text = JSON.stringify(MANIFEST)
    for (let length = 0; length < text.length; length += 1)
      assert.equal(manifestFrom(text.slice(0, length)).ok, false, String(length))
  })

  test('without one of its fields, or with a wrong one, is refused by name', () => {
    for (const name of Object.keys(MANIFEST)) assert.notEqual(whyNot({ [name]: undefined }), null, name)
    assert.equal(whyNot({ endedAt: 'yesterday' }), 'its manifest is wrong at endedAt')
    assert.equal(whyNot({ firstSegment: '1' }), 'its manifest is wrong at firstSegment')
    assert.equal(whyNot({ format: 2 }), 'it is of a newer release (format 2)')
  })

  test('leads nowhere outside the copy', () => {
    for (const path of ['../x', '/etc/passwd', 'base/../../x', 'base//x', '', 'a\\..\\b', './x'])
      assert.equal(
        whyNot({ files: [{ path, bytes: 8_195, sha256: 'a'.repeat(64) }] }),
        'its manifest is wrong at files',
        path,
      )
    assert.equal(whyNot({ folders: ['../x'] }), 'its manifest is wrong at folders')
  })

  test('that lost a file does not add up', () => {
    assert.equal(whyNot({ files: MANIFEST.files.slice(1) }), 'the sizes in its manifest do not add up')
  })
})
