import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { BackupManifest } from './model.ts'
import { parseMoment } from './restore-moment.ts'
import { type Keep, logToRemove, retain } from './retention.ts'

const backup = (day: number, segment: number, timeline = 1): BackupManifest => ({
  object: 'evenkeel_backup',
  format: 1,
  id: `day ${day}`,
  startedAt: `2026-11-${String(day).padStart(2, '0')}T02:00:00.000000Z`,
  endedAt: `2026-11-${String(day).padStart(2, '0')}T02:05:00.000000Z`,
  release: 'test',
  newestMigration: 1,
  postgresVersion: 180_004,
  systemIdentifier: '1',
  timeline,
  startLsn: '0/0',
  endLsn: '0/0',
  firstSegment: `${String(timeline).padStart(8, '0')}00000000${segment.toString(16).toUpperCase().padStart(8, '0')}`,
  lastSegment: '',
  masterKeyFingerprint: '00',
  files: [],
  folders: [],
  bytes: 0,
  pagesChecked: 0,
})

const ALL = [1, 2, 3, 4, 5].map((day) => backup(day, day * 10))
const NOW = parseMoment('2026-11-05T12:00:00Z') ?? 0n

const kept = (keep: Partial<Keep>, all = ALL): readonly string[] =>
  retain(all, { count: null, days: null, ...keep }, NOW)
    .kept.map(({ id }) => id)
    .toSorted()

describe('which backups stay', () => {
  const cases = [
    ['all, where nothing was asked for', {}, 5],
    ['the newest so many', { count: 2 }, 2],
    ['all, when fewer than asked for are there', { count: 9 }, 5],
    ['those of so many days, and the one before: any moment in between needs it', { days: 2 }, 3],
    ['the newest alone, when it is older than the days', { days: 0 }, 1],
    ['what either keeps', { count: 1, days: 3 }, 4],
    ['what either keeps, the other way round', { count: 4, days: 1 }, 4],
  ] as const
  for (const [name, keep, count] of cases)
    test(name, () => {
      assert.deepEqual(
        kept(keep),
        ALL.slice(-count).map(({ id }) => id),
      )
    })

  test('the newest always does', () => {
    assert.deepEqual(kept({ count: 0 }), ['day 5'])
    assert.deepEqual(kept({ count: 1 }, [backup(3, 30)]), ['day 3'])
    assert.deepEqual(kept({ count: 1 }, []), [])
  })

  test('by the moment that they ended, in whatever order they are found', () => {
    assert.deepEqual(kept({ count: 2 }, ALL.toReversed()), ['day 4', 'day 5'])
    assert.deepEqual(
      retain(ALL, { count: 2, days: null }, NOW).removed.map(({ id }) => id),
      ['day 1', 'day 2', 'day 3'],
    )
  })
})

describe('which log goes', () => {
  const segment = (number: number, timeline = 1): string =>
    `${String(timeline).padStart(8, '0')}00000000${number.toString(16).toUpperCase().padStart(8, '0')}`

  test('only what is before the first segment of every backup that stays', () => {
    const names = [19, 20, 21, 29, 30, 31].map((number) => segment(number))
    assert.deepEqual(logToRemove([backup(3, 30), backup(2, 20)], names), [segment(19)])
    assert.deepEqual(
      logToRemove([backup(3, 30)], names),
      [19, 20, 21, 29].map((number) => segment(number)),
    )
  })

  test('over all lives of the database', () => {
    const names = [segment(19), segment(25), segment(25, 2), segment(31, 2)]
    assert.deepEqual(logToRemove([backup(3, 30, 2)], names), [segment(19), segment(25), segment(25, 2)])
    assert.deepEqual(logToRemove([backup(3, 30, 2), backup(2, 25)], names), [segment(19)])
  })

  test('none, while no backup stays or one cannot be read', () => {
    assert.deepEqual(logToRemove([], [segment(1)]), [])
    assert.deepEqual(logToRemove([{ ...backup(3, 30), firstSegment: 'x' }], [segment(1)]), [])
  })

  test('histories stay for ever', () => {
    assert.deepEqual(logToRemove([backup(3, 30)], ['00000002.history']), [])
  })
})
