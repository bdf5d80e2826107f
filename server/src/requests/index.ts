export { type Conversation, converse } from './converse.ts'
export { readable, readId, readMoneyCurrency, Unreadable } from './readable.ts'
export {
  type Again,
  type Door,
  livemodeOf,
  replyOf,
  submitForReply,
  type UnitRequest,
  unitRequest,
} from './submit.ts'
