export { assert, Bug } from './assert.ts'
export { canonicalJson, type Json } from './canonical-json.ts'
export {
  type Day,
  dayOf,
  MICROS_PER_DAY,
  MICROS_PER_SECOND,
  type Micros,
  parseDay,
  secondsOf,
  showDay,
  type WallClock,
} from './clock.ts'
export * from './currency.ts'
export { sha256, sha256Hex } from './digest.ts'
export { Fault, type FaultKind, type FaultOptions } from './fault.ts'
export { newUuid, parseId, showId, type TenantId, UUID_MAX, UUID_ZERO, type Uuid } from './ids.ts'
export * from './money.ts'
export type { Kind, Reason, Reasons } from './refusal.ts'
export type { Reply } from './reply.ts'
export * from './setup-problem.ts'
