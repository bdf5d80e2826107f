import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstHole } from './holes.ts'

const segment = (number: number, timeline = 1): string =>
  `${String(timeline).padStart(8, '0')}${Math.floor(number / 256)
    .toString(16)
    .toUpperCase()
    .padStart(8, '0')}${(number % 256).toString(16).toUpperCase().padStart(8, '0')}`

test('the first segment that is missing from the log since a backup is named', () => {
  const cases = [
    [[5, 6, 7], 5, null],
    [[3, 5, 6, 7], 5, null],
    [[5, 7, 9], 5, 6],
    [[6, 7], 5, 5],
    [[254, 255, 256, 257], 254, null],
    [[255, 257], 255, 256],
  ] as const
  for (const [there, first, wanted] of cases)
    assert.equal(
      firstHole(
        there.map((number) => segment(number)),
        segment(first),
      ),
      wanted === null ? null : segment(wanted),
      JSON.stringify([there, first]),
    )
})

test('what has not arrived yet is no hole', () => {
  assert.equal(firstHole([], segment(5)), null)
})

test('other lives of the database do not count', () => {
  assert.equal(firstHole([segment(5), segment(9, 2)], segment(5)), null)
  assert.equal(firstHole([segment(5, 2), segment(7, 2), segment(6)], segment(5, 2)), segment(6, 2))
})
