import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import {
  type BackupEntry,
  checkBackups,
  readBackups,
  type Shipping,
  startShipping,
} from '../../src/backup/index.ts'
import { readArchiveChoice } from '../../src/database/index.ts'
import { testSize } from '../faults/size.ts'
import { type TestCluster, withCluster } from '../support/postgres.ts'

const KILLS = { ci: 1, full: 40 }[testSize()]
/** Of the load: it is to write while the copy is made, and not to take the machine. */
const PAUSE_MS = 20
const PROGRAM = join(import.meta.dirname, 'program.ts')

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-backup-kills-'))
const backups = join(folder, 'backups')
const home = join(folder, 'home')
mkdirSync(home)

const quiet = { info: () => undefined, warn: () => undefined }

/** Rows without end, so that pages are written while they are copied, and log arises. */
const startLoad = async (url: string): Promise<{ readonly stop: () => Promise<number> }> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('create table public.load (id bigint primary key, words text)')
  let stopped = false
  let rows = 0
  const loop = async (): Promise<void> => {
    while (!stopped) {
      await client.query(
        `insert into public.load select $1 + row, repeat('x', 400) from generate_series(1, 200) row`,
        [rows],
      )
      await client.query(
        `update public.load set words = 'y' || words where id % 2 = 0 and id between $1 and $2`,
        [rows / 2, rows / 2 + 20],
      )
      rows += 200
      await sleep(PAUSE_MS)
    }
  }
  const running = loop()
  const end = async (): Promise<void> => {
    stopped = true
    await running
    await client.end()
  }
  let ending: Promise<void> | null = null
  return {
    stop: async () => {
      ending ??= end()
      await ending
      return rows
    },
  }
}

const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((done) => child.once('exit', (code) => done(code)))

describe('backups that are killed half-way', () => {
  let own: TestCluster
  let shipping: Shipping

  before(async () => {
    own = await withCluster({ archives: true })
    const { cluster } = own
    shipping = startShipping({ cluster, clock: { now: () => Date.now() }, log: quiet })
  })

  after(async () => {
    await shipping?.stop()
    await own?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** One run of the program, killed once it has come so far; its exit code. */
  const runUpTo = async (percent: number | null): Promise<number | null> => {
    const { folder: clusterFolder } = own.cluster.layout
    const child = spawn(process.execPath, [PROGRAM, clusterFolder, backups, home], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (piece: Buffer) => {
      said += piece.toString()
      const far = Number(said.trimEnd().split('\n').at(-1))
      if (percent !== null && far >= percent) child.kill('SIGKILL')
    })
    return ended(child)
  }

  const entries = (): Promise<readonly BackupEntry[]> => readBackups(backups)
  const idsOf = (found: readonly BackupEntry[]): readonly string[] =>
    found.flatMap((entry) => (entry.kind === 'whole' ? [entry.manifest.id] : []))

  test('are never taken for whole ones, and the next one goes on', async (t) => {
    const load = await startLoad(own.cluster.url)
    t.after(load.stop)
    assert.equal(await runUpTo(null), 0)
    let whole = idsOf(await entries())
    assert.equal(whole.length, 1)
    let killed = 0
    for (let kill = 0; kill < KILLS; kill += 1) {
      // Spread over the whole of a run, and a little at random; the last one while it waits for its log.
      const code = await runUpTo(
        kill === KILLS - 1 ? 101 : Math.floor((100 * (kill + Math.random())) / (KILLS - 1)),
      )
      const found = await entries()
      const now = idsOf(found)
      assert.deepEqual(now.slice(0, whole.length), whole, 'what was whole stays so')
      assert.equal(
        found.some(({ kind }) => kind === 'damaged'),
        false,
        JSON.stringify(found.map(({ kind }) => kind)),
      )
      if (now.length > whole.length)
        t.diagnostic(`kill ${kill} came after the manifest, or not at all (${code})`)
      else killed += 1
      whole = now
    }
    assert.ok(killed > KILLS / 2, `only ${killed} of ${KILLS} kills hit a backup`)

    assert.equal(await runUpTo(null), 0)
    const rows = await load.stop()
    const found = await checkBackups(backups, () => undefined, new AbortController().signal)
    assert.deepEqual(found.log.problems, [])
    assert.deepEqual(
      found.backups.map(({ kind }) => kind),
      [...whole, 'last'].map(() => 'whole'),
      'nothing unfinished stays behind',
    )
    assert.deepEqual(
      readdirSync(join(backups, 'wal')).filter((name) => !name.endsWith('.zst')),
      [],
    )
    const choice = readArchiveChoice(own.cluster.layout)
    assert.deepEqual([choice.folder, choice.next, choice.brokenAt], [backups, null, null])
    t.diagnostic(
      `${killed} of ${KILLS} killed half-way, ${rows} rows meanwhile, ${found.log.segments} segments`,
    )
  })
})
