import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { dayOf, MICROS_PER_DAY, parseDay, secondsOf, showDay } from './clock.ts'

const microsOf = (iso: string): bigint => BigInt(Date.parse(iso)) * 1_000n

describe('days', () => {
  test('a moment falls on another day in another time zone', () => {
    const rows: readonly (readonly [moment: string, timeZone: string, day: string])[] = [
      ['2026-01-01T00:00:00Z', 'UTC', '2026-01-01'],
      ['2025-12-31T23:59:59.999Z', 'UTC', '2025-12-31'],
      ['2025-12-31T22:59:59.999Z', 'Europe/Prague', '2025-12-31'],
      ['2025-12-31T23:00:00Z', 'Europe/Prague', '2026-01-01'],
      ['2026-06-30T21:59:59.999Z', 'Europe/Prague', '2026-06-30'],
      ['2026-06-30T22:00:00Z', 'Europe/Prague', '2026-07-01'],
      ['2026-01-01T04:59:59Z', 'America/New_York', '2025-12-31'],
      ['2026-01-01T00:00:00Z', 'Pacific/Kiritimati', '2026-01-01'],
      ['2025-12-31T10:00:00Z', 'Pacific/Kiritimati', '2026-01-01'],
      ['1969-12-31T23:59:59.999Z', 'UTC', '1969-12-31'],
      ['1969-12-31T00:00:00Z', 'UTC', '1969-12-31'],
    ]
    for (const [moment, timeZone, day] of rows) {
      assert.equal(showDay(dayOf(microsOf(moment), timeZone)), day, `${moment} in ${timeZone}`)
    }
  })

  test('the last microsecond of a day is still of that day', () => {
    assert.equal(dayOf(MICROS_PER_DAY - 1n, 'UTC'), 0)
    assert.equal(dayOf(MICROS_PER_DAY, 'UTC'), 1)
    assert.equal(dayOf(-1n, 'UTC'), -1)
    assert.equal(dayOf(-MICROS_PER_DAY, 'UTC'), -1)
  })

  test('UTC by arithmetic agrees with UTC by the calendar', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 4_000_000_000_000_000n }), (micros) => {
        assert.equal(dayOf(micros, 'UTC'), dayOf(micros, 'Etc/UTC'))
      }),
    )
  })

  test('a day is read as it is shown', () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (day) => {
        assert.equal(parseDay(showDay(day)), day)
      }),
    )
  })

  test('what is no day of the calendar is null', () => {
    const wrong = [
      '2026-02-29',
      '2026-13-01',
      '2026-00-10',
      '2026-04-31',
      '26-01-01',
      '2026-1-1',
      '0000-01-01',
    ]
    for (const text of [...wrong, '', '2026-01-01T00:00:00Z', ' 2026-01-01', '+12026-01-01', '20260101']) {
      assert.equal(parseDay(text), null, text)
    }
    assert.equal(parseDay('2024-02-29'), 19_782)
    assert.equal(parseDay('0001-01-01'), -719_162)
    assert.equal(parseDay('9999-12-31'), 2_932_896)
  })

  test('times are shown in whole seconds, the rest cut off', () => {
    assert.equal(secondsOf(1_999_999n), 1)
    assert.equal(secondsOf(2_000_000n), 2)
  })
})
