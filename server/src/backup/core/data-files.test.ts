import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CONTROL_FILE, isCopied, isWalked, relationOf } from './data-files.ts'

test('what is of a running server, of another copy or of this machine stays out of a copy', () => {
  const out = [
    'postmaster.pid',
    'postmaster.opts',
    'backup_label',
    'tablespace_map',
    'standby.signal',
    'recovery.signal',
    'postgresql.evenkeel.conf',
    'postgresql.evenkeel-archive.conf',
    'postgresql.evenkeel-archive.conf.77.new',
    'postgresql.auto.conf.tmp',
    'base/5/pg_internal.init',
    'base/5/pg_internal.init.812',
    'base/5/t3_16400',
    'base/5/t3_16400_fsm',
    'base/pgsql_tmp/pgsql_tmp812.0',
  ]
  for (const path of out) assert.equal(isCopied(path), false, path)
})

test('what the books are made of is in it', () => {
  const inside = [
    'PG_VERSION',
    'postgresql.conf',
    'postgresql.auto.conf',
    'pg_hba.conf',
    CONTROL_FILE,
    'global/1262',
    'base/5/16400',
    'base/5/16400.1',
    'base/5/16400_fsm',
    'base/5/pg_filenode.map',
    'pg_xact/0000',
    'pg_multixact/offsets/0000',
    'pg_logical/replorigin_checkpoint',
  ]
  for (const path of inside) assert.equal(isCopied(path), true, path)
})

test('folders of a running server are there and empty', () => {
  for (const folder of ['pg_wal', 'pg_replslot', 'pg_notify', 'base/pgsql_tmp'])
    assert.equal(isWalked(folder), false, folder)
  for (const folder of ['base', 'base/5', 'global', 'pg_xact', 'pg_multixact/members'])
    assert.equal(isWalked(folder), true, folder)
})

test('files that are made of pages are known by their names, with the gigabyte that they begin at', () => {
  assert.deepEqual(relationOf('base/5/16400'), { of: 'base/5/16400', fork: 'main', part: 0 })
  assert.deepEqual(relationOf('base/5/16400.3'), { of: 'base/5/16400', fork: 'main', part: 3 })
  assert.deepEqual(relationOf('base/5/16400_vm'), { of: 'base/5/16400', fork: 'vm', part: 0 })
  assert.deepEqual(relationOf('global/1262_fsm'), { of: 'global/1262', fork: 'fsm', part: 0 })
  for (const path of [
    'pg_xact/0000',
    'base/5/pg_filenode.map',
    CONTROL_FILE,
    'PG_VERSION',
    'base/5/PG_VERSION',
  ])
    assert.equal(relationOf(path), null, path)
})
