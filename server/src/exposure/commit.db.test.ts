import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { caps, control, facts, launchId } from '../../test/support/exposure-samples.ts'
import { unitOf } from '../../test/support/pots.ts'
import { openPotsDatabase, type PotsDatabase } from '../../test/support/pots-database.ts'
import type { Commit, Draft, Unit } from '../database/index.ts'
import type { TenantId } from '../kit/index.ts'
import {
  decideAttempt,
  declareControls,
  declareCounters,
  declareReservation,
  giveBack,
  putControl,
  removeControl,
} from './commit.ts'
import { unitOfCustomer } from './core/compile.ts'
import type { AttemptDecision, AttemptFacts, Control, Reservation } from './core/model.ts'
import { writeExposure } from './store.ts'

let world: PotsDatabase

before(async () => {
  world = await openPotsDatabase()
})
after(() => world.close())

/** A process of its own, with a memory of its own. */
const startProcess = (): Commit => world.commit({ writers: writeExposure })

const answerOf = async <Answer>(commit: Commit, unit: Unit<Answer>): Promise<Answer> => {
  const outcome = await commit.submit(unit)
  assert.ok(outcome.kind === 'decided')
  return outcome.answer
}

const change = <Answer>(
  commit: Commit,
  tenant: TenantId,
  decide: (draft: Draft) => Answer,
): Promise<Answer> =>
  answerOf(commit, unitOf({ tenant, reads: [(declare) => declareControls(declare)], decide }))

const put = (commit: Commit, tenant: TenantId, more: Partial<Control> = {}): Promise<number> =>
  change(commit, tenant, (draft) => putControl(draft, control({ exposureBp: 10_000, ...more })))

const attemptUnit = (tenant: TenantId, of: AttemptFacts): Unit<AttemptDecision> =>
  unitOf({
    tenant,
    reads: [declareControls, declareCounters],
    decide: (draft) => decideAttempt(draft, of),
  })

const attempt = (
  commit: Commit,
  tenant: TenantId,
  of: Partial<AttemptFacts> = {},
): Promise<AttemptDecision> => answerOf(commit, attemptUnit(tenant, facts(of)))

const give = (
  commit: Commit,
  tenant: TenantId,
  reservation: Reservation | null,
  amount: number,
): Promise<Reservation | null> => {
  assert.ok(reservation)
  return answerOf(
    commit,
    unitOf({
      tenant,
      reads: [(declare) => declareReservation(declare, reservation)],
      decide: (draft) => giveBack(draft, reservation, amount),
    }),
  )
}

const reasonOf = ({ stamps }: AttemptDecision): string | undefined => stamps[0]?.reason

const countersOf = async (tenant: TenantId): Promise<unknown[]> =>
  world.ask(
    tenant,
    'select stage, day, reserved_today::text, reserved_in_stage::text from exposure.counters order by stage',
  )

const moveClock = (tenant: TenantId, days: number): Promise<void> =>
  world.asOwner(
    tenant,
    'update database.heads set clock_offset_micros = clock_offset_micros + $2, batch = batch + 1 where tenant = $1',
    [tenant, BigInt(days) * 86_400_000_000n],
  )

describe('controls', () => {
  test('a stop in one process is seen by the next decision of every other, under load', async () => {
    const tenant = await world.addTenant()
    const [one, other] = [startProcess(), startProcess()]
    const named = [unitOfCustomer(launchId(1_000))]
    await put(one, tenant, { named })
    const before = await Promise.all(Array.from({ length: 20 }, () => attempt(other, tenant)))
    assert.ok(before.every(({ rails }) => rails?.[0] === 'new-rail'))
    let isStopped = false
    const late: AttemptDecision[] = []
    const load = Array.from({ length: 4 }, async () => {
      for (let round = 0; round < 30; round++) {
        const isAfter = isStopped
        const decided = await attempt(other, tenant)
        if (isAfter) late.push(decided)
      }
    })
    await put(one, tenant, { named, isStopped: true })
    isStopped = true
    late.push(await attempt(other, tenant), await attempt(one, tenant))
    await Promise.all(load)
    assert.ok(late.length > 2)
    assert.deepEqual(
      new Set(late.map(({ rails, stamps }) => `${rails} ${stamps[0]?.reason}`)),
      new Set(['null stopped']),
    )
  })

  test('keep their places of precedence, and each change raises the version', async () => {
    const tenant = await world.addTenant()
    const [one, other] = [startProcess(), startProcess()]
    assert.equal(await put(one, tenant, { launch: launchId(1) }), 1)
    assert.equal(await put(other, tenant, { launch: launchId(2) }), 2)
    assert.equal(await put(one, tenant, { launch: launchId(1), exposureBp: 0 }), 3)
    const { stamps } = await attempt(other, tenant)
    assert.deepEqual(
      stamps.map(({ launch, version, exposed }) => ({ launch, version, exposed })),
      [
        { launch: launchId(1), version: 3, exposed: false },
        { launch: launchId(2), version: 2, exposed: true },
      ],
    )
    assert.equal(await change(one, tenant, (draft) => removeControl(draft, launchId(1))), 4)
    assert.equal((await attempt(other, tenant)).stamps.length, 1)
  })

  test('an attempt of the same batch as the change of its control is decided over the changed one', async () => {
    const tenant = await world.addTenant()
    const commit = startProcess()
    await put(commit, tenant)
    const [first, , last] = await Promise.all([
      attempt(commit, tenant),
      put(commit, tenant, { stage: 1, caps: caps({ perStage: 500 }) }),
      attempt(commit, tenant),
    ])
    assert.deepEqual([reasonOf(first), reasonOf(last)], ['bucket', 'cap'])
  })
})

