import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Command, isOpen, refuseChange, refuseCommand } from './machine.ts'
import type { AttemptState, IntentStatus } from './model.ts'

const STATES: readonly IntentStatus[] = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'processing',
  'requires_capture',
  'succeeded',
  'canceled',
]

/** One row for each command: from which states it may be given, in the order of STATES. */
const LEGAL: Readonly<Record<Command, string>> = {
  confirm: 'yyy----',
  capture: '----y--',
  cancel: 'yyy-y--',
  update: 'yyy----',
}

describe('the machine of payments', () => {
  for (const [command, row] of Object.entries(LEGAL) as [Command, string][]) {
    test(`${command} is legal from ${[...row].filter((mark) => mark === 'y').length} states and refused from all others`, () => {
      const marks = STATES.map((status) => (refuseCommand(command, status) === null ? 'y' : '-')).join('')
      assert.equal(marks, row)
    })
  }

  test('a refusal names the state and the states from which it would do', () => {
    assert.equal(
      refuseCommand('capture', 'canceled'),
      'This PaymentIntent could not be captured because it has a status of canceled. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.',
    )
    assert.match(refuseCommand('cancel', 'succeeded') ?? '', /because it has a status of succeeded/)
    assert.match(refuseCommand('confirm', 'succeeded') ?? '', /already succeeded/)
    assert.match(refuseChange('amount', 'requires_capture') ?? '', /amount could not be updated/)
    assert.equal(refuseChange('amount', 'requires_action'), null)
  })

  test('an attempt is open while the rail’s answer is awaited', () => {
    const states: readonly AttemptState[] = [
      'sent',
      'pending',
      'unknown',
      'requires_action',
      'succeeded',
      'declined',
      'abandoned',
    ]
    assert.deepEqual(states.filter(isOpen), ['sent', 'pending', 'unknown'])
  })
})
