import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { id } from '../../test/support/commands.ts'
import { FOR_EVER_MS, unitOf } from '../../test/support/pots.ts'
import { openPotsDatabase, type PotsDatabase } from '../../test/support/pots-database.ts'
import {
  type Commit,
  createRead,
  type Draft,
  readTenantTime,
  setTimer,
  startTimerWorker,
  type TimerHandler,
  tenantTime,
  type Unit,
} from '../database/index.ts'
import { Fault, type Micros, newUuid, type Reply, type TenantId, type Uuid } from '../kit/index.ts'
import type { Drain } from './advance.ts'
import { type Counts, microsOfSeconds } from './core/model.ts'
import { LEASE_MS } from './limits.ts'
import { writeClocks } from './store.ts'
import { advanceUnit, releaseUnit, takeUnit } from './units.ts'
import { createClockWorker } from './worker.ts'

let world: PotsDatabase
before(async () => {
  world = await openPotsDatabase()
})
after(() => world.close())

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const KIND = 'test.alarm'
const WALL_KIND = 'test.lease'

type Fired = { readonly subject: Uuid; readonly atS: number }

const running: (() => Promise<void>)[] = []
/** Whatever a test left running would do the work of the next one. */
afterEach(async () => {
  for (const stop of running.splice(0)) await stop()
})

/** A process: a commit with memory of its own, its timers and its share of moving clocks on. */
const startProcess = (
  options: {
    readonly drains?: readonly Drain[]
    readonly handler?: TimerHandler
    readonly commit?: Commit
  } = {},
) => {
  const commit = options.commit ?? world.commit({ writers: [world.pots.write, writeClocks] })
  const fired: Fired[] = []
  const errors: unknown[] = []
  const take =
    (kind: string): TimerHandler =>
    async (tenant, subjects) => {
      const decide = (draft: Draft): Fired[] => {
        for (const subject of subjects) setTimer(draft, { kind, subject, dueMicros: null })
        return subjects.map((subject) => ({ subject, atS: Number(draft.now / 1_000_000n) }))
      }
      const outcome = await commit.submit(unitOf({ tenant, duringAdvance: true, decide }))
      if (outcome.kind === 'decided') fired.push(...outcome.answer)
    }
  const onError = (error: unknown): void => void errors.push(error)
  const door = { commit, read: createRead(world.connections), clock: { now: () => Date.now() } }
  const clocks = createClockWorker({
    door,
    drains: options.drains ?? [],
    fireReached: (tenant) => timers.fireReached(tenant),
    onError,
  })
  const timers = startTimerWorker({
    connections: world.connections,
    handlers: { [KIND]: options.handler ?? take(KIND), [WALL_KIND]: take(WALL_KIND), ...clocks.timers },
    onError,
  })
  const stop = async (): Promise<void> => {
    await timers.stop()
    await clocks.stop()
  }
  running.push(stop)
  return { commit, door, fired, errors, timers, stop }
}

type Process = ReturnType<typeof startProcess>

const request = (tenant: TenantId) => ({
  tenant,
  bytes: 0,
  deadlineMs: FOR_EVER_MS,
  claim: null,
  event: { id: null, idempotencyKey: null },
})

type Shown = {
  readonly id: string
  readonly frozen_time: number
  readonly status: string
  readonly error?: { readonly code: string }
}

const submit = async ({ commit }: Process, unit: Unit<Reply>): Promise<Shown> => {
  const outcome = await commit.submit(unit)
  assert.equal(outcome.kind, 'decided')
  const { error, ...shown } = JSON.parse(outcome.kind === 'decided' ? outcome.answer.body : '{}') as Shown
  return error === undefined ? shown : { ...shown, error }
}

const take = async (
  process: Process,
  tenant: TenantId,
  frozenS: number,
  isSomethingDue = false,
): Promise<Uuid> => {
  const clock = newUuid(Date.now())
  const wanted = { id: clock, frozenMicros: microsOfSeconds(frozenS), name: null, isSomethingDue }
  const shown = await submit(process, takeUnit(request(tenant), wanted))
  assert.equal(shown.error, undefined)
  return clock
}

const advance = (process: Process, tenant: TenantId, clock: Uuid, toS: number): Promise<Shown> =>
  submit(process, advanceUnit(request(tenant), clock, microsOfSeconds(toS)))

const setAlarms = async (
  process: Process,
  tenant: TenantId,
  alarms: readonly (readonly [Uuid, number])[],
  clock: 'tenant' | 'wall' = 'tenant',
): Promise<void> => {
  const kind = clock === 'wall' ? WALL_KIND : KIND
  await process.commit.submit(
    unitOf({
      tenant,
      decide: (draft) => {
        for (const [subject, atS] of alarms)
          setTimer(draft, { kind, subject, dueMicros: microsOfSeconds(atS), clock })
        return null
      },
    }),
  )
}

