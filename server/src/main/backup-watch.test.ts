import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Standing } from '../backup/index.ts'
import { judgeBackups } from './backup-watch.ts'

const HOUR_S = 3_600

const standing = (changes: Partial<Standing>): Standing => ({
  folder: '/srv/backups',
  newest: { id: '20261123T014500Z-3f9a1c', endedAt: '2026-11-23T01:45:00.000000Z' },
  ageSeconds: 3 * HOUR_S + 10,
  problem: null,
  waitingSegments: 0,
  waitingBytes: 0,
  broken: null,
  ...changes,
})

describe('how backups stand', () => {
  const cases = [
    ['a fresh one is fine', {}, 'fine', 'the last one 3 h ago, in /srv/backups'],
    ['one of this minute as well', { ageSeconds: 5 }, 'fine', 'the last one a moment ago, in /srv/backups'],
    [
      'one of 26 hours still is',
      { ageSeconds: 26 * HOUR_S },
      'fine',
      'the last one 26 h ago, in /srv/backups',
    ],
    [
      'an older one is a danger',
      { ageSeconds: 26 * HOUR_S + 1 },
      'danger',
      'the last one 26 h ago, in /srv/backups',
    ],
    [
      'a much older one is told in days',
      { ageSeconds: 100 * HOUR_S },
      'danger',
      'the last one 4 days ago, in /srv/backups',
    ],
    [
      'none at all in a folder is a danger',
      { newest: null, ageSeconds: null },
      'danger',
      'none that is whole, in /srv/backups',
    ],
    ['no folder is advice', { folder: null, newest: null, ageSeconds: null }, 'advice', 'none'],
    [
      'a folder out of reach is a danger, however fresh its last one',
      { problem: 'it is gone', waitingSegments: 3, waitingBytes: 50_331_648 },
      'danger',
      'the last one 3 h ago, in /srv/backups, 48 MB of the log wait: it is gone',
    ],
    [
      'a broken chain is one',
      { broken: 'a segment is missing' },
      'danger',
      'the last one 3 h ago, in /srv/backups: a segment is missing',
    ],
  ] as const
  for (const [name, changes, severity, found] of cases)
    test(name, () => {
      const judged = judgeBackups(standing(changes), 26)
      assert.deepEqual([judged.severity, judged.found], [severity, found])
    })
})
