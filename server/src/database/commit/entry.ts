import type { Outcome, Unit } from './unit.ts'

/** A unit that waits for its commit, and the caller that waits for its outcome. */
export type Entry = {
  readonly unit: Unit<unknown>
  readonly resolve: (outcome: Outcome<unknown>) => void
  readonly reject: (error: unknown) => void
  deferrals: number
}
