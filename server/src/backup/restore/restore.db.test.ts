import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { endPostgres } from '../../../test/faults/processes/postgres.ts'
import { type TestCluster, testMasterKey, withCluster } from '../../../test/support/postgres.ts'
import { ensureCluster, readRestoreNote, withClient } from '../../database/index.ts'
import { rolePassword } from '../../vault/index.ts'
import { showMoment } from '../core/restore-moment.ts'
import { type BackupManifest, createShipper, type Restored, restore, writeBackup } from '../index.ts'

const root = mkdtempSync(join(tmpdir(), 'evenkeel-restore-'))
// Root's PostgreSQL runs as another user, who must be able to pass through.
chmodSync(root, 0o711)
const quiet = { info: () => undefined, warn: () => undefined }
const signal = new AbortController().signal
const tuning = { memoryBytes: 1_073_741_824, diskBytes: 2_147_483_648 }
const PROCESS = fileURLToPath(import.meta.resolve('../../../test/faults/restore/restore-process.ts'))

type Wanted = {
  readonly folder: string
  readonly cluster: string
  readonly to?: string
  readonly backup?: string
}

const restoring = ({ folder, cluster, to, backup }: Wanted, more: object = {}): Promise<Restored> =>
  restore({
    folder,
    cluster,
    to: to ?? null,
    backup: backup ?? null,
    dead: null,
    fingerprints: ['11', '00'],
    now: Date.now,
    log: quiet,
    tuning,
    signal,
    onProgress: () => undefined,
    ...more,
  })

const nothingIn = (cluster: string): boolean =>
  !existsSync(cluster) ||
  (readRestoreNote(cluster) === null && readdirSync(cluster).every((name) => !name.startsWith('data')))

const flip = (file: string, at: number): void => {
  const bytes = readFileSync(file)
  bytes[at] = (bytes[at] ?? 0) ^ 0xff
  writeFileSync(file, bytes)
}

