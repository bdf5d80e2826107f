export {
  decideAttempt,
  declareControls,
  declareCounters,
  declareReservation,
  giveBack,
  putControl,
  readControls,
  removeControl,
} from './commit.ts'
export { LAUNCH_PREFIX } from './core/ask.ts'
export { bucketOf } from './core/bucket.ts'
export { readUnit } from './core/compile.ts'
export type {
  AttemptDecision,
  AttemptFacts,
  Caps,
  Control,
  Controls,
  FeatureSubject,
  Filters,
  Reservation,
  RouteSubject,
  Stamp,
  StampReason,
  Subject,
  UnitKind,
} from './core/model.ts'
export { FULL_EXPOSURE } from './core/model.ts'
export { exposureErrors } from './core/reasons.ts'
export { CONTROLS_MOST, UNITS_MOST } from './limits.ts'
export { createExposureMemory, type ExposureMemory } from './memory.ts'
export { routesOf } from './routes.ts'
export {
  type Counter,
  findControls,
  findCounters,
  NO_CONTROLS,
  readControlsRow,
  readCounter,
  writeExposure,
} from './store.ts'
export { EXPOSURE_TABLES } from './table-rules.ts'
export { verifyExposure } from './verify.ts'