const timeOf = async (process: Process, tenant: TenantId): Promise<Micros> => {
  const [rows] = await process.door.read(tenant, [tenantTime(tenant)])
  return readTenantTime(rows)
}

const statusOf = async (
  tenant: TenantId,
  clock: Uuid,
): Promise<{ status: string; report: { stops: number; counts: Counts } }> => {
  const [row] = await world.ask(tenant, 'select body::text from clock.clocks where id = $1', [clock])
  return JSON.parse(String(row?.[0])) as { status: string; report: { stops: number; counts: Counts } }
}

const untilThere = async (tenant: TenantId, clock: Uuid, withinMs = 20_000): Promise<void> => {
  const until = Date.now() + withinMs
  while ((await statusOf(tenant, clock)).status === 'advancing') {
    assert.ok(Date.now() < until, 'the clock arrives')
    await pause(20)
  }
}

const eventsOf = async (tenant: TenantId): Promise<unknown[]> =>
  (await world.ask(tenant, 'select type from database.events order by sequence')).flat()

const nowS = (): number => Math.floor(Date.now() / 1_000)

describe('a clock in hand', () => {
  test('stands still, and recorded times rise by a microsecond each; let go, it ticks from there', async () => {
    const tenant = await world.addTenant()
    const process = startProcess()
    const start = nowS() + HOUR
    const clock = await take(process, tenant, start)
    await pause(30)
    const stamp = () => unitOf({ tenant, decide: (draft) => [draft.now, draft.nextTime(), draft.nextTime()] })
    const outcome = await process.commit.submit(stamp())
    const times = outcome.kind === 'decided' ? outcome.answer : []
    assert.ok(
      times.every((time) => time - microsOfSeconds(start) < 100n),
      String(times),
    )
    assert.equal((times[2] ?? 0n) - (times[1] ?? 0n), 1n)
    assert.ok((await timeOf(process, tenant)) - microsOfSeconds(start) < 100n)
    await submit(process, releaseUnit(request(tenant), clock))
    await pause(30)
    const ticked = (await timeOf(process, tenant)) - microsOfSeconds(start)
    assert.ok(ticked > 20_000n && ticked < 10_000_000n, String(ticked))
    assert.deepEqual(await eventsOf(tenant), [
      'test_helpers.test_clock.created',
      'test_helpers.test_clock.deleted',
    ])
  })

  test('is one: a second is refused, and so is a time before the newest recorded one', async () => {
    const tenant = await world.addTenant()
    const process = startProcess()
    const wanted = { id: newUuid(Date.now()), name: null, isSomethingDue: false }
    const past = await submit(process, takeUnit(request(tenant), { ...wanted, frozenMicros: 0n }))
    assert.equal(past.status, 'ready', 'nothing was recorded yet, so any time will do')
    const second = await submit(process, takeUnit(request(tenant), { ...wanted, frozenMicros: 0n }))
    assert.equal(second.error?.code, 'test_clock_exists')
    const back = await advance(process, tenant, wanted.id, 0)
    assert.equal(back.error?.code, 'test_clock_in_the_past')
    const far = await advance(process, tenant, wanted.id, 3 * 365 * DAY)
    assert.equal(far.error?.code, 'test_clock_too_far')
    await submit(process, releaseUnit(request(tenant), wanted.id))
    await process.commit.submit(unitOf({ tenant, decide: (draft) => draft.nextTime() }))
    const other = { ...wanted, id: newUuid(Date.now()), frozenMicros: 0n }
    const before = await submit(process, takeUnit(request(tenant), { ...other, frozenMicros: -1_000_000n }))
    assert.equal(before.error?.code, 'test_clock_in_the_past')
  })
})

