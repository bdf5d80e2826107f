import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { previousAttributes } from './changes.ts'
import { mergeMetadata } from './metadata.ts'

describe('metadata', () => {
  const before = { a: '1', b: '2' }
  test('is merged key by key; an empty text takes away', () => {
    assert.equal(mergeMetadata(before, undefined), before)
    assert.deepEqual(mergeMetadata(before, { a: '', c: '3' }), { b: '2', c: '3' })
    assert.deepEqual(mergeMetadata(before, ''), {})
  })
  test('has at most 50 keys, those that were there included', () => {
    const many = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`k${index}`, 'x']))
    assert.equal(mergeMetadata(before, many), null)
    assert.equal(Object.keys(mergeMetadata({ a: '1' }, many) ?? {}).length, 50)
  })
})

describe('previous attributes', () => {
  test('are what changed as it was, in nested objects only the fields that did', () => {
    const before = { name: 'a', list: [1], nested: { x: 1, y: 2 }, same: null }
    const after = { name: 'b', list: [2], nested: { x: 1, y: 3, z: 4 }, same: null }
    assert.deepEqual(previousAttributes(before, after), { name: 'a', list: [1], nested: { y: 2, z: null } })
    assert.equal(previousAttributes(before, before), null)
  })
})
