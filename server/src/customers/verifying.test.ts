import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFakeRail, declined, succeeded } from '../../test/support/fake-rail.ts'
import { Fault, type TenantId, type Uuid } from '../kit/index.ts'
import type { Authorise, Authorised, Declined, Rail } from '../rails/index.ts'
import { type Verification, verify, verifyForAttaching } from './verifying.ts'

const wanted: Verification = {
  tenant: 1 as TenantId,
  reference: '0199a1b2-c3d4-7e5f-8091-a2b3c4d5e6f7' as Uuid,
  token: 'tok',
  authentication: null,
  threeDSecure: 'automatic',
}
const ASK = { kind: 'requires_action', authentication: 'auth_1', url: '/a' } as const

const railThat = (...answers: (Authorised | 'lost' | 'never_arrived')[]) => {
  const fake = createFakeRail()
  fake.ordersNext.push(...answers)
  const sent: Authorise[] = []
  const rail: Rail = {
    ...fake.rail,
    authorise: (order) => {
      sent.push(order)
      return fake.rail.authorise(order)
    },
  }
  return { rail, sent }
}

test('a card is verified with its owner there, for nothing, and is not charged', async () => {
  const { rail, sent } = railThat()
  assert.equal((await verify(rail, wanted, false)).kind, 'succeeded')
  const [order] = sent
  assert.deepEqual(
    [order?.reference, order?.amount, order?.offSession, order?.isVerification, order?.capture],
    [wanted.reference, 0n, false, true, 'manual'],
  )
})

test('what may have been sent is asked about first, and sent only where it never came', async () => {
  const { rail, sent } = railThat('lost')
  assert.equal((await verify(rail, wanted, false)).kind, 'unknown')
  assert.equal((await verify(rail, wanted, true)).kind, 'succeeded')
  assert.equal(sent.length, 1)
  const other = railThat('never_arrived')
  assert.equal((await verify(other.rail, wanted, false)).kind, 'unknown')
  assert.equal((await verify(other.rail, wanted, true)).kind, 'succeeded')
  assert.deepEqual(
    other.sent.map(({ reference }) => reference),
    [wanted.reference, wanted.reference],
  )
})

test('it is sent once more only when the customer was authenticated', async () => {
  const { rail, sent } = railThat(ASK)
  assert.equal((await verify(rail, wanted, false)).kind, 'requires_action')
  assert.equal((await verify(rail, wanted, true)).kind, 'requires_action')
  assert.equal(sent.length, 1)
  assert.equal((await verify(rail, { ...wanted, authentication: 'auth_1' }, true)).kind, 'succeeded')
  assert.equal(sent[1]?.authentication, 'auth_1')
})

test('a card is attached that only its owner may use, and not one that is declined, nor one of which nobody knows', async () => {
  const attach = (answer: Authorised) => verifyForAttaching(railThat(answer).rail, wanted, false)
  assert.equal((await attach(succeeded('arn'))).kind, 'good')
  assert.equal((await attach(ASK)).kind, 'good')
  assert.equal((await attach(declined)).kind, 'declined')
  const mustAuthenticate = { ...(declined as Declined), declineCode: 'authentication_required' }
  assert.equal((await attach(mustAuthenticate)).kind, 'good')
  for (const answer of [
    { kind: 'unknown', reason: 'x' } as const,
    { kind: 'pending', railReference: 'x' } as const,
  ])
    await assert.rejects(attach(answer), (thrown) => thrown instanceof Fault && thrown.kind === 'unavailable')
})
