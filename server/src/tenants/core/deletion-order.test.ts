import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bug } from '../../kit/index.ts'
import { inDeletionOrder } from './deletion-order.ts'

test('rows are deleted before what they point to', () => {
  const tables = [
    { name: 'accounts', targets: ['ledgers'] },
    { name: 'ledgers', targets: [] },
    { name: 'entries', targets: ['accounts', 'ledgers'] },
    { name: 'notes', targets: ['notes'] },
  ]
  assert.deepEqual(inDeletionOrder(tables), ['entries', 'notes', 'accounts', 'ledgers'])
})

test('a circle of foreign keys is a bug, not an endless loop', () => {
  const circle = [
    { name: 'hen', targets: ['egg'] },
    { name: 'egg', targets: ['hen'] },
  ]
  assert.throws(() => inDeletionOrder(circle), Bug)
})
