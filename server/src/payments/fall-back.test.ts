import assert from 'node:assert/strict'
import { test } from 'node:test'
import { declined, refused, succeeded } from '../../test/support/fake-rail.ts'
import { attemptMade } from '../../test/support/payment-rows.ts'
import { goesOn } from './fall-back.ts'

const attempt = attemptMade({ routes: ['card'] })

test('a payment goes on to the next rail only where this one refused before the issuer', () => {
  assert.equal(goesOn(attempt, refused), true)
  for (const answer of [
    declined,
    succeeded('arn'),
    { kind: 'requires_action', authentication: 'auth_1', url: '/auth_1' },
    { kind: 'pending', railReference: 'arn' },
    { kind: 'unknown', reason: 'no answer' },
  ] as const)
    assert.equal(goesOn(attempt, answer), false, answer.kind)
})

test('it does not where no rail is left, and a capture never does', () => {
  assert.equal(goesOn(attemptMade({}), refused), false)
  assert.equal(goesOn(attemptMade({ routes: [] }), refused), false)
  assert.equal(goesOn({ ...attempt, order: 'capture' }, refused), false)
  assert.equal(goesOn({ ...attempt, order: 'void' }, refused), false)
})
