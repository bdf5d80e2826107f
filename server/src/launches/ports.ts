import type { Micros, TenantId, Uuid } from '../kit/index.ts'
import type { InvariantMetric } from './core/model.ts'

/** What is wrong with the money of a launch: how often, and one example of it. */
export type InvariantFinding = {
  readonly metric: InvariantMetric
  readonly count: number
  /** The shown id of one of them: ch_… */
  readonly example: string
  /** For people: what is wrong with the example. */
  readonly text: string
}

/**
 * The invariants of a launch's exposed money: one finding for each metric that does not hold, none for those that do.
 * `sinceMicros`: only attempts made from then on. `stuckAfterMs`: how long money may be under way, by the wall clock.
 */
export type WatchMoney = (
  tenant: TenantId,
  launch: Uuid,
  sinceMicros: Micros,
  stuckAfterMs: number,
) => Promise<readonly InvariantFinding[]>

/** How many attempts that went the launched way are not final yet. */
export type CountInFlight = (tenant: TenantId, launch: Uuid) => Promise<number>

/** When charges were made, in seconds of the tenant's time, by their shown ids; those of them that are there. */
export type WhenCharged = (
  tenant: TenantId,
  charges: readonly string[],
) => Promise<ReadonlyMap<string, number>>

/** For how long the oldest webhook has waited for its first attempt, by the tenant's clock; null where none waits. */
export type DeliveryLag = (tenant: TenantId) => Promise<number | null>
