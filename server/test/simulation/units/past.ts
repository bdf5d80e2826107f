import type { Control } from '../../../src/exposure/index.ts'
import type { Books } from '../../support/payments-world.ts'
import type { Told } from './acquirer.ts'
import type { Simulated } from './world.ts'

/** A launch that went live, and when it was stopped: by the recorded time of the commit that did it. */
export type Live = { control: Control; stoppedMicros: bigint | null }

/** What a history has brought so far, beside what the system itself knows. */
export type Past = {
  readonly books: Books
  readonly simulated: Simulated
  readonly problems: string[]
  /** The tenant's day, counted from the first. */
  day: number
  requests: number
  /** On which day a payment was first seen to have succeeded. */
  readonly takenOn: Map<string, number>
  /** What a client was told, for good. */
  readonly promised: Map<string, string>
  readonly told: Told[]
  readonly live: Live[]
}
