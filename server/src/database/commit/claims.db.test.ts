import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { add, answerOf, unitOf } from '../../../test/support/pots.ts'
import { openPotsDatabase, type PotsDatabase } from '../../../test/support/pots-database.ts'
import { Fault, newUuid, type Reply, type TenantId } from '../../kit/index.ts'
import type { Commit } from './commit.ts'
import type { Claim, Outcome, Unit } from './unit.ts'

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

const filling = (tenant: TenantId, claim: Claim, amount = 1n): Unit<bigint> => ({ ...add(world.pots, 'pot', amount, { tenant }), claim })

const potOf = async (tenant: TenantId): Promise<unknown> => (await world.ask(tenant, `select amount from pots.pots where name = 'pot'`))[0]?.[0]

describe('an idempotency key', () => {
  test('does its work once, for every process, and answers what the first caller was told', async () => {
    const tenant = await world.addTenant()
    const [one, other] = [world.commit(), world.commit()]
    assert.equal(await answerOf(one.submit(filling(tenant, wholeClaim('k', 'a')))), 1n)
    for (const commit of [one, other, world.commit()]) {
      const again = await commit.submit(filling(tenant, wholeClaim('k', 'a')))
      assert.deepEqual(again, { kind: 'replayed', reply: { status: 200, body: '1', objectId: null, code: null } })
    }
    assert.equal(await potOf(tenant), 1n)
  })

  test('of 32 callers in two processes at once does its work once, and all are told the same', async () => {
    const tenant = await world.addTenant()
    const commits = [world.commit(), world.commit()]
    const outcomes = await Promise.all(
      Array.from({ length: 32 }, (_, index) => commits[index % 2]?.submit(filling(tenant, wholeClaim('storm', 'a')))),
    )
    const told = outcomes.map((outcome) => (outcome?.kind === 'decided' ? String(outcome.answer) : outcome?.kind === 'replayed' ? outcome.reply.body : ''))
    assert.deepEqual(new Set(told), new Set(['1']))
    assert.equal(outcomes.filter((outcome) => outcome?.kind === 'decided').length, 1)
    assert.equal(await potOf(tenant), 1n)
  })

  test('with another request is refused, and does nothing', async () => {
    const tenant = await world.addTenant()
    const commit = world.commit()
    await commit.submit(filling(tenant, wholeClaim('k', 'a')))
    assert.deepEqual(await commit.submit(filling(tenant, wholeClaim('k', 'b'), 50n)), { kind: 'key_reused' })
    const both = await Promise.all(['c', 'd'].map((request) => commit.submit(filling(tenant, wholeClaim('k2', request)))))
    assert.deepEqual(both.map(({ kind }) => kind), ['decided', 'key_reused'])
    assert.equal(await potOf(tenant), 2n)
  })

  test('is one key for each scope and each tenant', async () => {
    const tenants = [await world.addTenant(), await world.addTenant()]
    const commit = world.commit()
    for (const tenant of tenants) {
      for (const scope of ['', 'acct_1']) assert.equal((await commit.submit(filling(tenant, wholeClaim('k', 'a', scope)))).kind, 'decided')
    }
    assert.deepEqual(await Promise.all(tenants.map(potOf)), [2n, 2n])
  })

  test('keeps a refusal, which is an answer like others', async () => {
    const tenant = await world.addTenant()
    const commit = world.commit()
    const refusal: Reply = { status: 400, body: '{"error":{"code":"exceeds_credits"}}', objectId: null, code: 'exceeds_credits' }
    const refusing: Unit<null> = { ...unitOf({ tenant, decide: () => null }), claim: wholeClaim('no', 'a'), decide: () => ({ kind: 'answer', answer: null, reply: refusal }) }
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
    for (const key of ['away', 'a bug', 'poison']) assert.equal((await commit.submit(filling(tenant, wholeClaim(key, 'a')))).kind, 'decided')
  })

  test('outlives its answer’s body: then status, code and object are told, and the work is not done again', async () => {
    const tenant = await world.addTenant()
    const reply: Reply = { status: 200, body: '{"id":"la_1"}', objectId: 'la_1', code: null }
    const made: Unit<bigint> = { ...filling(tenant, wholeClaim('old', 'a')), decide: (draft) => ({ kind: 'answer', answer: 1n, reply: (add(world.pots, 'pot', 1n).decide(draft), reply) }) }
    await world.commit().submit(made)
    await world.asOwner(tenant, 'delete from database.idempotency_answers where tenant = $1', [tenant])
    const expected = { kind: 'replayed', reply: { status: 200, body: null, objectId: 'la_1', code: null } }
    assert.deepEqual(await world.commit().submit(made), expected)
    assert.equal(await potOf(tenant), 1n)
  })
})

