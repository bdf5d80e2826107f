import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideFollowUp, type FollowUpKind, type Standing } from './decide-follow-up.ts'

const standing = (change: Partial<Standing> = {}): Standing => ({
  currency: 'EUR',
  authorised: 1_000n,
  behaviour: {},
  captured: 0n,
  refunded: 0n,
  isVoided: false,
  ...change,
})

const decide = (kind: FollowUpKind, amount: bigint, of: Standing | null, currency = 'EUR'): string =>
  decideFollowUp(kind, { amount, currency }, of, 'arn').kind

test('captures are together at most what was authorised', () => {
  const of = standing()
  assert.deepEqual(
    [1_001n, 600n, 401n, 400n, 1n].map((amount) => decide('capture', amount, of)),
    ['declined', 'succeeded', 'declined', 'succeeded', 'declined'],
  )
})

test('refunds are together at most what was captured', () => {
  const of = standing({ captured: 500n })
  assert.deepEqual(
    [501n, 300n, 201n, 200n, 1n].map((amount) => decide('refund', amount, of)),
    ['declined', 'succeeded', 'declined', 'succeeded', 'declined'],
  )
  assert.equal(decide('refund', 1n, standing()), 'declined')
})

test('what is voided is not captured, and what is captured is not voided', () => {
  const of = standing()
  assert.deepEqual([decide('void', 1_000n, of), decide('capture', 1n, of)], ['succeeded', 'declined'])
  assert.equal(decide('void', 1_000n, standing({ captured: 1n })), 'declined')
})

test('nothing follows what is not there, nor in another currency', () => {
  for (const kind of ['capture', 'void', 'refund'] as const) {
    assert.equal(decide(kind, 1n, null), 'declined')
    assert.equal(decide(kind, 1n, standing({ captured: 10n }), 'USD'), 'declined')
  }
})

test('a refund is pending where the card says so', () => {
  const of = standing({ captured: 500n, behaviour: { refund: 'pending' } })
  assert.deepEqual([decide('refund', 500n, of), decide('refund', 1n, of)], ['pending', 'declined'])
})
