export { previousAttributes } from './changes.ts'
export { type Conversation, converse } from './converse.ts'
export {
  type Expander,
  type Expanders,
  type ExpandScope,
  expandAnswer,
  expandList,
  type Shown,
} from './expand.ts'
export { requestRoutes } from './inspect.ts'
export { type Metadata, mergeMetadata, metadataUpdateParameter } from './metadata.ts'
export {
  noSuchReply,
  readable,
  readId,
  readIdOf,
  readMoneyCurrency,
  readNamedId,
  Unreadable,
} from './readable.ts'
export { findRecord, listRecords } from './record-list.ts'
export { objectReply, replyUnit } from './reply-unit.ts'
export {
  type Again,
  type Door,
  livemodeOf,
  type OpenSealed,
  replyOf,
  submitForReply,
  type UnitRequest,
  unitRequest,
} from './submit.ts'
