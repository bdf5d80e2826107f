import type { Fault } from '../kit/index.ts'

/** Knows the errors of what stands below the capabilities, such as the database’s; null for a bug of ours. */
export type FaultOf = (error: unknown) => Fault | null
