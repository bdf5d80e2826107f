import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RawRow } from '../../database/index.ts'
import type { TenantId } from '../../kit/index.ts'
import { exposedIn, launchesIn, readFacts } from './facts.ts'

const TENANT = 1 as TenantId
const LAUNCH = 'launch_0199a1b2c3d47e5f8091000000000001'
const STAMP = {
  launch: LAUNCH,
  stage: 1,
  exposed: true,
  reason: 'bucket',
  exposure_bp: 500,
  version: 3,
  bucket: 7,
}

/** A row as the statement gives it: number, type, time, then each path's JSON. */
const rowOf = (
  type: string,
  object: Record<string, unknown>,
  previous: Record<string, unknown> = {},
): RawRow => {
  const card = (object['payment_method_details'] as { card?: { fingerprint?: string } } | undefined)?.card
  const outcome = object['outcome'] as { type?: string } | undefined
  const parts = [
    object['launches'],
    object['amount'],
    object['currency'],
    object['created'],
    object['customer'],
    card?.fingerprint,
    outcome?.type,
    object['rail_latency_ms'],
    object['fallback_of'],
    object['amount_refunded'],
    previous['amount_refunded'],
    object['status'],
    previous['status'],
    object['charge'],
    object['failure_code'],
  ]
  return [
    5n,
    type,
    1_700_000_000_000_000n,
    ...parts.map((each) => (each === undefined ? null : JSON.stringify(each))),
  ]
}

const charge = (own: Record<string, unknown> = {}): Record<string, unknown> => ({
  launches: [STAMP],
  amount: 1_000,
  currency: 'eur',
  created: 1_600_000_000,
  customer: null,
  payment_method_details: { card: { fingerprint: 'print' } },
  outcome: { type: 'authorized' },
  rail_latency_ms: 120,
  fallback_of: null,
  ...own,
})

const read = (...rows: readonly RawRow[]) =>
  readFacts(TENANT, rows, async () => new Map([['ch_1', 1_500_000_000]]))

describe('what the controller reads of events', () => {
  test('is an attempt with its outcome, by customer or card', async () => {
    const { facts } = await read(
      rowOf('charge.succeeded', charge({ customer: 'cus_1' })),
      rowOf('charge.failed', charge({ outcome: { type: 'issuer_declined' } })),
      rowOf('charge.failed', charge({ outcome: { type: 'invalid' } })),
    )
    assert.deepEqual(
      facts.map((fact) => (fact.kind === 'attempt' ? [fact.outcome, fact.account] : [])),
      [
        ['succeeded', 'cus_1'],
        ['declined', 'print'],
        ['failed', 'print'],
      ],
    )
    assert.equal(launchesIn(facts).size, 1)
    assert.equal(exposedIn(facts).size, 1)
  })

  test('is the first attempt only: what stands in for it is nobody’s', async () => {
    const { facts, attempts } = await read(rowOf('charge.succeeded', charge({ fallback_of: 'ch_0' })))
    assert.deepEqual([facts, attempts], [[], []])
  })

  test('is nothing of a payment that no launch met, but for the levels of service', async () => {
    const { facts, attempts } = await read(
      rowOf('charge.succeeded', charge({ launches: [] })),
      rowOf(
        'charge.failed',
        charge({ launches: [], outcome: { type: 'issuer_declined' }, failure_code: 'card_declined' }),
      ),
    )
    assert.deepEqual([facts.length, attempts.map(({ isCustomers }) => isCustomers)], [0, [false, true]])
  })

  test('is what a refund gave back, the first time as a payment, and not what failed after all', async () => {
    const { facts } = await read(
      rowOf('charge.refunded', charge({ amount_refunded: 300 }), { amount_refunded: 0 }),
      rowOf('charge.refunded', charge({ amount_refunded: 500 }), { amount_refunded: 300 }),
      rowOf(
        'refund.updated',
        { launches: [STAMP], amount: 200, currency: 'eur', status: 'failed' },
        { status: 'pending' },
      ),
      rowOf(
        'refund.updated',
        { launches: [STAMP], amount: 200, currency: 'eur', status: 'succeeded' },
        { status: 'pending' },
      ),
    )
    assert.deepEqual(
      facts.map((fact) => (fact.kind === 'refund' ? [fact.amount, fact.isFirst] : [])),
      [
        [300, true],
        [200, false],
        [-200, false],
      ],
    )
  })

  test('is a dispute, of the age of its charge', async () => {
    const dispute = { launches: [STAMP], amount: 1_000, currency: 'eur', charge: 'ch_1', created: 1 }
    const { facts } = await read(rowOf('charge.dispute.created', dispute))
    const [fact] = facts
    assert.deepEqual(
      fact?.kind === 'dispute' ? [fact.madeSeconds, fact.amount] : null,
      [1_500_000_000, 1_000],
    )
  })

  test('is in minor units of ISO 4217, whatever Stripe writes', async () => {
    const { facts } = await read(rowOf('charge.succeeded', charge({ amount: 50_000, currency: 'isk' })))
    assert.equal(facts[0]?.amount, 500)
  })
})