describe('caps', () => {
  test('hold to the cent over two processes that write at the same time', async () => {
    const tenant = await world.addTenant()
    const processes = [startProcess(), startProcess()]
    const all = caps({ perPayment: 300, perStage: 5_000, perDay: 4_999 })
    await put(processes[0] as Commit, tenant, { caps: all })
    const decided = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        attempt(processes[index % 2] as Commit, tenant, { amount: BigInt(1 + ((index * 37) % 310)) }),
      ),
    )
    const reserved = decided.reduce((sum, { reservation }) => sum + (reservation?.amount ?? 0), 0)
    assert.ok(reserved <= 4_999 && reserved > 4_600, `${reserved} of 4,999`)
    for (const { reservation, rails, stamps } of decided) {
      assert.equal(rails !== null, reservation !== null)
      assert.equal(stamps[0]?.exposed, reservation !== null)
    }
    const [[, day, today, inStage] = []] = (await countersOf(tenant)) as unknown[][]
    assert.deepEqual([today, inStage], [String(reserved), String(reserved)])
    assert.equal(day, Math.floor(Date.now() / 86_400_000))
  })

  test('what is given back makes room, and nothing is given back twice', async () => {
    const tenant = await world.addTenant()
    const [one, other] = [startProcess(), startProcess()]
    await put(one, tenant, { caps: caps({ perDay: 1_000 }) })
    const first = await attempt(one, tenant)
    assert.equal(reasonOf(await attempt(other, tenant, { amount: 1n })), 'cap')
    const rest = await give(other, tenant, first.reservation, 400)
    assert.equal(rest?.amount, 600)
    await assert.rejects(give(one, tenant, rest, 601), { name: 'Bug' })
    assert.equal(reasonOf(await attempt(one, tenant, { amount: 400n })), 'bucket')
    assert.equal(await give(one, tenant, rest, 600), null)
    await assert.rejects(give(other, tenant, first.reservation, 1_000), { name: 'Bug' }, 'below zero')
    assert.deepEqual(((await countersOf(tenant))[0] as unknown[]).slice(2), ['400', '400'])
  })

  test('the next day starts at nothing, the stage goes on, and yesterday’s money makes no room today', async () => {
    const tenant = await world.addTenant()
    const commit = startProcess()
    await put(commit, tenant, { caps: caps({ perDay: 1_000, perStage: 2_500 }) })
    const yesterday = await attempt(commit, tenant)
    assert.equal(reasonOf(await attempt(commit, tenant)), 'cap')
    await moveClock(tenant, 1)
    assert.equal(reasonOf(await attempt(commit, tenant)), 'bucket')
    await give(commit, tenant, yesterday.reservation, 1_000)
    assert.equal(reasonOf(await attempt(commit, tenant, { amount: 1n })), 'cap', 'today is full')
    await moveClock(tenant, 1)
    assert.equal(reasonOf(await attempt(commit, tenant)), 'bucket')
    assert.deepEqual(((await countersOf(tenant))[0] as unknown[]).slice(2), ['1000', '2000'])
    await moveClock(tenant, 1)
    assert.equal(reasonOf(await attempt(commit, tenant)), 'cap', 'the stage is full')
    assert.equal(reasonOf(await attempt(commit, tenant, { amount: 500n })), 'bucket')
  })

  test('of another stage are counted apart', async () => {
    const tenant = await world.addTenant()
    const commit = startProcess()
    await put(commit, tenant, { caps: caps({ perStage: 1_000 }) })
    await attempt(commit, tenant)
    assert.equal(reasonOf(await attempt(commit, tenant)), 'cap')
    await put(commit, tenant, { caps: caps({ perStage: 1_000 }), stage: 1 })
    assert.equal(reasonOf(await attempt(commit, tenant)), 'bucket')
    assert.equal((await countersOf(tenant)).length, 2)
  })

  test('a unit that fails after it reserved has reserved nothing', async () => {
    const tenant = await world.addTenant()
    const commit = startProcess()
    await put(commit, tenant, { caps: caps({ perDay: 1_000 }) })
    const unit = attemptUnit(tenant, facts())
    const failing: Unit<AttemptDecision> = {
      ...unit,
      decide: (draft) => {
        unit.decide(draft)
        throw new Error('it fails after that')
      },
    }
    const [failed, next] = await Promise.allSettled([commit.submit(failing), attempt(commit, tenant)])
    assert.equal(failed.status, 'rejected')
    assert.ok(next.status === 'fulfilled' && reasonOf(next.value) === 'bucket')
  })

  test('one counter is written once for a batch, however many payments it has', async () => {
    const tenant = await world.addTenant()
    const commit = startProcess()
    await put(commit, tenant, { caps: caps({ perDay: 1_000_000 }) })
    await Promise.all(Array.from({ length: 100 }, () => attempt(commit, tenant)))
    await commit.drain()
    const [[batches] = []] = await world.ask(tenant, 'select count(*)::int from database.batches')
    assert.ok(Number(batches) < 20, `${batches} batches`)
    assert.deepEqual(((await countersOf(tenant))[0] as unknown[]).slice(2), ['100000', '100000'])
  })
})
