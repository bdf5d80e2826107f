import type { RequestContext } from '../http/index.ts'
import { livemodeOf } from '../requests/index.ts'
import type { Doing } from './attaching.ts'

/** What the events of a request say about it. */
export const doingOf = (context: RequestContext): Doing => ({
  request: { id: context.requestId, idempotencyKey: context.claim?.key ?? null },
  livemode: livemodeOf(context),
})