describe('an advance', () => {
  test('goes from due timer to due timer in order, and tells what happened', async () => {
    const tenant = await world.addTenant()
    const process = startProcess()
    const start = nowS()
    const clock = await take(process, tenant, start)
    await setAlarms(process, tenant, [
      [id(3), start + 3 * DAY],
      [id(1), start + DAY],
      [id(2), start + DAY],
      [id(4), start + 31 * DAY],
    ])
    const sent = await advance(process, tenant, clock, start + 30 * DAY)
    assert.deepEqual([sent.status, sent.frozen_time], ['advancing', start])
    await untilThere(tenant, clock)
    assert.deepEqual(process.fired.map(({ subject }) => subject).toSorted(), [id(1), id(2), id(3)])
    assert.deepEqual(
      process.fired.map(({ atS }) => (atS - start) / DAY),
      [1, 1, 3],
    )
    const { status, report } = await statusOf(tenant, clock)
    assert.deepEqual([status, report.stops, report.counts], ['ready', 3, { [KIND]: 3 }])
    assert.ok((await timeOf(process, tenant)) - microsOfSeconds(start + 30 * DAY) < 100n)
    assert.deepEqual((await eventsOf(tenant)).slice(-2), [
      'test_helpers.test_clock.advancing',
      'test_helpers.test_clock.ready',
    ])
    assert.deepEqual(process.errors, [])
  })

  test('waits at each stop for what is due elsewhere, as long as something happens there', async () => {
    const tenant = await world.addTenant()
    const start = nowS()
    const owed = [start + HOUR, start + 2 * DAY]
    const seen: number[] = []
    const drain: Drain = {
      run: async (_tenant, untilMicros) => {
        const due = owed.filter((atS) => microsOfSeconds(atS) <= untilMicros)
        for (const atS of due) {
          owed.splice(owed.indexOf(atS), 1)
          seen.push(Number(untilMicros / 1_000_000n) - atS)
        }
        return { 'test.answers': due.length }
      },
      nextDue: async () => (owed[0] === undefined ? null : microsOfSeconds(owed[0])),
    }
    const process = startProcess({ drains: [drain] })
    const clock = await take(process, tenant, start)
    await advance(process, tenant, clock, start + 3 * DAY)
    await untilThere(tenant, clock)
    assert.deepEqual(seen, [0, 0], 'each was done at its own time')
    assert.deepEqual((await statusOf(tenant, clock)).report.counts, { 'test.answers': 2 })
  })

  test('lets reads go on, and answers writes with 429 until it is there', async () => {
    const tenant = await world.addTenant()
    const { promise: mayGo, resolve: go } = Promise.withResolvers<void>()
    const drain: Drain = { run: () => mayGo.then(() => ({})) }
    const process = startProcess({ drains: [drain] })
    const clock = await take(process, tenant, nowS())
    await advance(process, tenant, clock, nowS() + DAY)
    const write = () => process.commit.submit(unitOf({ tenant, decide: (draft) => draft.nextTime() }))
    await assert.rejects(
      write,
      (error) => error instanceof Fault && error.kind === 'exhausted' && error.code === 'clock_advancing',
    )
    assert.ok((await timeOf(process, tenant)) > 0n)
    go()
    await untilThere(tenant, clock)
    await write()
  })

  test('that can do nothing at a stop fails there, and writes go on', async () => {
    const tenant = await world.addTenant()
    const process = startProcess({
      handler: async () => {
        throw new Error('the handler failed')
      },
    })
    const start = nowS()
    const clock = await take(process, tenant, start)
    await setAlarms(process, tenant, [[id(1), start + DAY]])
    await advance(process, tenant, clock, start + 2 * DAY)
    await untilThere(tenant, clock)
    assert.equal((await statusOf(tenant, clock)).status, 'internal_failure')
    assert.ok((await timeOf(process, tenant)) - microsOfSeconds(start + DAY) < 100n)
    assert.equal((await eventsOf(tenant)).at(-1), 'test_helpers.test_clock.internal_failure')
    await process.commit.submit(unitOf({ tenant, decide: (draft) => draft.nextTime() }))
    // It stays due, and the workers of the other tests would find it.
    await world.asOwner(tenant, 'delete from database.timers where tenant = $1', [tenant])
  })

  test('does what was due on the way to the time at which the clock was taken in hand', async () => {
    const tenant = await world.addTenant()
    const process = startProcess()
    const start = nowS()
    await setAlarms(process, tenant, [[id(1), start + DAY]])
    const clock = await take(process, tenant, start + 2 * DAY, true)
    await untilThere(tenant, clock)
    assert.deepEqual(process.fired, [{ subject: id(1), atS: start + DAY }])
  })
})

/** A process that can be killed: from then on the database never hears of it again. */
const killable = () => {
  const commit = world.commit({ writers: [world.pots.write, writeClocks] })
  const death = { isDead: false }
  const submit: Commit['submit'] = (unit) =>
    death.isDead ? new Promise(() => undefined) : commit.submit(unit)
  return {
    death,
    commit: { ...commit, submit, drain: commit.drain, waiting: commit.waiting, observe: commit.observe },
  }
}

