import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDay, showDay } from '../../kit/index.ts'
import { monthOf, monthOfName } from './partitions.ts'

const day = (text: string): number => parseDay(text) ?? Number.NaN
const shown = (text: string, later = 0): readonly string[] => {
  const { name, from, until } = monthOf(day(text), later)
  return [name, showDay(from), showDay(until)]
}

test('a month reaches from its first day to the first of the next', () => {
  assert.deepEqual(shown('2026-11-22'), ['2026_11', '2026-11-01', '2026-12-01'])
  assert.deepEqual(shown('2024-02-29'), ['2024_02', '2024-02-01', '2024-03-01'])
  assert.deepEqual(shown('2026-01-31', 1), ['2026_02', '2026-02-01', '2026-03-01'])
  assert.deepEqual(shown('2026-11-22', 2), ['2027_01', '2027-01-01', '2027-02-01'])
})

test('a partition’s name tells its month, and only a month’s does', () => {
  assert.deepEqual(monthOfName('events', 'events_2026_11'), monthOf(day('2026-11-05')))
  for (const name of [
    'events_default',
    'events_2026_13',
    'events_2026_00',
    'other_2026_11',
    'events_2026_11_x',
  ])
    assert.equal(monthOfName('events', name), null, name)
})
