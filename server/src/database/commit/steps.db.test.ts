import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { add, unitOf } from '../../../test/support/pots.ts'
import { openPotsDatabase, type PotsDatabase } from '../../../test/support/pots-database.ts'
import { newUuid, type Reply, type TenantId } from '../../kit/index.ts'
import type { Commit } from './commit.ts'
import type { Claim, Outcome, Unit } from './unit.ts'

let world: PotsDatabase
before(async () => {
  world = await openPotsDatabase()
})
after(() => world.close())

const CLAIM: Omit<Claim, 'phase' | 'worker'> = {
  scope: '',
  key: 'pay',
  digest: createHash('sha256').update('a').digest(),
}

const filling = (tenant: TenantId, claim: Claim): Unit<bigint> => ({
  ...add(world.pots, 'pot', 1n, { tenant }),
  claim,
})

const potOf = async (tenant: TenantId): Promise<unknown> =>
  (await world.ask(tenant, `select amount from pots.pots where name = 'pot'`))[0]?.[0]

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
const endLeases = (tenant: TenantId): Promise<void> =>
  world.asOwner(tenant, 'update database.idempotency_keys set lease_until_ms = 0 where tenant = $1', [tenant])

const OK: Reply = { status: 200, body: 'paid', objectId: 'pi_1', code: null }

/**
 * A request of two units with a network call between them. Whoever finds the key without its worker goes on from the
 * step: it asks the rail by the same reference, and sends only what the rail has never seen under it.
 */
const pay = async (
  commit: Commit,
  tenant: TenantId,
  rail: Rail,
  crash: Crash,
): Promise<Outcome<unknown>['kind'] | 'crashed'> => {
  const worker = newUuid(Date.now())
  const claim = { ...CLAIM, worker }
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
  const finished = await commit.submit({
    ...filled,
    decide: (draft) => {
      decide(draft)
      return { kind: 'answer', answer: 1n, reply: OK }
    },
  })
  return finished.kind
}

describe('a request of several units', () => {
  for (const crash of ['after the first unit', 'after sending', 'before the last unit'] as const) {
    test(`whose process died ${crash} is finished by the next one, and sent once`, async () => {
      const tenant = await world.addTenant()
      const rail = new Rail()
      assert.equal(await pay(world.commit(), tenant, rail, crash), 'crashed')
      assert.equal(await potOf(tenant), undefined, 'nothing is paid yet')
      await assert.rejects(pay(world.commit(), tenant, rail, null), {
        name: 'Fault',
        kind: 'conflict',
        code: 'idempotency_key_in_use',
      })
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
    const open = (worker: typeof slow): Unit<unknown> => ({
      ...unitOf({ tenant, decide: () => null }),
      claim: { ...CLAIM, phase: 'open', worker },
      decide: () => ({ kind: 'step', answer: null, step: { n: 1 }, leaseMs: LEASE_MS }),
    })
    await commit.submit(open(slow))
    await endLeases(tenant)
    assert.deepEqual(await commit.submit(open(quick)), { kind: 'resumed', step: { n: 1 } })
    await assert.rejects(commit.submit(filling(tenant, { ...CLAIM, phase: 'finish', worker: slow })), {
      code: 'idempotency_key_in_use',
    })
    assert.equal(await potOf(tenant), undefined)
    assert.equal(
      (await commit.submit(filling(tenant, { ...CLAIM, phase: 'finish', worker: quick }))).kind,
      'decided',
    )
  })
})