test('when the leader dies between two steps, another process takes over when its lease is over', async () => {
  const tenant = await world.addTenant()
  const start = nowS()
  const { death, commit } = killable()
  const reached: number[] = []
  const dying: Drain = {
    run: async (_tenant, untilMicros) => {
      reached.push(Number(untilMicros / 1_000_000n) - start)
      if (reached.length >= 3) {
        death.isDead = true
        await new Promise(() => undefined)
      }
      return {}
    },
  }
  const first = startProcess({ commit, drains: [dying] })
  const clock = await take(first, tenant, start)
  const days = [1, 2, 3, 4, 5]
  await setAlarms(
    first,
    tenant,
    days.map((day) => [id(day), start + day * DAY] as const),
  )
  await advance(first, tenant, clock, start + 10 * DAY)
  while (!death.isDead) await pause(20)
  await first.timers.stop()
  // Nobody waits for the dead.
  running.length = 0
  const second = startProcess()
  await untilThere(tenant, clock, LEASE_MS + 20_000)
  assert.equal((await statusOf(tenant, clock)).status, 'ready')
  assert.deepEqual(
    second.fired.map(({ atS }) => (atS - start) / DAY),
    [2, 3, 4, 5],
    'it goes on from the stop at which the first one died',
  )
  assert.deepEqual(await eventsOf(tenant), [
    'test_helpers.test_clock.created',
    'test_helpers.test_clock.advancing',
    'test_helpers.test_clock.ready',
  ])
})

test('two processes move one clock once, and a process that stops leaves it to the other at once', async () => {
  const tenant = await world.addTenant()
  const start = nowS()
  const slow: Drain = { run: () => pause(20).then(() => ({})) }
  const processes = [startProcess({ drains: [slow] }), startProcess({ drains: [slow] })] as const
  const clock = await take(processes[0], tenant, start)
  const alarms = Array.from({ length: 40 }, (_, index) => [id(index + 1), start + (index + 1) * DAY] as const)
  await setAlarms(processes[0], tenant, alarms)
  const startedMs = Date.now()
  await advance(processes[0], tenant, clock, start + 50 * DAY)
  const all = () => processes.flatMap(({ fired }) => fired)
  while (all().length < 10) await pause(5)
  const leader = processes[0].fired.length > 0 ? processes[0] : processes[1]
  await leader.stop()
  await untilThere(tenant, clock)
  assert.ok(Date.now() - startedMs < LEASE_MS, 'nobody waited for a lease to end')
  assert.equal(all().length, 40, 'each fired once')
  assert.equal((await statusOf(tenant, clock)).report.counts[KIND], 40)
})

test('a year under load moves what goes by the tenant’s clock, and nothing of the machinery', async () => {
  const tenant = await world.addTenant()
  const process = startProcess()
  const start = nowS()
  const clock = await take(process, tenant, start)
  const alarms = Array.from({ length: 365 }, (_, day) => [id(day + 1), start + (day + 1) * DAY] as const)
  await setAlarms(process, tenant, alarms)
  await setAlarms(process, tenant, [[id(1_000), start + HOUR]], 'wall')
  const keyOf = async () =>
    (
      await world.ask(
        tenant,
        `select extract(epoch from created_at)::bigint, expires_at > now() from tenants.api_keys`,
      )
    )[0]
  await world.asOwner(
    tenant,
    `insert into tenants.api_keys (tenant, id, kind, hash, last4, name, expires_at)
     values ($1, $2, 'secret', sha256('key'), 'abcd', 'a key', now() + interval '1 hour')`,
    [tenant, id(1)],
  )
  const keyBefore = await keyOf()
  let refused = 0
  let isOver = false
  const load = async (): Promise<void> => {
    while (!isOver) {
      await process.commit
        .submit(unitOf({ tenant, decide: (draft) => draft.nextTime() }))
        .catch((error: unknown) => {
          assert.ok(error instanceof Fault && error.code === 'clock_advancing', String(error))
          refused++
        })
      await pause(1)
    }
  }
  const loads = Array.from({ length: 8 }, load)
  await advance(process, tenant, clock, start + 366 * DAY)
  await untilThere(tenant, clock, 60_000)
  isOver = true
  await Promise.all(loads)
  assert.ok(refused > 0, 'the load met the advance')
  assert.equal(process.fired.length, 365)
  assert.ok(process.fired.every(({ atS }, index) => atS === start + (index + 1) * DAY))
  assert.ok((await timeOf(process, tenant)) >= microsOfSeconds(start + 366 * DAY))
  const machinery = await world.ask(tenant, 'select kind from database.timers where wall order by kind')
  assert.deepEqual(machinery.flat(), ['clock.release', WALL_KIND], 'an hour of the wall clock has not passed')
  assert.deepEqual(await keyOf(), keyBefore)
  const claimed = await process.commit.submit(unitOf({ tenant, decide: (draft) => draft.wallMs }))
  assert.ok(claimed.kind === 'decided' && Math.abs(claimed.answer - Date.now()) < MINUTE * 1_000)
  assert.deepEqual(process.errors, [])
})
