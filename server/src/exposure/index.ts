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
export { CONTROLS_MOST, UNITS_MOST } from './limits.ts'
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
