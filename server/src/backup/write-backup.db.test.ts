import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TestCluster, withCluster } from '../../test/support/postgres.ts'
import { readArchiveChoice, tryLock, withClient } from '../database/index.ts'
import { segmentsBetween } from './core/log-names.ts'
import {
  type BackupWanted,
  type BackupWritten,
  baseFolder,
  checkBackups,
  endBackups,
  prune,
  readBackups,
  writeBackup,
} from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'evenkeel-backup-'))
const home = join(root, 'home')
mkdirSync(home)
const folderOf = (name: string): string => join(root, name)

describe('a backup of a running cluster', () => {
  let own: TestCluster

  before(async () => {
    own = await withCluster()
  })

  after(async () => {
    await own?.close()
    rmSync(root, { recursive: true, force: true })
  })

  const backUp = (folder: string | null, changes: Partial<BackupWanted> = {}): Promise<BackupWritten> =>
    writeBackup({
      cluster: own.cluster,
      dataDir: home,
      folder,
      release: 'test',
      newestMigration: 1,
      masterKeyFingerprint: '00',
      onProgress: () => undefined,
      signal: new AbortController().signal,
      ...changes,
    })

  const wholeIn = async (folder: string): Promise<readonly string[]> =>
    (await readBackups(folder)).flatMap((entry) => (entry.kind === 'whole' ? [entry.manifest.id] : []))

  /** A test may run alone. */
  const ensureOne = async (): Promise<readonly string[]> => {
    const folder = folderOf('one')
    if (!existsSync(folder)) await backUp(folder)
    return wholeIn(folder)
  }

  const choice = () => readArchiveChoice(own.cluster.layout)
  /** Several statements; of the last one the first row. */
  const ask = (...statements: readonly string[]): Promise<Readonly<Record<string, unknown>>> =>
    withClient(own.cluster.url, async (client) => {
      let row: Readonly<Record<string, unknown>> = {}
      for (const statement of statements) row = (await client.query(statement)).rows[0] ?? {}
      return row
    })

  test('that is refused changes nothing', async () => {
    const stranger = folderOf('stranger')
    mkdirSync(stranger)
    writeFileSync(join(stranger, 'letters.txt'), 'mine')
    await assert.rejects(backUp(stranger), /is not a folder of Evenkeel's backups/)
    assert.deepEqual(readdirSync(stranger), ['letters.txt'])
    await assert.rejects(backUp(join(home, 'backups')), /lie within each other/)
    await assert.rejects(backUp(root), /lie within each other/)
    assert.deepEqual(readdirSync(home), [])
    await assert.rejects(backUp(join(stranger, 'letters.txt')), /is or lies below a file/)
    await assert.rejects(backUp(null), /No folder of backups was chosen yet/)
    assert.equal(existsSync(own.cluster.layout.outbox), false, 'and the log is not kept')
  })

  test('is whole once its log has arrived, and not before', async () => {
    const folder = folderOf('one')
    const lock = tryLock(join(own.cluster.layout.folder, 'ship.lock'))
    let far = ''
    const writing = backUp(folder, {
      onProgress: ({ step }) => {
        far = step
      },
    })
    // The copy is done, and nobody may ship.
    while (far !== 'log') await sleep(10)
    for (let look = 0; look < 3; look += 1) {
      assert.deepEqual(
        (await readBackups(folder)).map(({ kind }) => kind),
        ['unfinished'],
      )
      await sleep(50)
    }
    lock?.release()
    const { manifest } = await writing
    assert.deepEqual(await readBackups(folder), [{ kind: 'whole', manifest }])
    const log = readdirSync(join(folder, 'wal'))
    for (const name of segmentsBetween(manifest.firstSegment, manifest.lastSegment))
      assert.ok(log.includes(`${name}.zst`), name)
    assert.ok(manifest.pagesChecked > 1_000)
    assert.deepEqual(choice(), {
      folder,
      next: null,
      last: { id: manifest.id, endedAt: manifest.endedAt },
      brokenAt: null,
    })
  })

  test('holds no settings of this machine, no log and no key', async () => {
    await ensureOne()
    const [entry] = await readBackups(folderOf('one'))
    assert.ok(entry?.kind === 'whole')
    const paths = entry.manifest.files.map(({ path }) => path)
    assert.equal(
      paths.some((path) => /^pg_wal\/|postmaster|evenkeel.*\.conf|master\.key/.test(path)),
      false,
    )
    for (const needed of [
      'global/pg_control',
      'backup_label',
      'PG_VERSION',
      'postgresql.conf',
      'pg_hba.conf',
    ])
      assert.ok(paths.includes(needed), needed)
  })

  test('is not written where two are written at once', async () => {
    const lock = tryLock(join(own.cluster.layout.folder, 'backup.lock'))
    assert.ok(lock !== null)
    await assert.rejects(backUp(null), /A backup of this database is being written at this moment/)
    lock.release()
  })

  test('of damaged pages is refused by name, and those before it stand', async () => {
    const before = await ensureOne()
    const { path } = await ask(
      `create table public.damaged as select id, repeat('x', 500) as words from generate_series(1, 500) id`,
      'checkpoint',
      `select pg_relation_filepath('public.damaged') as path`,
    )
    const file = join(own.cluster.dataFolder, String(path))
    const whole = readFileSync(file)
    const torn = Buffer.from(whole)
    torn.writeUInt8((torn[8_192 * 3 + 5_000] ?? 0) ^ 1, 8_192 * 3 + 5_000)
    writeFileSync(file, torn)
    await assert.rejects(backUp(null), new RegExp(`block 3 of the file ${String(path)} does not agree`))
    // A place that the log has not reached would excuse any page, if it were believed.
    const future = Buffer.from(whole)
    future.writeUInt32LE(0x7fff, 8_192 * 2)
    writeFileSync(file, future)
    await assert.rejects(backUp(null), /names a place that the log has not reached/)
    writeFileSync(file, whole)
    assert.deepEqual(await wholeIn(folderOf('one')), before)
    assert.equal((await readBackups(folderOf('one'))).length, before.length, 'nothing half-done stays behind')
    assert.equal(choice().folder, folderOf('one'))
  })

  test('that is stopped, or ends with its folder, leaves the one before in its place', async () => {
    await ensureOne()
    const stop = new AbortController()
    const other = folderOf('stopped')
    await assert.rejects(backUp(other, { signal: stop.signal, onProgress: () => stop.abort() }))
    assert.deepEqual(await readBackups(other), [])
    assert.deepEqual([choice().folder, choice().next], [folderOf('one'), null])
    await assert.rejects(
      backUp(folderOf('lost'), {
        onProgress: () => rmSync(folderOf('lost'), { recursive: true, force: true }),
      }),
      /is out of reach/,
    )
    assert.deepEqual([choice().folder, choice().next], [folderOf('one'), null])
  })

  test('in another folder ends the chain of the first, which stays whole', async () => {
    const { endedFolder } = await backUp(folderOf('other'))
    assert.equal(endedFolder, folderOf('one'))
    assert.equal(choice().folder, folderOf('other'))
    assert.equal((await wholeIn(folderOf('one'))).length, 1)
    const before = readdirSync(join(folderOf('one'), 'wal')).length
    await ask(`create table public.more as select repeat('x', 100)`, 'select pg_switch_wal()')
    await backUp(null)
    assert.equal(readdirSync(join(folderOf('one'), 'wal')).length, before)
  })

  test('goes when it need not stay, with the log that only it needed', async () => {
    const folder = folderOf('other')
    const [first, second] = await wholeIn(folder)
    const newest = (await readBackups(folder)).at(-1)
    assert.ok(newest?.kind === 'whole')
    const pruned = await prune(folder, { count: 1, days: null }, BigInt(Date.now()) * 1_000n)
    assert.deepEqual(pruned.removed, [first])
    assert.ok(pruned.segments > 0)
    assert.deepEqual(readdirSync(baseFolder(folder)), [second])
    assert.equal(readdirSync(join(folder, 'wal')).toSorted()[0], `${newest.manifest.firstSegment}.zst`)
    const found = await checkBackups(folder, () => undefined, new AbortController().signal)
    assert.deepEqual([found.backups.map(({ kind }) => kind), found.log.problems], [['whole'], []])
  })

  test('that somebody has changed is found by reading it', async () => {
    const folder = folderOf('other')
    const [id = ''] = await wholeIn(folder)
    const file = join(baseFolder(folder), id, 'data', 'PG_VERSION')
    writeFileSync(file, '19\n')
    const check = () => checkBackups(folder, () => undefined, new AbortController().signal)
    assert.deepEqual((await check()).backups, [
      { kind: 'damaged', id, why: 'PG_VERSION does not agree with its checksum' },
    ])
    writeFileSync(file, '18')
    assert.deepEqual(await readBackups(folder), [
      { kind: 'damaged', id, why: 'PG_VERSION has 2 bytes and should have 3' },
    ])
    writeFileSync(file, '18\n')
    const log = join(folder, 'wal', readdirSync(join(folder, 'wal')).toSorted()[0] ?? '')
    const packed = readFileSync(log)
    writeFileSync(log, packed.subarray(0, packed.length - 9))
    assert.match((await check()).log.problems[0] ?? '', /does not agree with its checksum/)
  })

  test('may be the last one', async () => {
    assert.equal(await endBackups(own.cluster), folderOf('other'))
    assert.equal(choice().folder, null)
    assert.equal(existsSync(own.cluster.layout.outbox), false)
    assert.equal((await ask(`select current_setting('archive_command') as command`))['command'], 'exit 0')
  })
})
