import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { describe, test } from 'node:test'
import { play } from '../../test/stage.ts'
import type { BackupAsked, BackupDone, BackupEntry, BackupManifest, Door } from '../platform.ts'

const MANIFEST: BackupManifest = {
  id: '20261123T014500Z-3f9a1c',
  startedAt: '2026-11-23T01:45:00.123456Z',
  endedAt: '2026-11-23T01:45:09.000001Z',
  release: '0.1.0',
  newestMigration: 21,
  masterKeyFingerprint: 'ab'.repeat(16),
  files: [1, 2, 3],
  bytes: 5 * 1_048_576,
  pagesChecked: 640,
}

const DONE: BackupDone = {
  folder: '/srv/backups',
  manifest: MANIFEST,
  endedFolder: null,
  pruned: { removed: [], segments: 0 },
}

const backingUp = (
  changes: Partial<BackupDone> = {},
  asked: unknown[] = [],
): { readonly door: Partial<Door> } => ({
  door: {
    backUp: async ({ folder, keep }: BackupAsked) => {
      asked.push({ folder, keep })
      return { ...DONE, ...changes }
    },
  },
})

const listing = (backups: readonly BackupEntry[]): { readonly door: Partial<Door> } => ({
  door: { listBackups: async (folder) => ({ folder: folder ?? '/srv/backups', backups }) },
})

describe('backup', () => {
  test('says first that the master key is not in it, then what it wrote', async () => {
    const asked: unknown[] = []
    const { code, answer, said } = await play('backup copies', backingUp({}, asked))
    assert.equal(code, 0)
    assert.deepEqual(asked, [{ folder: resolve('copies'), keep: { count: null, days: null } }])
    assert.equal(
      said,
      'The master key is not in a backup, and without it a backup is useless.\nKeep a copy of it in another place: /srv/evenkeel/master.key\n',
    )
    assert.equal(
      answer,
      [
        'Backup 20261123T014500Z-3f9a1c is whole: 5 MB, 3 files, 640 pages checked, in 0.0 s.',
        'It is in /srv/backups',
        'It restores any moment since 2026-11-23 01:45:09 UTC, as long as the log is kept there.',
        '',
      ].join('\n'),
    )
  })

  test('tells what went, and which chain ended', async () => {
    const changes = { endedFolder: '/old', pruned: { removed: ['a', 'b'], segments: 14 } }
    const { answer, said } = await play('backup --keep 2 --keep-days 30', backingUp(changes))
    assert.match(answer, /^Removed 2 older backups, and 14 segments of the log\.$/m)
    assert.match(said, /^The log no longer goes to \/old/m)
  })

  test('gives programs JSON', async () => {
    const { answer } = await play('backup --json', backingUp({ pruned: { removed: ['a'], segments: 1 } }))
    const { id, bytes, files, removed, removed_segments } = JSON.parse(answer)
    assert.deepEqual([id, bytes, files, removed, removed_segments], [MANIFEST.id, 5_242_880, 3, ['a'], 1])
  })

  test('ends with 130 when it is stopped, and says that nothing was written', async () => {
    const interruption = AbortSignal.abort()
    const door = { backUp: () => Promise.reject(new Error('aborted')) }
    const { code, said } = await play('backup', { door, interruption })
    assert.equal(code, 130)
    assert.match(said, /This backup was not finished; those before it stand/)
  })

  test('refuses what does not go together, by name', async () => {
    const cases = [
      ['backup --keep 0', /"0" is no number for --keep/],
      ['backup --keep-days many', /"many" is no number for --keep-days/],
      ['backup --list --check', /--list, --check and --end are three commands/],
      ['backup --list --keep 3', /--keep and --keep-days are for writing a backup/],
      ['backup copies --end', /--end is for the folder that was chosen/],
    ] as const
    for (const [line, problem] of cases) {
      const { code, said } = await play(line)
      assert.equal(code, 2, line)
      assert.match(said, problem)
    }
  })
})

describe('backup --list', () => {
  const entries: readonly BackupEntry[] = [
    { kind: 'whole', manifest: MANIFEST },
    { kind: 'unfinished', id: '20261123T024500Z-000000' },
    { kind: 'damaged', id: '20261123T034500Z-000000', why: 'PG_VERSION is missing' },
  ]

  test('shows what lies there, and of what is damaged why', async () => {
    const { code, answer, said } = await play('backup --list', listing(entries))
    assert.equal(code, 0)
    assert.match(
      answer,
      /^20261123T014500Z-3f9a1c {2}whole {7}2026-11-23 01:45:09 UTC {2}5 MB {2}0\.1\.0 {4}abababab…$/m,
    )
    assert.match(answer, /^20261123T024500Z-000000 {2}unfinished$/m)
    assert.match(said, /20261123T034500Z-000000: PG_VERSION is missing/)
  })

  test('gives programs JSON', async () => {
    const { answer } = await play('backup --list --json', listing(entries))
    const states = JSON.parse(answer).backups.map(({ state }: { state: string }) => state)
    assert.deepEqual(states, ['whole', 'unfinished', 'damaged'])
  })
})

describe('backup --check', () => {
  const checking = (
    backups: readonly BackupEntry[],
    problems: readonly string[],
  ): { readonly door: Partial<Door> } => ({
    door: {
      checkBackups: async (_folder, onProgress) => {
        onProgress({ done: 1, total: 1 })
        return { folder: '/srv/backups', backups, log: { segments: 7, problems } }
      },
    },
  })

  test('says over how much all agrees', async () => {
    const { code, answer } = await play(
      'backup --check',
      checking([{ kind: 'whole', manifest: MANIFEST }], []),
    )
    assert.equal(code, 0)
    assert.match(answer, /^Everything agrees with its checksums: 1 backup and 7 segments of the log\.$/m)
  })

  test('ends with 1 when something is damaged, and names it', async () => {
    const { code, answer, said } = await play(
      'backup --check',
      checking([], ['000000010000000000000003 is missing']),
    )
    assert.equal(code, 1)
    assert.match(said, /log: 000000010000000000000003 is missing/)
    assert.match(
      answer,
      /^NOT GOOD: 1 thing damaged or missing beside 0 backups and 7 segments of the log\.$/m,
    )
  })
})

test('backup --end says which folder it was', async () => {
  const { answer } = await play('backup --end', { door: { endBackingUp: async () => '/srv/backups' } })
  assert.equal(answer, 'The log no longer goes to /srv/backups. What lies there stays.\n')
})
