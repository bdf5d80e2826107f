export { actorOf, OPERATOR, PLATFORM } from './actor.ts'
export { type AnchoringDoor, anchorTimers } from './anchoring.ts'
export {
  type AnchorPlace,
  type Anchors,
  type KeyRotated,
  openAnchors,
  rotateAnchorKey,
} from './anchors/anchors.ts'
export { readAnchorKey } from './anchors/key.ts'
export { appendActAsOwner, appendChangeAsOwner, headAsOwner, lastOfAsOwner } from './as-owner.ts'
export { RESTORED } from './core/lost-time.ts'
export type { Act, Actor, AuditEntry, Receipt } from './core/model.ts'
export { hashOfShown } from './receipt.ts'
export { declareAudit, lastReceipt, type RecordOptions, recordAct } from './record.ts'
export { routesOf } from './routes.ts'
export { findHead, readHead, writeAudit } from './store/tables.ts'
export { AUDIT_TABLES } from './table-rules.ts'
export { type AuditVerifyOptions, verifyAudit, verifyAuditChains } from './verify.ts'
