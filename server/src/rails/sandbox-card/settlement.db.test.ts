import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type AcquirerWorld, openAcquirer } from '../../../test/support/acquirer.ts'
import type { Authorise, Notification, Settlement } from '../port/index.ts'
import { QUIET } from './knobs.ts'
import { costOf, csvOf } from './settlement.ts'
import { inTransaction, storeKnobs } from './transaction.ts'

let world: AcquirerWorld
before(async () => {
  world = await openAcquirer()
})
after(() => world.close())

const TWO_DAYS = 2 * 86_400

const pay = async (reference: string, name: string, changed: Partial<Authorise> = {}): Promise<void> => {
  const outcome = await world.acquirer.rail.authorise({
    tenant: world.tenant,
    reference,
    token: world.token(name),
    amount: 10_000n,
    currency: 'EUR',
    capture: 'automatic',
    offSession: false,
    authentication: null,
    threeDSecure: 'automatic',
    statementDescriptor: null,
    isVerification: false,
    ...changed,
  })
  assert.equal(outcome.kind, name === 'visa_chargeDeclined' ? 'declined' : 'succeeded')
}

const later = (reference: string, of: string, amount: bigint) => ({
  tenant: world.tenant,
  reference,
  of,
  amount,
  currency: 'EUR',
})

const settlementsOf = (told: readonly Notification[]): Settlement[] =>
  told.flatMap((one) => (one.type === 'settlement' ? [one.settlement] : []))

const linesOf = (settlement: Settlement | undefined) =>
  settlement?.lines.map(({ reference, kind, amount, cost }) => [reference, kind, amount, cost])

test('a day is settled after it is over, one settlement for each currency, line by line', async () => {
  await pay('a', 'visa')
  await pay('b', 'visa', { currency: 'USD', amount: 199n })
  await pay('c', 'visa_chargeDeclined')
  await pay('d', 'visa', { capture: 'manual' })
  await pay('e', 'visa', { capture: 'manual' })
  await pay('f', 'refundFail')
  await pay('g', 'createDispute')
  await pay('h', 'visa', { isVerification: true, amount: 0n })
  const { rail } = world.acquirer
  assert.equal((await rail.capture(later('e1', 'e', 4_001n))).kind, 'succeeded')
  assert.equal((await rail.refund(later('a1', 'a', 2_500n))).kind, 'succeeded')
  assert.equal((await rail.refund(later('f1', 'f', 10_000n))).kind, 'succeeded')
  assert.deepEqual(settlementsOf(await world.listen()), [])
  const settlements = settlementsOf(await world.listen(TWO_DAYS))
  const [euro, dollar] = settlements.toSorted((one, other) => (one.currency < other.currency ? -1 : 1))
  assert.deepEqual(linesOf(euro), [
    ['a', 'capture', 10_000n, 55n],
    ['a1', 'refund', -2_500n, 0n],
    ['e1', 'capture', 4_001n, 25n],
    ['f', 'capture', 10_000n, 55n],
    ['g', 'capture', 10_000n, 55n],
    ['g', 'chargeback', -10_000n, 0n],
  ])
  assert.deepEqual([euro?.gross, euro?.cost, euro?.net], [21_501n, 190n, 21_311n])
  assert.deepEqual(linesOf(dollar), [['b', 'capture', 199n, 5n]])
  assert.deepEqual([settlements.length, dollar?.currency], [2, 'USD'])
  assert.ok(euro !== undefined)
  assert.equal(csvOf(euro).split('\n').length, 8)
  assert.match(csvOf(euro), /,EUR,a,capture,10000,55,9945\n/)
  assert.deepEqual(settlementsOf(await world.listen(TWO_DAYS)), [])
})

test('a settlement can be made wrong, by one minor unit', async () => {
  await inTransaction(world.pools.plain, world.tenant, (one) =>
    storeKnobs(one, 'sandbox-card', { ...QUIET, settle_wrong: true }),
  )
  await pay('x', 'visa', { currency: 'CZK' })
  const [settlement] = settlementsOf(await world.listen(TWO_DAYS))
  assert.deepEqual(linesOf(settlement), [['x', 'capture', 9_999n, 55n]])
  assert.equal(settlement?.gross, 9_999n)
})

test('costs are half a percent, rounded down, and five minor units; only captures have them', () => {
  assert.deepEqual(
    [0n, 1n, 199n, 200n, 10_000n].map((amount) => costOf('capture', amount)),
    [5n, 5n, 5n, 6n, 55n],
  )
  assert.equal(costOf('refund', -10_000n), 0n)
})
