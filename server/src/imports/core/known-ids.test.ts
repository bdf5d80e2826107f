import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identify } from '../identify.ts'
import { createKnownIds } from './known-ids.ts'

test('an id is new once and known ever after, through all growth of the table', () => {
  const ids = createKnownIds()
  const made = Array.from({ length: 20_000 }, (_, index) => identify(`line ${index}`, index))
  for (const id of made) assert.equal(ids.add(id), true)
  for (const id of made) assert.equal(ids.add(id), false)
  assert.equal(ids.add(identify('another', 1)), true)
})

test('beyond its limit it says so instead of forgetting', () => {
  const ids = createKnownIds(2)
  assert.equal(ids.add(identify('a', null)), true)
  assert.equal(ids.add(identify('b', null)), true)
  assert.equal(ids.add(identify('a', null)), false)
  assert.equal(ids.add(identify('c', null)), 'full')
})
