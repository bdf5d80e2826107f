import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Uuid } from '../../kit/index.ts'
import type { SetupAttempt, SetupError, SetupIntent } from './model.ts'
import { afterOutcome, type SetupOutcome } from './setup-outcome.ts'

const id = (number: number): Uuid => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}` as Uuid

const intent: SetupIntent = {
  id: id(1),
  createdMicros: 1n,
  status: 'processing',
  automaticPaymentMethods: null,
  cancellationReason: null,
  secret: 'secret',
  customer: null,
  description: null,
  lastError: null,
  latestAttempt: id(2),
  metadata: {},
  nextAction: null,
  paymentMethod: id(3),
  requestThreeDSecure: null,
  returnUrl: null,
  usage: 'off_session',
}

const attempt: SetupAttempt = {
  id: id(2),
  createdMicros: 1n,
  setupIntent: id(1),
  customer: null,
  paymentMethod: id(3),
  rail: 'fake',
  card: {} as SetupAttempt['card'],
  usage: 'off_session',
  state: 'processing',
  error: null,
  authentication: null,
  isAuthenticated: false,
  threeDSecure: null,
  requestThreeDSecure: 'automatic',
  enquiries: 0,
}

const error: SetupError = {
  type: 'card_error',
  code: 'card_declined',
  declineCode: null,
  message: 'No.',
  adviceCode: null,
  networkDeclineCode: null,
  paymentMethod: null,
}

const OUTCOMES = {
  verified: { kind: 'verified', threeDSecure: null },
  declined: { kind: 'declined', error },
  not_authenticated: { kind: 'not_authenticated', error },
  ask: { kind: 'ask', authentication: 'auth_1', url: '/a' },
  open: { kind: 'open' },
} as const satisfies Record<SetupOutcome['kind'], SetupOutcome>
const KINDS = ['verified', 'declined', 'not_authenticated', 'ask', 'open'] as const

/** By what it is told in the order of KINDS: what intent and attempt become; a dash changes nothing. */
const rowOf = (status: SetupIntent['status'], state: SetupAttempt['state'], latest = id(2)): string[] =>
  KINDS.map((kind) => {
    const pair = { intent: { ...intent, status, latestAttempt: latest }, attempt: { ...attempt, state } }
    const after = afterOutcome(pair, OUTCOMES[kind])
    return after === null ? '-' : `${after.intent.status} ${after.attempt.state}`
  })

const NOTHING = ['-', '-', '-', '-', '-']

describe('what the rail says of a card that is set up', () => {
  test('is taken in while it is awaited', () => {
    assert.deepEqual(rowOf('processing', 'processing'), [
      'succeeded succeeded',
      'requires_payment_method failed',
      '-',
      'requires_action requires_action',
      'processing processing',
    ])
    assert.deepEqual(rowOf('requires_action', 'requires_action'), [
      '-',
      '-',
      'requires_payment_method failed',
      '-',
      'requires_action requires_action',
    ])
  })

  test('late, twice, or of an attempt that another one followed changes nothing', () => {
    for (const state of ['succeeded', 'failed', 'abandoned'] as const)
      for (const status of ['succeeded', 'canceled', 'requires_payment_method', 'processing'] as const)
        assert.deepEqual(rowOf(status, state), NOTHING, `${status} ${state}`)
    assert.deepEqual(rowOf('processing', 'processing', id(9)), NOTHING)
    assert.deepEqual(rowOf('canceled', 'processing').slice(0, 4), NOTHING.slice(0, 4))
  })

  test('lets go of a card that was declined, and keeps one whose owner must authenticate', () => {
    const declined = afterOutcome({ intent, attempt }, OUTCOMES.declined)?.intent
    assert.deepEqual([declined?.paymentMethod, declined?.lastError?.code], [null, 'card_declined'])
    const asked = afterOutcome({ intent, attempt }, OUTCOMES.ask)
    assert.deepEqual(
      [asked?.intent.paymentMethod, asked?.intent.nextAction?.authentication, asked?.attempt.authentication],
      [id(3), 'auth_1', 'auth_1'],
    )
  })
})