describe('a restore', () => {
  let own: TestCluster
  let manifest: BackupManifest
  let middle = ''
  let final = ''
  const folder = join(root, 'backups')
  let count = 0
  /** Copies of the folder, to damage. */
  const copied = (): string => {
    count += 1
    const copy = join(root, `backups-${count}`)
    cpSync(folder, copy, { recursive: true })
    return copy
  }
  const fresh = (): string => {
    count += 1
    const home = join(root, `home-${count}`)
    mkdirSync(home, { mode: 0o711 })
    return join(home, 'postgres')
  }
  const segments = (of: string): string[] =>
    readdirSync(join(of, 'wal'))
      .filter((name) => /^[0-9A-F]{24}\.zst$/.test(name))
      .toSorted()

  before(async () => {
    own = await withCluster({ archives: true })
    const home = join(root, 'first')
    mkdirSync(home)
    const { cluster } = own
    const written = await writeBackup({
      cluster,
      dataDir: home,
      folder,
      release: 'test',
      newestMigration: 1,
      masterKeyFingerprint: '00',
      onProgress: () => undefined,
      signal,
    })
    manifest = written.manifest
    // Three transactions, each in a segment of its own, and a moment between the second and the third.
    await withClient(cluster.url, async (client) => {
      await client.query('create table public.told (number integer)')
      await client.query('select pg_switch_wal()')
      await client.query('insert into public.told values (1)')
      const { rows } = await client.query<{ micros: bigint }>(
        'select (extract(epoch from clock_timestamp()) * 1000000)::bigint as micros',
      )
      middle = showMoment(BigInt(rows[0]?.micros ?? 0))
      await client.query('select pg_switch_wal()')
      await client.query('insert into public.told values (2)')
      const last = await client.query<{ name: string }>(
        'select pg_walfile_name(pg_current_wal_lsn()) as name',
      )
      final = `${last.rows[0]?.name}.zst`
      await client.query('select pg_switch_wal()')
    })
    const shipper = createShipper()
    for (let times = 0; !segments(folder).includes(final); times++) {
      assert.ok(times < 600, `${final} was never archived`)
      await shipper.ship(cluster.layout)
      await sleep(100)
    }
  })

  after(async () => {
    await own?.close()
    rmSync(root, { recursive: true, force: true })
  })

  test('is refused for another master key, for a moment beyond the log, and for one before the backup', async () => {
    const cluster = fresh()
    await assert.rejects(restoring({ folder, cluster }, { fingerprints: ['11'] }), {
      name: 'SetupProblem',
      message: /^This master key is not the one of the backup/,
    })
    await assert.rejects(restoring({ folder, cluster, to: '2099-01-01T00:00:00Z' }), {
      message: /later than the log .* whose last transaction ended at 20/,
      fix: /--wal/,
    })
    await assert.rejects(restoring({ folder, cluster, to: manifest.startedAt }), {
      message: /is before the oldest backup/,
    })
    await assert.rejects(restoring({ folder: root, cluster }), {
      message: /There are no backups of Evenkeel in/,
    })
    assert.ok(nothingIn(cluster))
  })

  test('is refused where a file of the copy does not agree with its checksum, or is missing', async () => {
    const cluster = fresh()
    const [damaged, lacking] = [copied(), copied()]
    const file =
      manifest.files.find(({ path, bytes }) => path.startsWith('base/') && bytes > 8_192)?.path ?? ''
    flip(join(damaged, 'base', manifest.id, 'data', file), 5_000)
    await assert.rejects(restoring({ folder: damaged, cluster }), {
      message: `The backup ${manifest.id} is damaged: ${file} does not agree with its checksum`,
    })
    rmSync(join(lacking, 'base', manifest.id, 'data', file))
    await assert.rejects(restoring({ folder: lacking, cluster, backup: manifest.id }), {
      message: new RegExp(`is damaged: ${file}`),
    })
    assert.ok(nothingIn(cluster))
  })

  test('is refused where the log has a hole, unless a moment before it is asked for', async () => {
    const cluster = fresh()
    const holed = copied()
    const [, second = '', third = ''] = segments(holed)
    rmSync(join(holed, 'wal', third))
    await assert.rejects(restoring({ folder: holed, cluster }), {
      message: new RegExp(`the segment ${third.slice(0, 24)} is missing, and later ones are there`),
      fix: /--to with a moment before 20/,
    })
    await assert.rejects(restoring({ folder: holed, cluster, to: '2099-01-01T00:00:00Z' }), {
      message: /lies behind a hole in the log/,
    })
    rmSync(join(holed, 'wal', second))
    rmSync(join(holed, 'wal', segments(holed)[0] ?? ''))
    await assert.rejects(restoring({ folder: holed, cluster }), {
      message: /The log that the backup .* needs is not in/,
    })
    assert.ok(nothingIn(cluster))
  })

  test('ends where a segment of the log is damaged, by its name, and leaves nothing', async () => {
    const cluster = fresh()
    const damaged = copied()
    // Behind what the base itself needs, where PostgreSQL would open the database without complaint.
    const second = segments(damaged).at(-2) ?? ''
    assert.ok(second.slice(0, 24) > manifest.lastSegment)
    const file = join(damaged, 'wal', second)
    flip(file, Math.floor(readFileSync(file).length / 2))
    await assert.rejects(restoring({ folder: damaged, cluster }), {
      message: new RegExp(`^The segment ${second.slice(0, 24)} of the log in .* is damaged`),
    })
    assert.ok(nothingIn(cluster))
  })

  const killedWhile = async (step: string, cluster: string): Promise<void> => {
    const child = spawn(process.execPath, [PROCESS, folder, cluster, middle], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.stdout.on('data', (data: Buffer) => {
      if (data.toString().includes(step)) child.kill('SIGKILL')
    })
    await ended
    assert.equal(child.signalCode, 'SIGKILL')
  }

  test('that is killed half-way leaves no database; the next one makes it, as it stood at the moment', async () => {
    const cluster = fresh()
    const options = {
      folder: cluster,
      superuserPassword: rolePassword(testMasterKey, 'superuser'),
      log: quiet,
      role: 'server',
      tuning,
    } as const
    for (const step of ['copying', 'replaying']) {
      await killedWhile(step, cluster)
      assert.ok(!existsSync(join(cluster, 'data')))
      await assert.rejects(ensureCluster(options), {
        message: /A restore into .* was begun and not finished/,
      })
    }
    // Somebody has restored this base before, and his lives have numbers that must not be had twice.
    const shared = copied()
    writeFileSync(join(shared, 'wal', '000000050000000000000009.zst'), '')
    const { moment, asked } = await restoring({ folder: shared, cluster, to: middle })
    assert.equal(asked, middle)
    assert.ok(moment <= middle)
    assert.equal(readRestoreNote(cluster)?.state, 'restored')
    const started = await ensureCluster(options)
    try {
      await withClient(started.url, async (client) => {
        assert.deepEqual((await client.query('select number from public.told')).rows, [{ number: 1 }])
        const { rows } = await client.query('select timeline_id as life from pg_control_checkpoint()')
        assert.deepEqual(rows, [{ life: 6 }])
      })
    } finally {
      await started.stop()
      endPostgres(join(cluster, 'data'))
    }
    await assert.rejects(restoring({ folder, cluster }), { message: /There is a database in .* already/ })
  })
})
