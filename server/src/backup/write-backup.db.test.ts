import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type TestCluster, withCluster } from '../../test/support/postgres.ts'
import { segmentsBetween } from './core/log-names.ts'
import { type BackupWritten, readBackups, writeBackup } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-backup-'))
const home = join(folder, 'home')
mkdirSync(home)

describe('a backup of a running cluster', () => {
  let own: TestCluster

  before(async () => {
    own = await withCluster()
  })

  after(async () => {
    await own?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const backUp = (to: string | null): Promise<BackupWritten> =>
    writeBackup({
      cluster: own.cluster,
      dataDir: home,
      folder: to,
      release: 'test',
      newestMigration: 1,
      masterKeyFingerprint: '00',
      onProgress: () => undefined,
      signal: new AbortController().signal,
    })

  test('is whole, with the log that it needs', async () => {
    const { manifest } = await backUp(join(folder, 'one'))
    const [entry] = await readBackups(join(folder, 'one'))
    assert.deepEqual(entry, { kind: 'whole', manifest })
    const log = readdirSync(join(folder, 'one', 'wal'))
    for (const name of segmentsBetween(manifest.firstSegment, manifest.lastSegment))
      assert.ok(log.includes(`${name}.zst`), name)
  })
})
