import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, describe, test } from 'node:test'
import pg from 'pg'
import { type Cluster, type ClusterOptions, ensureCluster } from './ensure-cluster.ts'
import { isRunning, waitForExit } from './processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-cluster-'))
// mkdtemp closes it to the user that root's cluster runs as.
chmodSync(folder, 0o711)
after(() => rmSync(folder, { recursive: true, force: true }))

const PASSWORD = 'a password of tests'
const HOLDER = join(import.meta.dirname, '..', '..', '..', 'test', 'hold-cluster', 'main.ts')

const DURABLE = { memoryBytes: 536_870_912, diskBytes: 2_147_483_648 }

const ensure = (name: string, changed: Partial<ClusterOptions> = {}): Promise<Cluster> =>
  ensureCluster({
    folder: join(folder, name),
    superuserPassword: PASSWORD,
    log: { info: () => undefined, warn: () => undefined },
    role: 'server',
    tuning: { ...DURABLE, unsafe: true },
    ...changed,
  })

const ask = async (cluster: Cluster, statement: string): Promise<Record<string, unknown> | undefined> => {
  const client = new pg.Client({ connectionString: cluster.url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const result = await client.query<Record<string, unknown>>(statement)
    return result.rows[0]
  } finally {
    await client.end()
  }
}

type Said = { adopted?: boolean; created?: boolean; pid?: number; problem?: string }

const holdElsewhere = async (name: string, role: 'server' | 'guest'): Promise<[ChildProcess, Said]> => {
  const child = spawn(process.execPath, [HOLDER, join(folder, name), role], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  assert.notEqual(child.stdout, null)
  const [line] = await once(createInterface({ input: child.stdout ?? process.stdin }), 'line')
  return [child, JSON.parse(String(line)) as Said]
}

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  const ended = child.exitCode === null ? once(child, 'exit') : null
  child.kill(signal)
  await ended
}

describe('an ordinary life', () => {
  test('a cluster is created, keeps its port and its data, and is found stopped when nobody uses it', async () => {
    const first = await ensure('life')
    assert.deepEqual([first.created, first.adopted], [true, false])
    await ask(first, 'create table kept as select 42 as answer')
    await first.stop()
    assert.equal(isRunning(first.pid()), false)

    const second = await ensure('life')
    assert.deepEqual([second.created, second.adopted, second.port], [false, false, first.port])
    assert.equal((await ask(second, 'select answer from kept'))?.['answer'], 42)
    await second.stop()
    await second.stop()
  })

  test('it has checksums, the locale C, and listens to this machine only', async () => {
    const cluster = await ensure('settings', {
      tuning: { memoryBytes: 536_870_912, diskBytes: 2_147_483_648 },
    })
    const found = await ask(
      cluster,
      `select current_setting('data_checksums') as checksums, current_setting('fsync') as fsync,
              current_setting('synchronous_commit') as synchronous, current_setting('full_page_writes') as pages,
              current_setting('listen_addresses') as listen, current_setting('unix_socket_directories') as sockets,
              current_setting('server_encoding') as encoding, current_setting('server_version_num')::int / 10000 as major,
              (select datcollate from pg_database where datname = current_database()) as locale`,
    )
    assert.deepEqual(found, {
      checksums: 'on',
      fsync: 'on',
      synchronous: 'on',
      pages: 'on',
      listen: '127.0.0.1',
      sockets: '',
      encoding: 'UTF8',
      major: 18,
      locale: 'C',
    })
    await cluster.stop()
  })

  test('a wrong password is told from a broken database, and leaves nothing running', async () => {
    const made = await ensure('key')
    await made.stop()
    await assert.rejects(ensure('key', { superuserPassword: 'another' }), /made with another master key/)
    const again = await ensure('key')
    assert.equal(again.adopted, false)
    await again.stop()
  })
})

describe('several at once', () => {
  test('of two servers that start at once one creates the cluster and the other is told who has it', async () => {
    const started = await Promise.all([
      holdElsewhere('servers', 'server'),
      holdElsewhere('servers', 'server'),
    ])
    const [winner] = started.filter(([, said]) => said.created === true)
    const [loser] = started.filter(([, said]) => said.problem !== undefined)
    // Before anything is asserted: a process that holds a cluster would keep the tests from ending.
    for (const [child] of started) await end(child, 'SIGTERM')
    assert.ok(winner !== undefined && loser !== undefined, JSON.stringify(started.map(([, said]) => said)))
    // For a moment the winner has the folder and has not written down yet who he is.
    assert.match(
      loser[1].problem ?? '',
      new RegExp(`in use by another Evenkeel server \\((process ${winner[0].pid},|another process)`),
    )
    assert.equal(isRunning(winner[1].pid ?? 0), false)
  })

  test('of commands that start at once one creates the cluster, all use it, and the last one stops it', async () => {
    const clusters = await Promise.all([1, 2, 3].map(() => ensure('guests', { role: 'guest' })))
    assert.equal(clusters.filter(({ created }) => created).length, 1)
    assert.equal(new Set(clusters.map(({ pid }) => pid())).size, 1)
    const [first, second, third] = clusters
    assert.ok(first !== undefined && second !== undefined && third !== undefined)
    await first.stop()
    await second.stop()
    assert.equal((await ask(third, 'select 1 as one'))?.['one'], 1)
    await third.stop()
    assert.equal(isRunning(third.pid()), false)
  })

  test('a command beside a server leaves it running', async () => {
    const server = await ensure('beside')
    const guest = await ensure('beside', { role: 'guest' })
    assert.deepEqual([guest.adopted, guest.pid()], [true, server.pid()])
    await guest.stop()
    assert.equal((await ask(server, 'select 1 as one'))?.['one'], 1)
    await server.stop()
  })
})

describe('after a crash', () => {
  test('the cluster of a killed parent is adopted, and stopped by who adopted it', async () => {
    const [parent, said] = await holdElsewhere('orphan', 'server')
    await end(parent, 'SIGKILL')
    assert.equal(isRunning(said.pid ?? 0), true)
    const cluster = await ensure('orphan')
    assert.deepEqual([cluster.adopted, cluster.pid()], [true, said.pid])
    await cluster.stop()
    assert.equal(isRunning(said.pid ?? 0), false)
  })

  test('a stale postmaster.pid is no obstacle, not even when its pid is now somebody else’s', async () => {
    const made = await ensure('stale')
    await made.stop()
    const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
    await once(gone, 'exit')
    for (const pid of [gone.pid, process.pid, process.ppid]) {
      const lines = [pid, made.dataFolder, 1_700_000_000, made.port, '', '127.0.0.1', '  1 1', 'ready   ', '']
      writeFileSync(join(made.dataFolder, 'postmaster.pid'), lines.join('\n'))
      const cluster = await ensure('stale')
      assert.equal(cluster.adopted, false)
      await cluster.stop()
    }
  })

  test('a killed PostgreSQL is started again on the same port with what was committed', async () => {
    const cluster = await ensure('revived', { tuning: DURABLE })
    await ask(cluster, 'create table kept as select 42 as answer')
    const before = cluster.pid()
    process.kill(before, 'SIGKILL')
    await waitForExit(before, 5_000)
    const deadline = performance.now() + 20_000
    while (cluster.pid() === before && performance.now() < deadline)
      await new Promise((done) => setTimeout(done, 20))
    assert.notEqual(cluster.pid(), before)
    assert.equal((await ask(cluster, 'select answer from kept'))?.['answer'], 42)
    await cluster.stop()
  })

  test('a start waits for the backends that a killed postmaster left behind', async () => {
    const cluster = await ensure('backends', { role: 'guest' })
    const client = new pg.Client({ connectionString: cluster.url })
    client.on('error', () => undefined)
    await client.connect()
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const backend = rows[0]?.pid ?? 0
    process.kill(backend, 'SIGSTOP')
    process.kill(cluster.pid(), 'SIGKILL')
    await waitForExit(cluster.pid(), 5_000)
    const starting = ensure('backends')
    await new Promise((done) => setTimeout(done, 600))
    process.kill(backend, 'SIGCONT')
    const again = await starting
    assert.equal(again.adopted, false)
    assert.equal(isRunning(backend), false)
    await client.end().catch(() => undefined)
    await again.stop()
    await cluster.stop()
  })

  test('a creation that was cut off is begun anew', async () => {
    mkdirSync(join(folder, 'cut', 'data.unfinished'), { recursive: true })
    writeFileSync(join(folder, 'cut', 'data.unfinished', 'PG_VERSION'), '18\n')
    const cluster = await ensure('cut')
    assert.equal(cluster.created, true)
    await cluster.stop()
  })
})

test('the data of another PostgreSQL are refused and left as they are', async () => {
  const made = await ensure('version')
  await made.stop()
  const file = join(made.dataFolder, 'PG_VERSION')
  writeFileSync(file, '17\n')
  await assert.rejects(ensure('version'), /made by PostgreSQL 17; this release runs PostgreSQL 18/)
  assert.equal(readFileSync(file, 'utf8'), '17\n')
})

test('a port that somebody else took is replaced by another', async () => {
  const made = await ensure('port')
  await made.stop()
  const { createServer } = await import('node:net')
  const other = createServer().listen(made.port, '127.0.0.1')
  await once(other, 'listening')
  const cluster = await ensure('port')
  assert.notEqual(cluster.port, made.port)
  await cluster.stop()
  other.close()
})

test('root’s cluster goes where the other user can reach it', {
  skip: process.getuid?.() !== 0,
}, async () => {
  mkdirSync(join(folder, 'home'), { mode: 0o700 })
  const first = await ensure('home/postgres')
  const elsewhere = join(first.dataFolder, '..')
  try {
    assert.match(first.dataFolder, /^\/var\/lib\/evenkeel\//)
    await ask(first, 'create table kept as select 42 as answer')
    await first.stop()
    const second = await ensure('home/postgres')
    assert.deepEqual([second.created, second.dataFolder], [false, first.dataFolder])
    assert.equal((await ask(second, 'select answer from kept'))?.['answer'], 42)
    await second.stop()
  } finally {
    rmSync(elsewhere, { recursive: true, force: true })
  }
})
