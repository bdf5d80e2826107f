import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { BackupEntry, BackupManifest } from './model.ts'
import { parseMoment } from './restore-moment.ts'
import { type BaseRefusal, chainOf, chooseBase, hasLabel, laterLives } from './restore-plan.ts'

const manifest = (id: string, more: Partial<BackupManifest> = {}): BackupManifest => ({
  object: 'evenkeel_backup',
  format: 1,
  id,
  startedAt: `2026-11-23T${id}:00:00.000Z`,
  endedAt: `2026-11-23T${id}:05:00.000Z`,
  release: '0.1.0',
  newestMigration: 20,
  postgresVersion: 180_004,
  systemIdentifier: '7',
  timeline: 1,
  startLsn: '0/3000028',
  endLsn: '0/3000158',
  firstSegment: '000000010000000000000003',
  lastSegment: '000000010000000000000004',
  masterKeyFingerprint: '00',
  files: [{ path: 'backup_label', bytes: 1, sha256: '0'.repeat(64) }],
  folders: ['pg_wal'],
  bytes: 1,
  pagesChecked: 0,
  ...more,
})

const whole = (id: string): BackupEntry => ({ kind: 'whole', manifest: manifest(id) })
const ENTRIES: readonly BackupEntry[] = [
  whole('08'),
  whole('12'),
  { kind: 'unfinished', id: '13' },
  { kind: 'damaged', id: '14', why: 'cut off' },
  whole('16'),
  { kind: 'unfinished', id: '17' },
]

type Case = readonly [
  what: string,
  entries: readonly BackupEntry[],
  to: string | null,
  backup: string | null,
  chosen: string | BaseRefusal['kind'],
]

const CASES: readonly Case[] = [
  ['without a moment the newest whole one', ENTRIES, null, null, '16'],
  ['the order in which they are found does not matter', ENTRIES.toReversed(), null, null, '16'],
  ['the newest that ended before the moment', ENTRIES, '15:00:00', null, '12'],
  ['one that ended at the moment', ENTRIES, '16:05:00', null, '16'],
  ['not one that began before the moment and ended after it', ENTRIES, '16:04:59.999999', null, '12'],
  ['a moment before the oldest', ENTRIES, '08:04:59', null, 'before_oldest'],
  ['one by its name', ENTRIES, null, '08', '08'],
  ['one by its name, for a later moment', ENTRIES, '20:00:00', '08', '08'],
  ['one by its name, for an earlier moment', ENTRIES, '12:00:00', '12', 'before_backup'],
  ['one that was never finished', ENTRIES, null, '13', 'unfinished'],
  ['one that is damaged', ENTRIES, null, '14', 'damaged'],
  ['one that is not there', ENTRIES, null, '15', 'unknown_backup'],
  [
    'one that is damaged, where none is whole',
    [{ kind: 'damaged', id: '14', why: '' }],
    null,
    '14',
    'damaged',
  ],
  ['nothing whole at all', [{ kind: 'unfinished', id: '13' }], null, null, 'no_backup'],
  ['nothing at all', [], '15:00:00', '13', 'no_backup'],
]

describe('the base of a restore', () => {
  for (const [what, entries, to, backup, expected] of CASES)
    test(`${what}: ${expected}`, () => {
      const moment = to === null ? null : parseMoment(`2026-11-23T${to}Z`)
      const chosen = chooseBase(entries, { to: moment, backup })
      assert.equal(chosen.ok ? chosen.manifest.id : chosen.refusal.kind, expected)
    })

  test('is refused without the label that tells PostgreSQL where the log begins', () => {
    assert.ok(hasLabel(manifest('08')))
    assert.ok(!hasLabel(manifest('08', { files: [] })))
  })
})

const named = (...numbers: readonly string[]): string[] => numbers.map((number) => `00000001${number}`)
const [THREE, FOUR, FIVE, SIX] = [
  '0000000000000003',
  '0000000000000004',
  '0000000000000005',
  '0000000000000006',
]

describe('the log of a restore', () => {
  test('goes on as long as one segment follows the other', () => {
    const names = named(FIVE, THREE, FOUR)
    assert.deepEqual(chainOf(manifest('08'), names), {
      ok: true,
      segments: named(THREE, FOUR, FIVE),
      hole: null,
    })
  })

  test('ends before a hole, and says which segment is missing', () => {
    assert.deepEqual(chainOf(manifest('08'), named(THREE, FOUR, SIX)), {
      ok: true,
      segments: named(THREE, FOUR),
      hole: `00000001${FIVE}`,
    })
  })

  test('is refused where the base itself needs what is missing', () => {
    for (const [names, missing] of [
      [named(FOUR, FIVE), THREE],
      [named(THREE, FIVE), FOUR],
      [named(THREE), FOUR],
      [[], THREE],
    ] as const)
      assert.deepEqual(chainOf(manifest('08'), names), { ok: false, missing: `00000001${missing}` })
  })

  test('goes over from one group of 256 segments to the next', () => {
    const at = { firstSegment: '0000000100000000000000FE', lastSegment: '0000000100000000000000FF' }
    const names = ['0000000100000000000000FE', '0000000100000000000000FF', '000000010000000100000000']
    const chain = chainOf(manifest('08', at), names)
    assert.ok(chain.ok)
    assert.deepEqual(chain.segments, names)
  })

  test('begins a life of a number that nobody has had', () => {
    const names = [...named(THREE, FOUR), `00000003${FIVE}`]
    const later: BackupEntry = { kind: 'whole', manifest: manifest('16', { timeline: 4 }) }
    assert.deepEqual(laterLives(manifest('08'), named(THREE), ENTRIES), [])
    assert.deepEqual(laterLives(manifest('08'), names, [...ENTRIES, later]), [
      '00000002.history',
      '00000003.history',
      '00000004.history',
    ])
  })

  test('is of one life: the segments of another are neither taken nor missed', () => {
    const other = ['00000002', '00000003'].flatMap((life) => [
      `${life}${FOUR}`,
      `${life}${FIVE}`,
      `${life}${SIX}`,
    ])
    const chain = chainOf(manifest('08'), [...named(THREE, FOUR), ...other])
    assert.deepEqual(chain, { ok: true, segments: named(THREE, FOUR), hole: null })
  })
})
