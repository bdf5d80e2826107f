import assert from 'node:assert/strict'
import { test } from 'node:test'
import { archiveLines, type ConfOptions, confLines, HBA, renderArchiveConf, renderConf } from './conf.ts'
import type { Machine } from './machine.ts'

const GIGABYTE = 1_073_741_824
const machine: Machine = { memoryBytes: 24 * GIGABYTE, cores: 2, diskBytes: 80 * GIGABYTE, platform: 'linux' }
const options: ConfOptions = { port: 20_000, walCompression: 'lz4', unsafe: false }

const valuesOf = (changed: Partial<Machine> = {}, asked: Partial<ConfOptions> = {}): Map<string, string> =>
  new Map(
    confLines({ ...machine, ...changed }, { ...options, ...asked }).map(({ name, value }) => [name, value]),
  )

test('durability is on, whatever the machine', () => {
  for (const memoryBytes of [GIGABYTE / 2, 512 * GIGABYTE]) {
    const values = valuesOf({ memoryBytes })
    for (const name of ['fsync', 'full_page_writes', 'synchronous_commit'])
      assert.equal(values.get(name), 'on')
  }
})

test('only the flag of tests turns durability off', () => {
  const values = valuesOf({}, { unsafe: true })
  for (const name of ['fsync', 'full_page_writes', 'synchronous_commit'])
    assert.equal(values.get(name), 'off')
})

test('macOS flushes the drive too', () => {
  assert.equal(valuesOf({ platform: 'darwin' }).get('wal_sync_method'), 'fsync_writethrough')
  assert.equal(valuesOf().has('wal_sync_method'), false)
})

test('memory follows the machine within bounds', () => {
  const cases = [
    [GIGABYTE / 4, '128MB'],
    [2 * GIGABYTE, '512MB'],
    [24 * GIGABYTE, '6144MB'],
    [512 * GIGABYTE, '8192MB'],
  ] as const
  for (const [memoryBytes, wanted] of cases)
    assert.equal(valuesOf({ memoryBytes }).get('shared_buffers'), wanted)
})

test('the log follows the free disk within bounds', () => {
  const cases = [
    [GIGABYTE, '512MB', '128MB'],
    [40 * GIGABYTE, '10240MB', '2048MB'],
    [900 * GIGABYTE, '24576MB', '2048MB'],
  ] as const
  for (const [diskBytes, most, least] of cases) {
    assert.equal(valuesOf({ diskBytes }).get('max_wal_size'), most)
    assert.equal(valuesOf({ diskBytes }).get('min_wal_size'), least)
  }
})

test('nobody outside this machine is listened to, and nobody without a password', () => {
  assert.equal(valuesOf().get('listen_addresses'), '127.0.0.1')
  assert.equal(valuesOf().get('unix_socket_directories'), '')
  const rules = HBA.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  assert.deepEqual(rules, ['host all all 127.0.0.1/32 scram-sha-256'])
})

test('each setting is written once, quoted, with its reason', () => {
  const lines = confLines(machine, options)
  assert.equal(new Set(lines.map(({ name }) => name)).size, lines.length)
  for (const { why } of lines) assert.notEqual(why, '')
  assert.match(renderConf(lines), /^log_line_prefix = '%m \[%p\] %q%a ' # who said it$/m)
  assert.match(renderConf([{ name: 'x', value: "it's", why: 'y' }]), /^x = 'it''s' # y$/m)
})

test('the log is kept only while there is an outbox, and PostgreSQL is asked for one way of keeping it', () => {
  assert.equal(valuesOf().get('archive_mode'), 'on')
  const values = (outbox: string | null): Map<string, string> =>
    new Map(archiveLines(outbox).map(({ name, value }) => [name, value]))
  assert.deepEqual([...values(null)], [['archive_command', 'exit 0']])
  const on = values("/srv/it's/outbox")
  assert.equal(on.get('archive_command'), '')
  assert.equal(on.get('archive_library'), 'basic_archive')
  assert.match(
    renderArchiveConf(archiveLines("/srv/it's/outbox")),
    /^basic_archive\.archive_directory = '\/srv\/it''s\/outbox' # from there it is shipped$/m,
  )
})
