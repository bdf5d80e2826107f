import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { readMigrations } from '../../src/database/migrate/files.ts'
import { harmsOf } from './expand.ts'
import { aboutLastRelease, unpackLastRelease } from './last-release.ts'

describe('migrations since the last release', () => {
  const { newest_migration: newest } = aboutLastRelease()
  const all = readMigrations()

  test('begin where that release ends, whose own files are what they were', () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-upgrade-'))
    try {
      const kept = readMigrations(unpackLastRelease(folder).migrations)
      const shown = (files: typeof kept): readonly string[] =>
        files.map(({ name, sha256 }) => `${name} ${sha256}`)
      assert.equal(kept.at(-1)?.number, newest)
      assert.deepEqual(shown(all.slice(0, kept.length)), shown(kept))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  for (const migration of all.filter(({ number }) => number > newest))
    test(`${migration.name} takes nothing from it, and holds nobody up`, () => {
      assert.deepEqual(harmsOf(migration), [])
    })
})

const HARMS: readonly (readonly [string, RegExp])[] = [
  ['alter table ledger.transfers drop column purpose', /drops a column/],
  ['drop table ledger.holds', /drops a table/],
  ['alter table ledger.accounts rename column name to title', /renames/],
  ['alter table ledger.accounts rename to books', /renames/],
  ['alter table ledger.accounts alter column code type bigint', /changes a type/],
  ['alter table ledger.accounts alter column name set not null', /makes a column necessary/],
  ['alter table ledger.accounts add column colour text not null', /must be written/],
  ['revoke update (name) on ledger.accounts from evenkeel_app', /takes a right away/],
  ['create index by_name on ledger.accounts (tenant, name)', /builds an index on ledger\.accounts/],
]

const HARMLESS: readonly string[] = [
  'alter table ledger.accounts add column colour text',
  "alter table ledger.accounts add column colour text not null default 'red', add column size integer",
  'create table ledger.new (tenant integer not null); create index new_by_tenant on ledger.new (tenant)',
  '-- no-transaction\ncreate index concurrently if not exists by_name on ledger.accounts (tenant, name)',
  '-- nothing is as it was when we drop table\nselect 1',
  'alter table ledger.accounts drop column old; update database.schema_floor set oldest_migration = 30',
]

describe('what a release that is at work could not bear', () => {
  for (const [sql, says] of HARMS)
    test(`is seen: ${sql}`, () => {
      const harms = harmsOf({ sql })
      assert.equal(harms.length, 1, harms.join('; '))
      assert.match(harms[0] ?? '', says)
    })

  for (const sql of HARMLESS)
    test(`is not: ${sql.replaceAll('\n', ' ')}`, () => {
      assert.deepEqual(harmsOf({ sql }), [])
    })
})
