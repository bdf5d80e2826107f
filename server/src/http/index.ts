export type { Authenticate, Permission, Person, PersonRole, Principal } from './authentication.ts'
export {
  keyReusedReply,
  missingNamedReply,
  missingReply,
  type RefusalText,
  refusalReply,
} from './envelope.ts'
export { type ErrorTables, renderErrorsMarkdown } from './errors-markdown.ts'
export {
  boundsOf,
  type ListObject,
  listObject,
  listOf,
  listQuery,
  metadataParameter,
  type Page,
  type Range,
  rangeFilter,
  readPage,
} from './lists.ts'
export type { Log } from './log.ts'
export { createRegistry } from './metrics.ts'
export { type ApiInfo, openApiDocument } from './openapi.ts'
export type { Readiness, ServerOptions } from './options.ts'
export type { PageAnswer, PageRequest, PageRoute } from './pages.ts'
export { doorReasons } from './reasons.ts'
export {
  type Answer,
  type Claim,
  defineRoute,
  type ForeignRequest,
  type Idempotency,
  type Input,
  type Replayed,
  type RequestContext,
  type Route,
  type WithHeaders,
} from './route.ts'
export { buildServer } from './server.ts'
