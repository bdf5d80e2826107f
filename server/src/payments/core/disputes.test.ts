import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { disputeMade } from '../../../test/support/payment-rows.ts'
import { currencyOf, isMoney } from '../../kit/index.ts'
import { type DisputeNews, disputeFeeOf, moveDispute, networkReasonCode, openDispute } from './disputes.ts'
import type { DisputeStatus } from './model.ts'

const KINDS = ['opened', 'inquiry', 'won', 'lost', 'closed', 'submitted', 'accepted', 'due'] as const

const newsOf = (kind: DisputeNews['kind']): DisputeNews =>
  kind === 'opened' || kind === 'inquiry' ? { kind, amount: 900n, evidenceDueMicros: 10_000n } : { kind }

/** Per status, by what happens in the order of KINDS: what it becomes and posts; a dash changes nothing. */
const TABLE: Readonly<Record<DisputeStatus, readonly string[]>> = {
  warning_needs_response: [
    'needs_response withdraw',
    '-',
    'warning_closed null',
    'warning_closed null',
    'warning_closed null',
    'warning_under_review null',
    'warning_closed null',
    'warning_needs_response null',
  ],
  warning_under_review: [
    'needs_response withdraw',
    '-',
    'warning_closed null',
    'warning_closed null',
    'warning_closed null',
    '-',
    'warning_closed null',
    '-',
  ],
  warning_closed: ['needs_response withdraw', '-', '-', '-', '-', '-', '-', '-'],
  needs_response: [
    '-',
    '-',
    'won reinstate',
    'lost null',
    'won reinstate',
    'under_review null',
    'lost null',
    'lost null',
  ],
  under_review: ['-', '-', 'won reinstate', 'lost null', 'won reinstate', '-', '-', '-'],
  won: ['-', '-', '-', '-', '-', '-', '-', '-'],
  lost: ['-', '-', 'won reinstate', '-', '-', '-', '-', '-'],
}

describe('a dispute', () => {
  for (const [status, row] of Object.entries(TABLE))
    test(`that is ${status} moves as the table says`, () => {
      const dispute = disputeMade({ status: status as DisputeStatus })
      const moves = KINDS.map((kind) => {
        const move = moveDispute(dispute, newsOf(kind))
        return move === null ? '-' : `${move.dispute.status} ${move.posting}`
      })
      assert.deepEqual(moves, row)
    })

  test('begins with being opened or with an inquiry, which takes no money', () => {
    const begun = KINDS.filter((kind) => kind !== 'submitted').map((kind) => {
      const move = openDispute(disputeMade({}), kind)
      return move === null ? '-' : `${move.dispute.status} ${move.posting} ${move.dispute.isWithdrawn}`
    })
    assert.deepEqual(begun, [
      'needs_response withdraw true',
      'warning_needs_response null false',
      '-',
      '-',
      '-',
      '-',
      '-',
    ])
  })

  test('that comes out of an inquiry has the amount and the date of the chargeback', () => {
    const move = moveDispute(disputeMade({ status: 'warning_needs_response' }), newsOf('opened'))
    assert.deepEqual(
      [move?.dispute.amount, move?.dispute.evidenceDueMicros, move?.dispute.isWithdrawn],
      [900n, 10_000n, true],
    )
  })

  test('says whether it was late, what the rail must be told, and that it is over', () => {
    const late = moveDispute(disputeMade({}), { kind: 'due' })
    assert.deepEqual([late?.dispute.pastDue, late?.isClosed], [true, true])
    const sent = moveDispute(disputeMade({}), { kind: 'submitted' })
    assert.deepEqual(
      [sent?.dispute.untold, sent?.dispute.submissionCount, sent?.isClosed],
      ['evidence', 1, false],
    )
    const given = moveDispute(disputeMade({}), { kind: 'accepted' })
    assert.deepEqual([given?.dispute.untold, given?.dispute.pastDue], ['acceptance', false])
  })

  test('is given its money once', () => {
    const won = moveDispute(disputeMade({}), { kind: 'won' })
    assert.equal(won?.dispute.isWithdrawn, false)
    assert.equal(moveDispute(disputeMade({ isWithdrawn: false }), { kind: 'won' })?.posting, null)
  })

  test('costs as many units of any currency', () => {
    const fees = ['EUR', 'JPY', 'KWD', 'MGA', 'UGX'].map((code) => {
      const currency = currencyOf(code)
      assert.ok(currency !== null && isMoney(currency))
      return [disputeFeeOf(currency, 1_500), disputeFeeOf(currency, 1_550)]
    })
    assert.deepEqual(fees, [
      [1_500n, 1_550n],
      [15n, 16n],
      [15_000n, 15_500n],
      [1_500n, 1_500n],
      [15n, 16n],
    ])
  })

  test('has the network’s reason where brand and reason say it', () => {
    assert.deepEqual(
      [
        networkReasonCode('visa', 'fraudulent'),
        networkReasonCode('mastercard', 'fraudulent'),
        networkReasonCode('visa', 'general'),
        networkReasonCode('jcb', 'fraudulent'),
      ],
      ['10.4', '4837', null, null],
    )
  })
})
