import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ROLL_OVERLAP_MOST_MS } from '../limits.ts'
import { type KeyWanted, refusalOf, refusalOfOverlap } from './wanted-key.ts'

const KNOWN = new Set(['ledger.read', 'ledger.write'])
const NOW = 1_000

const codeOf = (wanted: Partial<KeyWanted>, known: ReadonlySet<string> | null = KNOWN): string | null =>
  refusalOf({ tenant: 'sandbox', name: 'key', ...wanted }, { known, nowMs: NOW })?.code ?? null

test('a restricted key names what it may do, and nothing that no route asks for', () => {
  const restricted = (...permissions: string[]) => codeOf({ kind: 'restricted', permissions })
  assert.equal(restricted('ledger.read'), null)
  assert.equal(restricted('ledger.read', 'ledger.write'), null)
  assert.equal(restricted(), 'key_permissions_missing')
  assert.equal(codeOf({ kind: 'restricted' }), 'key_permissions_missing')
  assert.equal(restricted('ledger.read', 'money.print'), 'key_permission_unknown')
})

test('a secret or publishable key takes no list', () => {
  for (const kind of ['secret', 'publishable'] as const) {
    assert.equal(codeOf({ kind }), null)
    assert.equal(codeOf({ kind, permissions: ['ledger.read'] }), 'key_permissions_not_taken')
  }
})

test('a key that would end before it begins is refused, and an overlap is bounded', () => {
  assert.deepEqual([codeOf({ expiresMs: NOW }), codeOf({ expiresMs: NOW + 1 })], ['key_expiry_past', null])
  const overlaps = [-1, 0, ROLL_OVERLAP_MOST_MS, ROLL_OVERLAP_MOST_MS + 1]
  assert.deepEqual(
    overlaps.map((ms) => refusalOfOverlap(ms)?.code ?? null),
    ['key_overlap_invalid', null, null, 'key_overlap_invalid'],
  )
})
