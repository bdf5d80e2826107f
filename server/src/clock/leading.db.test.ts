import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import {
  advance,
  DAY,
  eventsOf,
  forgetProcesses,
  HOUR,
  KIND,
  MINUTE,
  nowS,
  openWorld,
  setAlarms,
  startProcess,
  statusOf,
  stopProcesses,
  take,
  theWorld,
  timeOf,
  untilThere,
  WALL_KIND,
} from '../../test/support/clock-processes.ts'
import { id } from '../../test/support/commands.ts'
import { unitOf } from '../../test/support/pots.ts'
import type { Commit } from '../database/index.ts'
import { Fault } from '../kit/index.ts'
import type { Drain } from './advance.ts'
import { microsOfSeconds } from './core/model.ts'
import { LEASE_MS } from './limits.ts'
import { writeClocks } from './store.ts'

before(openWorld)
afterEach(stopProcesses)
after(() => theWorld().close())

/** A process that can be killed: from then on the database never hears of it again. */
const killable = () => {
  const commit = theWorld().commit({ writers: [theWorld().pots.write, writeClocks] })
  const death = { isDead: false }
  const submit: Commit['submit'] = (unit) =>
    death.isDead ? new Promise(() => undefined) : commit.submit(unit)
  return {
    death,
    commit: { ...commit, submit, drain: commit.drain, waiting: commit.waiting, observe: commit.observe },
  }
}

test('when the leader dies between two steps, another process takes over when its lease is over', async () => {
  const tenant = await theWorld().addTenant()
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
  forgetProcesses()
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
  const tenant = await theWorld().addTenant()
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
  const tenant = await theWorld().addTenant()
  const process = startProcess()
  const start = nowS()
  const clock = await take(process, tenant, start)
  const alarms = Array.from({ length: 365 }, (_, day) => [id(day + 1), start + (day + 1) * DAY] as const)
  await setAlarms(process, tenant, alarms)
  await setAlarms(process, tenant, [[id(1_000), start + HOUR]], 'wall')
  const keyOf = async () =>
    (
      await theWorld().ask(
        tenant,
        `select extract(epoch from created_at)::bigint, expires_at > now() from tenants.api_keys`,
      )
    )[0]
  await theWorld().asOwner(
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
  const machinery = await theWorld().ask(tenant, 'select kind from database.timers where wall order by kind')
  assert.deepEqual(machinery.flat(), ['clock.release', WALL_KIND], 'an hour of the wall clock has not passed')
  assert.deepEqual(await keyOf(), keyBefore)
  const claimed = await process.commit.submit(unitOf({ tenant, decide: (draft) => draft.wallMs }))
  assert.ok(claimed.kind === 'decided' && Math.abs(claimed.answer - Date.now()) < MINUTE * 1_000)
  assert.deepEqual(process.errors, [])
})
