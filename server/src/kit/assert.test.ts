import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Bug, assert as mustBe } from './assert.ts'
import { Fault } from './fault.ts'

describe('bugs and faults', () => {
  test('a broken invariant is a Bug with its message, and a kept one is nothing', () => {
    mustBe(true, 'never said')
    for (const value of [false, 0, '', null, undefined]) {
      assert.throws(() => mustBe(value, 'the books balance'), { name: 'Bug', message: 'the books balance' })
    }
  })

  test('a Bug is no Fault, so nobody answers it with "retry"', () => {
    assert.equal(new Bug('x') instanceof Fault, false)
  })

  test('a Fault carries what the caller is told, and its cause only if there is one', () => {
    const cause = new Error('connection reset')
    const fault = new Fault('Retry.', {
      kind: 'unavailable',
      code: 'database_unavailable',
      retryAfterS: 1,
      cause,
    })
    assert.deepEqual(
      [fault.name, fault.kind, fault.code, fault.retryAfterS, fault.cause],
      ['Fault', 'unavailable', 'database_unavailable', 1, cause],
    )
    assert.equal('cause' in new Fault('Retry.', { kind: 'conflict', code: 'in_use', retryAfterS: 1 }), false)
  })
})
