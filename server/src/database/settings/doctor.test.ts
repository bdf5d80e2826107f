import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IS_LOCAL, judgeSettings, type Severity } from './doctor.ts'

const fine: Readonly<Record<string, string>> = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  data_checksums: 'on',
  autovacuum: 'on',
  server_encoding: 'UTF8',
  server_version_num: '180004',
  shared_buffers: String(6 * 1_073_741_824),
  max_wal_size: String(24 * 1_073_741_824),
  wal_compression: 'lz4',
  checkpoint_timeout: '900',
  random_page_cost: '1.1',
  jit: 'off',
  max_connections: '100',
  TimeZone: 'UTC',
  data_sync_retry: 'off',
  ssl: 'on',
}

const judge = (changed: Readonly<Record<string, string>>) =>
  judgeSettings(new Map(Object.entries({ ...fine, ...changed })))

test('a database that is set as wanted gets no advice', () => {
  for (const { name, severity } of judge({})) assert.equal(severity, 'fine', name)
  assert.equal(judge({}).length, Object.keys(fine).length)
})

test('each setting that is off is found, with its weight, and comes first', () => {
  const cases: readonly (readonly [string, string, Severity])[] = [
    ['fsync', 'off', 'danger'],
    ['full_page_writes', 'off', 'danger'],
    ['synchronous_commit', 'off', 'danger'],
    ['data_checksums', 'off', 'advice'],
    ['autovacuum', 'off', 'danger'],
    ['server_encoding', 'SQL_ASCII', 'danger'],
    ['server_version_num', '140011', 'danger'],
    ['shared_buffers', String(128 * 1_048_576), 'advice'],
    ['max_wal_size', String(1_073_741_824), 'advice'],
    ['wal_compression', 'off', 'advice'],
    ['checkpoint_timeout', '300', 'advice'],
    ['random_page_cost', '4', 'advice'],
    ['jit', 'on', 'advice'],
    ['max_connections', '20', 'advice'],
    ['TimeZone', 'Europe/Prague', 'advice'],
    ['data_sync_retry', 'on', 'danger'],
    ['ssl', 'off', 'danger'],
  ]
  assert.deepEqual(
    cases.map(([name]) => name),
    Object.keys(fine),
  )
  for (const [name, value, severity] of cases) {
    const [first, ...others] = judge({ [name]: value })
    assert.deepEqual([first?.name, first?.severity], [name, severity])
    for (const other of others) assert.equal(other.severity, 'fine', other.name)
  }
})

test('no TLS is needed to a database on the same machine', () => {
  const [first] = judge({ ssl: 'off', [IS_LOCAL]: 'yes' })
  assert.equal(first?.severity, 'fine')
})

test('values are shown as people read them', () => {
  const shown = new Map(judge({ server_version_num: '150020' }).map(({ name, found }) => [name, found]))
  assert.equal(shown.get('server_version_num'), '15.20')
  assert.equal(shown.get('shared_buffers'), '6144 MB')
  assert.equal(shown.get('checkpoint_timeout'), '15 min')
})
