import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { add, answerOf, unitOf } from '../../../test/support/pots.ts'
import { openPotsDatabase, type PotsDatabase } from '../../../test/support/pots-database.ts'
import { Fault, type Reply, type TenantId } from '../../kit/index.ts'
import type { Claim, Unit } from './unit.ts'

let world: PotsDatabase
before(async () => {
  world = await openPotsDatabase()
})
after(() => world.close())

const wholeClaim = (key: string, request: string, scope = ''): Claim => ({
  scope,
  key,
  digest: createHash('sha256').update(request).digest(),
  phase: 'whole',
  worker: null,
})

const filling = (tenant: TenantId, claim: Claim, amount = 1n): Unit<bigint> => ({
  ...add(world.pots, 'pot', amount, { tenant }),
  claim,
})

const potOf = async (tenant: TenantId): Promise<unknown> =>
  (await world.ask(tenant, `select amount from pots.pots where name = 'pot'`))[0]?.[0]

describe('an idempotency key', () => {
  test('does its work once, for every process, and answers what the first caller was told', async () => {
    const tenant = await world.addTenant()
    const [one, other] = [world.commit(), world.commit()]
    assert.equal(await answerOf(one.submit(filling(tenant, wholeClaim('k', 'a')))), 1n)
    for (const commit of [one, other, world.commit()]) {
      const again = await commit.submit(filling(tenant, wholeClaim('k', 'a')))
      assert.deepEqual(again, {
        kind: 'replayed',
        reply: { status: 200, body: '1', objectId: null, code: null },
      })
    }
    assert.equal(await potOf(tenant), 1n)
  })

  test('of 32 callers in two processes at once does its work once, and all are told the same', async () => {
    const tenant = await world.addTenant()
    const commits = [world.commit(), world.commit()]
    const outcomes = await Promise.all(
      Array.from({ length: 32 }, (_, index) =>
        commits[index % 2]?.submit(filling(tenant, wholeClaim('storm', 'a'))),
      ),
    )
    const told = outcomes.map((outcome) =>
      outcome?.kind === 'decided'
        ? String(outcome.answer)
        : outcome?.kind === 'replayed'
          ? outcome.reply.body
          : '',
    )
    assert.deepEqual(new Set(told), new Set(['1']))
    assert.equal(outcomes.filter((outcome) => outcome?.kind === 'decided').length, 1)
    assert.equal(await potOf(tenant), 1n)
  })

  test('with another request is refused, and does nothing', async () => {
    const tenant = await world.addTenant()
    const commit = world.commit()
    await commit.submit(filling(tenant, wholeClaim('k', 'a')))
    assert.deepEqual(await commit.submit(filling(tenant, wholeClaim('k', 'b'), 50n)), { kind: 'key_reused' })
    const both = await Promise.all(
      ['c', 'd'].map((request) => commit.submit(filling(tenant, wholeClaim('k2', request)))),
    )
    assert.deepEqual(
      both.map(({ kind }) => kind),
      ['decided', 'key_reused'],
    )
    assert.equal(await potOf(tenant), 2n)
  })

  test('is one key for each scope and each tenant', async () => {
    const tenants = [await world.addTenant(), await world.addTenant()]
    const commit = world.commit()
    for (const tenant of tenants) {
      for (const scope of ['', 'acct_1'])
        assert.equal((await commit.submit(filling(tenant, wholeClaim('k', 'a', scope)))).kind, 'decided')
    }
    assert.deepEqual(await Promise.all(tenants.map(potOf)), [2n, 2n])
  })

  test('keeps a refusal, which is an answer like others', async () => {
    const tenant = await world.addTenant()
    const commit = world.commit()
    const refusal: Reply = {
      status: 400,
      body: '{"error":{"code":"exceeds_credits"}}',
      objectId: null,
      code: 'exceeds_credits',
    }
    const refusing: Unit<null> = {
      ...unitOf({ tenant, decide: () => null }),
      claim: wholeClaim('no', 'a'),
      decide: () => ({ kind: 'answer', answer: null, reply: refusal }),
    }
    assert.equal((await commit.submit(refusing)).kind, 'decided')
    assert.deepEqual(await world.commit().submit(refusing), { kind: 'replayed', reply: refusal })
  })

  test('keeps no fault and no bug: the same key may be tried again and gets the true outcome', async () => {
    const tenant = await world.addTenant()
    const commit = world.commit()
    const fault = new Fault('away', { kind: 'unavailable', code: 'away', retryAfterS: 1 })
    for (const error of [fault, new Error('a bug')]) {
      const failing = {
        ...filling(tenant, wholeClaim(error.message, 'a')),
        decide: () => {
          throw error
        },
      }
      await assert.rejects(commit.submit(failing), error)
    }
    await assert.rejects(commit.submit(filling(tenant, wholeClaim('poison', 'a'), -1n)), { code: '23514' })
    assert.deepEqual(await world.ask(tenant, 'select key from database.idempotency_keys'), [])
    for (const key of ['away', 'a bug', 'poison'])
      assert.equal((await commit.submit(filling(tenant, wholeClaim(key, 'a')))).kind, 'decided')
  })

  test('outlives its answer’s body: then status, code and object are told, and the work is not done again', async () => {
    const tenant = await world.addTenant()
    const reply: Reply = { status: 200, body: '{"id":"la_1"}', objectId: 'la_1', code: null }
    const made: Unit<bigint> = {
      ...filling(tenant, wholeClaim('old', 'a')),
      decide: (draft) => {
        add(world.pots, 'pot', 1n).decide(draft)
        return { kind: 'answer', answer: 1n, reply }
      },
    }
    await world.commit().submit(made)
    await world.asOwner(tenant, 'delete from database.idempotency_answers where tenant = $1', [tenant])
    const expected = { kind: 'replayed', reply: { status: 200, body: null, objectId: 'la_1', code: null } }
    assert.deepEqual(await world.commit().submit(made), expected)
    assert.equal(await potOf(tenant), 1n)
  })
})
