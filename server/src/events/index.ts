import { WEBHOOK_REASONS } from './core/reasons.ts'

export type { Reachable } from './deliver/addresses.ts'
export type { Report as DeliveryReport } from './deliver/turn.ts'
export { deliveryLag } from './lag.ts'
export { declareEndpoint, listensTo } from './listens.ts'
export { type EventRequest, type Happened, recordEvent } from './record.ts'
export { routesOf } from './routes/all.ts'
export type { EventsDoor } from './routes/door.ts'
export { writeWebhooks } from './store/endpoints.ts'
export { EVENTS_TABLES } from './table-rules.ts'
export { startWebhooks, type Webhooks } from './worker.ts'

/** For docs/ERRORS.md. */
export const eventsErrors = { Webhooks: WEBHOOK_REASONS }
