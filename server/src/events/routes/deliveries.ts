import { Type } from 'typebox'
import { defineRoute, listObject, listQuery, missingReply, type Route, readPage } from '../../http/index.ts'
import { parseId, secondsOf, showId, type TenantId } from '../../kit/index.ts'
import { type Door, livemodeOf } from '../../requests/index.ts'
import {
  findAttempts,
  findDeliveries,
  type LoggedAttempt,
  type LoggedDelivery,
  listDeliveries,
  readHealth,
  readLoggedAttempt,
  readLoggedDelivery,
} from '../store/log.ts'
import { DELIVERY_PREFIX, ENDPOINT_PREFIX, EVENT_PREFIX } from '../views.ts'
import { findEndpoint, isEndpoint } from './door.ts'
import { findEvent, isEvent } from './find-events.ts'
import { deliveryList, deliveryObject, deliveryStatus, healthObject, idParameter } from './schemas.ts'

const showAttempt = (attempt: LoggedAttempt) => ({
  number: attempt.number,
  created: secondsOf(attempt.atMicros),
  sent_at: Math.floor(attempt.sentMs / 1_000),
  duration_ms: attempt.durationMs,
  request_headers: { ...attempt.requestHeaders },
  response_status: attempt.status,
  response_body: attempt.response,
  error: attempt.error,
})

const showDelivery = (row: LoggedDelivery, attempts: readonly LoggedAttempt[], livemode: boolean) => ({
  id: showId(DELIVERY_PREFIX, row.id),
  object: 'webhook_delivery' as const,
  attempts: attempts.filter(({ delivery }) => delivery === row.id).map(showAttempt),
  attempt_count: row.attempts,
  created: secondsOf(row.createdMicros),
  event: showId(EVENT_PREFIX, row.event),
  event_type: row.eventType,
  livemode,
  next_attempt: row.dueMicros === null ? null : secondsOf(row.dueMicros),
  status: row.state,
  webhook_endpoint: showId(ENDPOINT_PREFIX, row.endpoint),
})

const readAttempts = async (
  door: Door,
  tenant: TenantId,
  rows: readonly LoggedDelivery[],
): Promise<readonly LoggedAttempt[]> => {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const [found = []] = await door.read(tenant, [findAttempts(tenant, ids)])
  return found.map(readLoggedAttempt)
}

const listRoute = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/webhook_endpoints/:id/deliveries',
    operation: 'listWebhookDeliveries',
    summary: 'List what was sent to an endpoint',
    description:
      'The newest first, each with its attempts: what was sent, what was answered, how long it took. Kept for 60 days. Not one of Stripe’s operations.',
    permission: 'webhooks.read',
    params: idParameter,
    query: listQuery({
      status: Type.Optional(deliveryStatus()),
      event: Type.Optional(Type.String({ maxLength: 100, description: 'Only those of this event.' })),
    }),
    answer: deliveryList,
    errors: {},
    handle: async (context, { params, query }) => {
      const { tenant } = context
      const endpoint = await findEndpoint(door, context, params.id)
      if (!isEndpoint(endpoint)) return endpoint
      const page = readPage(query)
      const cursor = page.cursor === null ? null : parseId(DELIVERY_PREFIX, page.cursor)
      if (page.cursor !== null && cursor === null)
        return missingReply(
          'webhook_delivery',
          page.cursor,
          page.direction === 'forward' ? 'starting_after' : 'ending_before',
        )
      const event = query.event === undefined ? null : await findEvent(door, tenant, query.event, 'event')
      if (event !== null && !isEvent(event)) return event
      const wanted = {
        endpoint: endpoint.id,
        limit: page.limit,
        cursor,
        direction: page.direction,
        state: query.status ?? null,
        event: event?.sequence ?? null,
      }
      const [raws = []] = await door.read(tenant, [listDeliveries(tenant, wanted)])
      const rows = raws.map(readLoggedDelivery)
      const attempts = await readAttempts(door, tenant, rows)
      const url = `/v1/webhook_endpoints/${params.id}/deliveries`
      return listObject(url, page, rows, (row) => showDelivery(row, attempts, livemodeOf(context)))
    },
  })

const retrieveRoute = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/webhook_deliveries/:id',
    operation: 'retrieveWebhookDelivery',
    summary: 'Show a delivery',
    description: 'With its attempts. Not one of Stripe’s operations.',
    permission: 'webhooks.read',
    params: idParameter,
    answer: deliveryObject,
    errors: {},
    handle: async (context, { params }) => {
      const { tenant } = context
      const id = parseId(DELIVERY_PREFIX, params.id)
      const missing = missingReply('webhook_delivery', params.id)
      if (id === null) return missing
      const [raws = []] = await door.read(tenant, [findDeliveries(tenant, [id])])
      const row = raws[0] === undefined ? null : readLoggedDelivery(raws[0])
      if (row === null) return missing
      return showDelivery(row, await readAttempts(door, tenant, [row]), livemodeOf(context))
    },
  })

const healthRoute = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/webhook_endpoints/:id/health',
    operation: 'retrieveWebhookEndpointHealth',
    summary: 'Show how an endpoint is doing',
    description:
      'When something last arrived there, what waits, and why it is disabled if it is. Not one of Stripe’s operations.',
    permission: 'webhooks.read',
    params: idParameter,
    answer: healthObject,
    errors: {},
    handle: async (context, { params }) => {
      const endpoint = await findEndpoint(door, context, params.id)
      if (!isEndpoint(endpoint)) return endpoint
      const [rows = []] = await door.read(context.tenant, [readHealth(context.tenant, endpoint.id)])
      const [succeeded = null, failed = null, pending = 0n] = rows[0] ?? []
      const seconds = (micros: unknown): number | null =>
        micros === null ? null : secondsOf(micros as bigint)
      return {
        object: 'webhook_endpoint_health' as const,
        webhook_endpoint: showId(ENDPOINT_PREFIX, endpoint.id),
        status: endpoint.disabledReason === null ? ('enabled' as const) : ('disabled' as const),
        disabled_reason: endpoint.disabledReason,
        disabled_at: seconds(endpoint.disabledMicros),
        last_success: seconds(succeeded),
        last_failure: seconds(failed),
        pending: Number(pending as bigint),
      }
    },
  })

export const deliveryRoutes = (door: Door): Route[] => [
  listRoute(door),
  retrieveRoute(door),
  healthRoute(door),
]
