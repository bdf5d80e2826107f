import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chargeMade, disputeMade, refundMade } from '../../../test/support/payment-rows.ts'
import type { DisputeStatus, Refund } from './model.ts'
import { decideRefund, moveRefund, type RefundTold, showMoney } from './refunds.ts'

const TOLD = {
  succeeded: { kind: 'succeeded', railReference: 'arn_1' },
  pending: { kind: 'pending', railReference: 'arn_1' },
  unknown: { kind: 'unknown' },
  failed: { kind: 'failed', reason: 'lost_or_stolen_card' },
  canceled: { kind: 'canceled' },
  expired: { kind: 'expired' },
} as const satisfies Record<RefundTold['kind'], RefundTold>

type State = `${Refund['status']} ${Refund['progress']}`
const KINDS = ['succeeded', 'pending', 'unknown', 'failed', 'canceled', 'expired'] as const

/** Per state, by what it is told in the order of KINDS: what it becomes and posts; a dash changes nothing. */
const TABLE: Readonly<Partial<Record<State, readonly string[]>>> = {
  'pending sent': [
    'succeeded done settle',
    'pending taken null',
    'pending unknown null',
    'failed done give_back',
    '-',
    '-',
  ],
  'pending unknown': [
    'succeeded done settle',
    'pending taken null',
    'pending unknown null',
    'failed done give_back',
    '-',
    '-',
  ],
  'pending taken': ['succeeded done settle', '-', '-', 'failed done give_back', '-', '-'],
  'requires_action taken': ['-', '-', '-', '-', 'canceled done give_back', 'failed done give_back'],
  'succeeded done': ['-', '-', '-', 'failed done take_back_from_rail', '-', '-'],
  'failed done': ['-', '-', '-', '-', '-', '-'],
  'canceled done': ['-', '-', '-', '-', '-', '-'],
}

describe('a refund', () => {
  for (const [state, row] of Object.entries(TABLE))
    test(`that is ${state} moves as the table says`, () => {
      const [status, progress] = state.split(' ') as [Refund['status'], Refund['progress']]
      const moves = KINDS.map((kind) => {
        const move = moveRefund(refundMade({ status, progress }), TOLD[kind])
        return move === null ? '-' : `${move.refund.status} ${move.refund.progress} ${move.posting}`
      })
      assert.deepEqual(moves, row)
    })

  test('keeps why it failed and what the rail calls it', () => {
    const failed = moveRefund(refundMade({}), TOLD.failed)?.refund
    assert.deepEqual([failed?.failureReason, failed?.railReference], ['lost_or_stolen_card', null])
    const done = moveRefund(refundMade({}), TOLD.succeeded)?.refund
    assert.deepEqual([done?.failureReason, done?.railReference], [null, 'arn_1'])
    assert.equal(moveRefund(refundMade({ enquiries: 2 }), TOLD.unknown)?.refund.enquiries, 3)
  })
})

const shown = { charge: 'ch_1', intent: 'pi_1' }
const decide = (
  amount: bigint | null,
  change: Parameters<typeof chargeMade>[0] = {},
  status?: DisputeStatus,
): string => {
  const disputes = status === undefined ? [] : [disputeMade({ status: 'won' }), disputeMade({ status })]
  const decision = decideRefund({ amount, shown, exponent: 2 }, chargeMade(change), disputes)
  return decision.kind === 'accepted' ? String(decision.amount) : decision.refusal.code
}

describe('whether a charge can be refunded', () => {
  test('is asked in the order: successful, captured, not charged back, something left, not too much', () => {
    const everything = {
      status: 'failed',
      captured: false,
      amountCaptured: 0n,
    } as const
    assert.equal(decide(1n, everything, 'lost'), 'charge_not_refundable')
    assert.equal(decide(1n, { ...everything, status: 'succeeded' }, 'lost'), 'charge_not_refundable')
    assert.equal(decide(1n, { amountRefunded: 1_000n }, 'lost'), 'charge_disputed')
    assert.equal(decide(1n, { amountRefunded: 1_000n }), 'charge_already_refunded')
    assert.equal(decide(701n, { amountRefunded: 300n }), 'amount_too_large')
    assert.equal(decide(700n, { amountRefunded: 300n }), '700')
  })

  test('without an amount it is all that is left, of what was captured', () => {
    assert.equal(decide(null), '1000')
    assert.equal(decide(null, { amountCaptured: 600n, amountRefunded: 100n }), '500')
    assert.equal(decide(501n, { amountCaptured: 600n, amountRefunded: 100n }), 'amount_too_large')
  })

  test('depends on what became of its dispute', () => {
    const answers = (
      [
        'warning_needs_response',
        'warning_under_review',
        'warning_closed',
        'won',
        'needs_response',
        'under_review',
        'lost',
      ] as const
    ).map((status) => decide(100n, {}, status))
    assert.deepEqual(answers, [
      '100',
      '100',
      '100',
      '100',
      'charge_disputed',
      'charge_disputed',
      'charge_disputed',
    ])
  })

  test('is refused in Stripe’s words', () => {
    const message = (amount: bigint, change: Parameters<typeof chargeMade>[0]): string => {
      const decision = decideRefund({ amount, shown, exponent: 2 }, chargeMade(change), [])
      return decision.kind === 'refused' ? decision.refusal.message : ''
    }
    assert.equal(
      message(2_000n, {}),
      'Refund amount (€20.00) is greater than unrefunded amount on charge (€10.00)',
    )
    assert.equal(message(1n, { amountRefunded: 1_000n }), 'Charge ch_1 has already been refunded.')
    assert.match(
      message(1n, { captured: false }),
      /^This uncaptured Charge was created by a PaymentIntent \(pi_1\)/,
    )
    assert.deepEqual(
      [showMoney(123_456n, 'USD', 2), showMoney(500n, 'JPY', 0), showMoney(500n, 'CZK', 2)],
      ['$1,234.56', '¥500', '5.00 CZK'],
    )
  })
})
