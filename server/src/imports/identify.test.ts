import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identify } from './identify.ts'

const VERSION_8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

test('the same content makes the same id, another content another one', () => {
  assert.equal(identify('a', 5), identify('a', 5))
  assert.notEqual(identify('a', 5), identify('b', 5))
  assert.notEqual(identify('a', null), identify('b', null))
})

test('ids are UUIDs of version 8 that sort by the time they are given', () => {
  for (const millis of [null, 0, 725_846_400_000, -1, Number.MAX_SAFE_INTEGER]) {
    assert.match(identify('a', millis), VERSION_8)
  }
  assert.ok(identify('a', 725_846_400_000) < identify('a', 725_932_800_000))
  assert.ok(identify('z', 1_000).startsWith('00000000-03e8-8'))
})

test('these ids never change, as they are what keeps a second run from posting twice', () => {
  assert.equal(identify('["account","berka","704"]', null), 'ca7d06a6-87bb-887f-93ed-8ce72862fd1a')
})
