import type { TimerHandler } from '../../database/index.ts'
import type { Micros, TenantId } from '../../kit/index.ts'
import { type ControllerDoor, tickAtStop, tickTenant } from './tick.ts'
import { TICK_TIMER } from './waking.ts'

/** The tick of all live launches: every five seconds of the wall clock, by whichever process looks first. */
export const controllerTimers = (door: ControllerDoor): Readonly<Record<string, TimerHandler>> => ({
  [TICK_TIMER]: (tenant) => tickTenant(door, tenant),
})

/** Once at each stop of a clock that is moved on, and again while payments move there. */
export const controllerDrain = (door: ControllerDoor) => ({
  run: async (tenant: TenantId, untilMicros: Micros) => ({
    launch_ticks: await tickAtStop(door, tenant, untilMicros),
  }),
})
