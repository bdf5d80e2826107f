import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byKind, kindOf } from './age.ts'

test('a table has the kind of its own name before that of its schema, and no table is left out', () => {
  const kinds = [
    ['ledger.transfers', 'money'],
    ['database.idempotency_keys', 'idempotency keys'],
    ['database.events', 'events'],
    ['events.attempts', 'deliveries'],
    ['database.heads', 'everything else'],
    ['somebody.made_this', 'everything else'],
  ] as const
  for (const [table, kind] of kinds) assert.equal(kindOf(table), kind)
  const tables = kinds.map(([table]) => ({ table, bytes: 10, indexBytes: 4, rows: 2 }))
  const sizes = byKind(tables)
  assert.equal(
    sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    60,
  )
  const rest = sizes.find(({ kind }) => kind === 'everything else')
  assert.deepEqual([rest?.bytes, rest?.indexBytes, rest?.rows], [20, 8, 4])
})
