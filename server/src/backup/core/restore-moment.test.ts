import assert from 'node:assert/strict'
import { test } from 'node:test'
import { momentForPostgres, parseMoment, showMoment } from './restore-moment.ts'

const READ = [
  ['1970-01-01T00:00:00Z', 0n],
  ['1970-01-01T00:00:01.5Z', 1_500_000n],
  ['1970-01-01 00:01 UTC', 60_000_000n],
  ['1970-01-01T01:00:00+01:00', 0n],
  ['1969-12-31T19:30:00-04:30', 0n],
  ['1970-01-02 00:00:00.000001+00', 86_400_000_001n],
  ['2026-11-23T02:10:11.123456Z', 1_795_399_811_123_456n],
  ['2026-11-23T02:10:11.123456789Z', 1_795_399_811_123_456n],
] as const

for (const [text, micros] of READ)
  test(`${text} is read to the microsecond`, () => {
    assert.equal(parseMoment(text), micros)
  })

const REFUSED = [
  '',
  'yesterday',
  '2026-11-23',
  '2026-11-23T10:15:00',
  '2026-11-23T24:00:00Z',
  '2026-11-23T10:60:00Z',
  '2026-02-30T10:15:00Z',
  '2026-11-23T10:15:00.1234567890Z',
  '2026-11-23T10:15:00+99:00',
  '1763864100',
]

for (const text of REFUSED)
  test(`"${text}" is no moment: without a zone it would be another one elsewhere`, () => {
    assert.equal(parseMoment(text), null)
  })

test('a moment that is shown is read as the same', () => {
  for (const [, micros] of READ) assert.equal(parseMoment(showMoment(micros)), micros)
  assert.equal(showMoment(1_795_399_811_000_009n), '2026-11-23T02:10:11.000009Z')
  assert.equal(momentForPostgres(1_795_399_811_000_009n), '2026-11-23 02:10:11.000009+00')
})
