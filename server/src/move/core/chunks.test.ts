import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOf, chunksOf } from './chunks.ts'

test('a table is cut into runs that meet each other, and the last one has no end', () => {
  assert.deepEqual(chunksOf(0, 4), [{ from: 0, until: null }])
  assert.deepEqual(chunksOf(4, 4), [{ from: 0, until: null }])
  assert.deepEqual(chunksOf(9, 4), [
    { from: 0, until: 4 },
    { from: 4, until: 8 },
    { from: 8, until: null },
  ])
})

test('a run keeps its beginning when the table loses pages at its end', () => {
  const [first, second] = chunksOf(5, 4)
  assert.deepEqual([first?.from, second?.from], [0, 4])
  assert.deepEqual(chunksOf(3, 4), [{ from: 0, until: null }])
})

test('the weights of a table’s runs are the whole of it', () => {
  for (const table of [
    { pages: 0, bytes: 8_192 },
    { pages: 9, bytes: 90_000 },
    { pages: 1, bytes: 5 },
  ]) {
    const weights = chunksOf(table.pages, 4).map((chunk) => bytesOf(chunk, table))
    assert.equal(
      weights.reduce((sum, weight) => sum + weight, 0),
      table.bytes,
    )
  }
})
