import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { Drain } from '../../src/clock/advance.ts'
import { type Counts, microsOfSeconds } from '../../src/clock/core/model.ts'
import { writeClocks } from '../../src/clock/store.ts'
import { advanceUnit, takeUnit } from '../../src/clock/units.ts'
import { createClockWorker } from '../../src/clock/worker.ts'
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
} from '../../src/database/index.ts'
import { type Micros, newUuid, type Reply, type TenantId, type Uuid } from '../../src/kit/index.ts'
import { FOR_EVER_MS, unitOf } from './pots.ts'
import { openPotsDatabase, type PotsDatabase } from './pots-database.ts'

/** Processes that move clocks of sandboxes on, over a database of the test file's own. */
let opened: PotsDatabase | null = null

export const openWorld = async (): Promise<void> => {
  opened = await openPotsDatabase()
}

export const theWorld = (): PotsDatabase => {
  assert.ok(opened !== null, 'the world is opened before it is used')
  return opened
}

export const MINUTE = 60
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const KIND = 'test.alarm'
export const WALL_KIND = 'test.lease'

type Fired = { readonly subject: Uuid; readonly atS: number }

const running: (() => Promise<void>)[] = []

/** Whatever a test left running would do the work of the next one. */
export const stopProcesses = async (): Promise<void> => {
  for (const stop of running.splice(0)) await stop()
}

/** Nobody waits for those that were killed. */
export const forgetProcesses = (): void => {
  running.length = 0
}

/** A process: a commit with memory of its own, its timers and its share of moving clocks on. */
export const startProcess = (
  options: {
    readonly drains?: readonly Drain[]
    readonly handler?: TimerHandler
    readonly commit?: Commit
  } = {},
) => {
  const commit = options.commit ?? theWorld().commit({ writers: [theWorld().pots.write, writeClocks] })
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
  const door = { commit, read: createRead(theWorld().connections), clock: { now: () => Date.now() } }
  const clocks = createClockWorker({
    door,
    drains: options.drains ?? [],
    fireReached: (tenant) => timers.fireReached(tenant),
    onError,
  })
  const timers = startTimerWorker({
    connections: theWorld().connections,
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

export const request = (tenant: TenantId) => ({
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

export const submit = async ({ commit }: Process, unit: Unit<Reply>): Promise<Shown> => {
  const outcome = await commit.submit(unit)
  assert.equal(outcome.kind, 'decided')
  const { error, ...shown } = JSON.parse(outcome.kind === 'decided' ? outcome.answer.body : '{}') as Shown
  return error === undefined ? shown : { ...shown, error }
}

export const take = async (
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

export const advance = (process: Process, tenant: TenantId, clock: Uuid, toS: number): Promise<Shown> =>
  submit(process, advanceUnit(request(tenant), clock, microsOfSeconds(toS)))

export const setAlarms = async (
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

export const timeOf = async (process: Process, tenant: TenantId): Promise<Micros> => {
  const [rows] = await process.door.read(tenant, [tenantTime(tenant)])
  return readTenantTime(rows)
}

export const statusOf = async (
  tenant: TenantId,
  clock: Uuid,
): Promise<{ status: string; report: { stops: number; counts: Counts } }> => {
  const [row] = await theWorld().ask(tenant, 'select body::text from clock.clocks where id = $1', [clock])
  return JSON.parse(String(row?.[0])) as { status: string; report: { stops: number; counts: Counts } }
}

export const untilThere = async (tenant: TenantId, clock: Uuid, withinMs = 20_000): Promise<void> => {
  const until = Date.now() + withinMs
  while ((await statusOf(tenant, clock)).status === 'advancing') {
    assert.ok(Date.now() < until, 'the clock arrives')
    await pause(20)
  }
}

export const eventsOf = async (tenant: TenantId): Promise<unknown[]> =>
  (await theWorld().ask(tenant, 'select type from database.events order by sequence')).flat()

export const nowS = (): number => Math.floor(Date.now() / 1_000)
