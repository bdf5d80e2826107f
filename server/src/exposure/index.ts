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
export { exposureErrors } from './core/reasons.ts'
export { CONTROLS_MOST } from './limits.ts'
export { routesOf } from './routes.ts'
export { type Counter, findCounters, readCounter, writeExposure } from './store.ts'
export { EXPOSURE_TABLES } from './table-rules.ts'
export { verifyExposure } from './verify.ts'
