import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { id } from '../../../test/support/commands.ts'
import { unitOf } from '../../../test/support/pots.ts'
import { openPotsDatabase, type PotsDatabase } from '../../../test/support/pots-database.ts'
import type { Micros, TenantId, Uuid } from '../../kit/index.ts'
import type { Commit } from '../commit/commit.ts'
import { setTimer } from '../commit/timers.ts'
import { startTimerWorker, type TimerHandler, type TimerWorker } from './worker.ts'

let world: PotsDatabase
let commit: Commit
before(async () => {
  world = await openPotsDatabase()
  commit = world.commit()
})
after(() => world.close())

const KIND = 'test.alarm'
const HOUR: Micros = 3_600_000_000n

/** Sets timers at moments from now by the tenant's clock, and takes back those whose moment is null. */
const setTimers = async (
  tenant: TenantId,
  changes: readonly (readonly [subject: Uuid, fromNow: Micros | null])[],
): Promise<void> => {
  const unit = unitOf({
    tenant,
    decide: (draft) => {
      for (const [subject, fromNow] of changes) {
        setTimer(draft, { kind: KIND, subject, dueMicros: fromNow === null ? null : draft.now + fromNow })
      }
      return null
    },
  })
  await commit.submit(unit)
}

const subjects = async (tenant: TenantId): Promise<unknown[]> =>
  (await world.ask(tenant, 'select subject::text from database.timers order by due_micros')).flat()

/** How far from the wall clock's now the tenant is due, in milliseconds; null when it is not on the list. */
const dueIn = async (tenant: TenantId): Promise<number | null> => {
  const sql = `select due_ms - (extract(epoch from clock_timestamp()) * 1000)::bigint from database.due where tenant = $1`
  const [row] = await world.ask(tenant, sql, [tenant])
  return row === undefined ? null : Number(row[0])
}

const isAbout = (value: number | null, expected: number): void => {
  assert.ok(value !== null && Math.abs(value - expected) < 30_000, `${value} is not about ${expected}`)
}

const moveClock = (tenant: TenantId, by: Micros): Promise<void> =>
  world.asOwner(
    tenant,
    'update database.heads set clock_offset_micros = clock_offset_micros + $2 where tenant = $1',
    [tenant, by],
  )

/** A worker that takes back the timers it is told of, and remembers them. */
const workerOf = (
  options: { readonly handler?: TimerHandler; readonly onError?: (error: unknown) => void } = {},
) => {
  const fired: Uuid[] = []
  const sizes: number[] = []
  const take: TimerHandler = async (tenant, due) => {
    sizes.push(due.length)
    fired.push(...due)
    await setTimers(
      tenant,
      due.map((subject) => [subject, null] as const),
    )
  }
  const worker = startTimerWorker({
    connections: world.connections,
    handlers: { [KIND]: options.handler ?? take },
    onError: options.onError ?? ((error) => assert.fail(String(error))),
  })
  return { worker, fired, sizes }
}

const using = async (worker: TimerWorker, work: () => Promise<void>): Promise<void> => {
  try {
    await work()
  } finally {
    await worker.stop()
  }
}

const until = async (isTrue: () => boolean): Promise<void> => {
  for (let count = 0; count < 500 && !isTrue(); count++)
    await new Promise((resolve) => setTimeout(resolve, 20))
  assert.ok(isTrue())
}

describe('timers', () => {
  test('are set, moved and taken back in the unit’s commit; the last word of a batch counts', async () => {
    const tenant = await world.addTenant()
    await setTimers(tenant, [
      [id(1), 2n * HOUR],
      [id(2), HOUR],
      [id(3), HOUR],
    ])
    assert.deepEqual(await subjects(tenant), [id(2), id(3), id(1)])
    await setTimers(tenant, [
      [id(2), 5n * HOUR],
      [id(3), null],
      [id(4), HOUR],
      [id(4), null],
      [id(1), null],
      [id(1), 3n * HOUR],
    ])
    assert.deepEqual(await subjects(tenant), [id(1), id(2)])
  })

  test('of a unit that throws are not set', async () => {
    const tenant = await world.addTenant()
    const failing = unitOf({
      tenant,
      decide: (draft) => {
        setTimer(draft, { kind: KIND, subject: id(1), dueMicros: 1n })
        throw new Error('no')
      },
    })
    await assert.rejects(commit.submit(failing), /no/)
    assert.deepEqual([await subjects(tenant), await dueIn(tenant)], [[], null])
  })

  test('put their tenant on the list of those with due work, by the wall clock, and only ever earlier', async () => {
    const tenant = await world.addTenant()
    await moveClock(tenant, 240n * HOUR)
    await setTimers(tenant, [[id(1), 2n * HOUR]])
    isAbout(await dueIn(tenant), 7_200_000)
    await setTimers(tenant, [[id(2), HOUR]])
    isAbout(await dueIn(tenant), 3_600_000)
    await setTimers(tenant, [[id(3), 9n * HOUR]])
    isAbout(await dueIn(tenant), 3_600_000)
  })
})

