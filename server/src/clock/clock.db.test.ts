import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import {
  advance,
  DAY,
  eventsOf,
  HOUR,
  KIND,
  nowS,
  openWorld,
  request,
  setAlarms,
  startProcess,
  statusOf,
  stopProcesses,
  submit,
  take,
  theWorld,
  timeOf,
  untilThere,
} from '../../test/support/clock-processes.ts'
import { id } from '../../test/support/commands.ts'
import { unitOf } from '../../test/support/pots.ts'
import { Fault, newUuid } from '../kit/index.ts'
import type { Drain } from './advance.ts'
import { microsOfSeconds } from './core/model.ts'
import { releaseUnit, takeUnit } from './units.ts'

before(openWorld)
afterEach(stopProcesses)
after(() => theWorld().close())

describe('a clock in hand', () => {
  test('stands still, and recorded times rise by a microsecond each; let go, it ticks from there', async () => {
    const tenant = await theWorld().addTenant()
    const process = startProcess()
    const start = nowS() - HOUR
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
    const tenant = await theWorld().addTenant()
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
    const tenant = await theWorld().addTenant()
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
    const tenant = await theWorld().addTenant()
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
    const tenant = await theWorld().addTenant()
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
    const tenant = await theWorld().addTenant()
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
    await theWorld().asOwner(tenant, 'delete from database.timers where tenant = $1', [tenant])
  })

  test('does what was due on the way to the time at which the clock was taken in hand', async () => {
    const tenant = await theWorld().addTenant()
    const process = startProcess()
    const start = nowS()
    await setAlarms(process, tenant, [[id(1), start + DAY]])
    const clock = await take(process, tenant, start + 2 * DAY, true)
    await untilThere(tenant, clock)
    assert.deepEqual(process.fired, [{ subject: id(1), atS: start + DAY }])
  })
})