/** A rail outside: it remembers what was sent to it, by our reference. */
class Rail {
  readonly sent: string[] = []
  send(reference: string): void {
    this.sent.push(reference)
  }
  ask(reference: string): 'succeeded' | 'unknown' {
    return this.sent.includes(reference) ? 'succeeded' : 'unknown'
  }
}

type Crash = 'after the first unit' | 'after sending' | 'before the last unit' | null

const LEASE_MS = 600_000
/** As if the worker had been silent for longer than its lease. */
const endLeases = (tenant: TenantId): Promise<void> => world.asOwner(tenant, 'update database.idempotency_keys set lease_until_ms = 0 where tenant = $1', [tenant])

const OK: Reply = { status: 200, body: 'paid', objectId: 'pi_1', code: null }

/**
 * A request of two units with a network call between them. Whoever finds the key without its worker goes on from the
 * step: it asks the rail by the same reference, and sends only what the rail has never seen under it.
 */
const pay = async (commit: Commit, tenant: TenantId, rail: Rail, crash: Crash): Promise<Outcome<unknown>['kind'] | 'crashed'> => {
  const worker = newUuid(Date.now())
  const claim = { ...wholeClaim('pay', 'a'), worker }
  const opening: Unit<unknown> = {
    ...unitOf({ tenant, decide: () => null }),
    claim: { ...claim, phase: 'open' },
    decide: () => ({ kind: 'step', answer: null, step: { reference: `ref-${worker}` }, leaseMs: LEASE_MS }),
  }
  const begun = await commit.submit(opening)
  if (begun.kind === 'replayed' || begun.kind === 'key_reused') return begun.kind
  const reference = begun.kind === 'resumed' ? String(begun.step['reference']) : `ref-${worker}`
  if (crash === 'after the first unit') return 'crashed'
  if (rail.ask(reference) === 'unknown') rail.send(reference)
  if (crash === 'after sending' || crash === 'before the last unit') return 'crashed'
  const { decide, ...filled } = filling(tenant, { ...claim, phase: 'finish' })
  const finished = await commit.submit({ ...filled, decide: (draft) => (decide(draft), { kind: 'answer', answer: 1n, reply: OK }) })
  return finished.kind
}

describe('a request of several units', () => {
  for (const crash of ['after the first unit', 'after sending', 'before the last unit'] as const) {
    test(`whose process died ${crash} is finished by the next one, and sent once`, async () => {
      const tenant = await world.addTenant()
      const rail = new Rail()
      assert.equal(await pay(world.commit(), tenant, rail, crash), 'crashed')
      assert.equal(await potOf(tenant), undefined, 'nothing is paid yet')
      await assert.rejects(pay(world.commit(), tenant, rail, null), { name: 'Fault', kind: 'conflict', code: 'idempotency_key_in_use' })
      await endLeases(tenant)
      assert.equal(await pay(world.commit(), tenant, rail, null), 'decided')
      assert.equal(rail.sent.length, 1)
      assert.equal(await potOf(tenant), 1n)
      assert.equal(await pay(world.commit(), tenant, rail, null), 'replayed')
    })
  }

  test('cannot be finished by a worker that another has replaced', async () => {
    const tenant = await world.addTenant()
    const commit = world.commit()
    const [slow, quick] = [newUuid(1), newUuid(2)]
    const claim = wholeClaim('pay', 'a')
    const open = (worker: typeof slow): Unit<unknown> => ({
      ...unitOf({ tenant, decide: () => null }),
      claim: { ...claim, phase: 'open', worker },
      decide: () => ({ kind: 'step', answer: null, step: { n: 1 }, leaseMs: LEASE_MS }),
    })
    await commit.submit(open(slow))
    await endLeases(tenant)
    assert.deepEqual(await commit.submit(open(quick)), { kind: 'resumed', step: { n: 1 } })
    await assert.rejects(commit.submit(filling(tenant, { ...claim, phase: 'finish', worker: slow })), { code: 'idempotency_key_in_use' })
    assert.equal(await potOf(tenant), undefined)
    assert.equal((await commit.submit(filling(tenant, { ...claim, phase: 'finish', worker: quick }))).kind, 'decided')
  })
})