describe('the timer worker', () => {
  test('goes by the tenant’s clock: an hour that the clock was moved over has passed', async () => {
    const [moved, other] = [await world.addTenant(), await world.addTenant()]
    for (const tenant of [moved, other])
      await setTimers(tenant, [
        [id(1), HOUR],
        [id(2), 3n * HOUR],
      ])
    const { worker, fired } = workerOf()
    await using(worker, async () => {
      assert.deepEqual([await worker.fire(moved), await worker.fire(other)], [0, 0])
      await moveClock(moved, 2n * HOUR)
      assert.deepEqual([await worker.fire(moved), await worker.fire(other)], [1, 0])
      assert.deepEqual(fired, [id(1)])
      assert.deepEqual(await subjects(moved), [id(2)])
      isAbout(await dueIn(moved), 3_600_000)
      await moveClock(moved, 2n * HOUR)
      assert.equal(await worker.fire(moved), 1)
      assert.equal(await dueIn(moved), null)
    })
  })

  test('does not go by the wall clock: a tenant that is on the list too early is looked at and put back', async () => {
    const tenant = await world.addTenant()
    await setTimers(tenant, [[id(1), HOUR]])
    await world.asOwner(tenant, 'update database.due set due_ms = 0 where tenant = $1', [tenant])
    const { worker, fired } = workerOf()
    await using(worker, async () => {
      let left = 100
      while (left-- > 0 && ((await dueIn(tenant)) ?? 0) < 60_000)
        await new Promise((resolve) => setTimeout(resolve, 20))
      isAbout(await dueIn(tenant), 3_600_000)
      assert.deepEqual([fired, await subjects(tenant)], [[], [id(1)]])
    })
  })

  test('finds what falls due by itself, and two of them do it once', async () => {
    const tenant = await world.addTenant()
    const workers = [workerOf(), workerOf()]
    await setTimers(tenant, [
      [id(1), 10_000n],
      [id(2), 20_000n],
    ])
    const all = () => workers.flatMap(({ fired }) => fired)
    await until(() => all().length >= 2)
    await Promise.all(workers.map(({ worker }) => worker.stop()))
    assert.deepEqual(all().toSorted(), [id(1), id(2)])
    assert.equal(await dueIn(tenant), null)
  })

  test('hands over a bounded number at once, until nothing is due', async () => {
    const tenant = await world.addTenant()
    await setTimers(
      tenant,
      Array.from({ length: 1_100 }, (_, index) => [id(index + 1), 0n] as const),
    )
    await world.asOwner(tenant, 'delete from database.due where tenant = $1', [tenant])
    const { worker, sizes } = workerOf()
    await using(worker, async () => {
      assert.equal(await worker.fire(tenant), 1_100)
      assert.deepEqual(sizes, [500, 500, 100])
    })
  })

  test('tells an error and goes on with others; what failed stays due', async () => {
    const [bad, good] = [await world.addTenant(), await world.addTenant()]
    const errors: unknown[] = []
    const done: TenantId[] = []
    const handler: TimerHandler = async (tenant, due) => {
      if (tenant === bad) throw new Error('the handler failed')
      done.push(tenant)
      await setTimers(
        tenant,
        due.map((subject) => [subject, null] as const),
      )
    }
    const { worker } = workerOf({ handler, onError: (error) => void errors.push(error) })
    await using(worker, async () => {
      await setTimers(bad, [[id(1), 0n]])
      await until(() => errors.length > 0)
      await setTimers(good, [[id(1), 0n]])
      await until(() => done.length > 0)
      assert.match(String(errors[0]), /the handler failed/)
      assert.deepEqual([await subjects(bad), await subjects(good)], [[id(1)], []])
      assert.ok(((await dueIn(bad)) ?? 0) > 0, 'it is tried again when its lease is over')
    })
  })
})
