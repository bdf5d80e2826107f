import { Type } from 'typebox'
import { type EventRow, readTenantTime, tenantTime } from '../../database/index.ts'
import { defineRoute, type Route, rangeFilter, refusalReply } from '../../http/index.ts'
import { newUuid, type Reply, type TenantId } from '../../kit/index.ts'
import { type Endpoint, isEnabled, wants } from '../core/endpoint.ts'
import { WEBHOOK_REASONS } from '../core/reasons.ts'
import { ENDPOINTS_MOST, RESEND_MOST } from '../limits.ts'
import { type Delivery, insertDeliveries } from '../store/deliveries.ts'
import { endpoints } from '../store/endpoints.ts'
import { lookSoon } from '../store/log.ts'
import { runFor } from '../store/run.ts'
import { showEventId } from '../views.ts'
import { type EventsDoor, findEndpoint, isEndpoint, listEndpoints } from './door.ts'
import { microsOf } from './events.ts'
import { findEvent, isEvent, readEvents, showOne } from './find-events.ts'
import { eventObject, idParameter, resentObject, typesParameter } from './schemas.ts'

type Wanted = { readonly event: EventRow; readonly endpoint: Endpoint }

const objectIdOf = ({ data }: EventRow): string | null => {
  const id = (data as { object?: { id?: unknown } }).object?.id
  return typeof id === 'string' ? id : null
}

/** New deliveries, beside those that there were: the log keeps both. */
const resend = async (door: EventsDoor, tenant: TenantId, wanted: readonly Wanted[]): Promise<void> => {
  if (wanted.length === 0) return
  const [time] = await door.read(tenant, [tenantTime(tenant)])
  const createdMicros = readTenantTime(time)
  const nowMs = door.clock.now()
  const rows = wanted.map(
    ({ event, endpoint }, index): Delivery => ({
      id: newUuid(nowMs),
      // They go in the order of the events.
      createdMicros: createdMicros - BigInt(wanted.length - 1 - index),
      endpoint: endpoint.id,
      event: event.id,
      eventSequence: event.sequence,
      eventMicros: event.createdMicros,
      eventType: event.type,
      objectId: objectIdOf(event),
    }),
  )
  await runFor(door.connections, tenant, [insertDeliveries(tenant, rows), lookSoon(tenant)])
}

const disabledReply = (): Reply =>
  refusalReply({ code: 'webhook_endpoint_disabled', ...WEBHOOK_REASONS.webhook_endpoint_disabled })

const resendOne = (door: EventsDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/events/:id/resend',
    operation: 'resendEvent',
    summary: 'Send an event again',
    description:
      'To one endpoint, whatever it wants, or to all that want it. The event keeps its id. Not one of Stripe’s operations.',
    permission: 'webhooks.write',
    idempotency: 'natural',
    params: idParameter,
    body: Type.Object({
      webhook_endpoint: Type.Optional(Type.String({ maxLength: 100, description: 'Only to this one.' })),
    }),
    answer: eventObject,
    errors: WEBHOOK_REASONS,
    handle: async (context, { params, body }) => {
      const { tenant } = context
      const event = await findEvent(door, tenant, params.id)
      if (!isEvent(event)) return event
      let chosen: readonly Endpoint[]
      if (body.webhook_endpoint === undefined) {
        const first = { limit: ENDPOINTS_MOST, cursor: null, direction: 'forward' as const }
        const [rows = []] = await door.read(tenant, [listEndpoints(tenant, first)])
        chosen = rows.map(endpoints.read).filter((each) => isEnabled(each) && wants(each, event.type))
      } else {
        const found = await findEndpoint(door, context, body.webhook_endpoint, 'webhook_endpoint')
        if (!isEndpoint(found)) return found
        if (!isEnabled(found)) return disabledReply()
        chosen = [found]
      }
      await resend(
        door,
        tenant,
        chosen.map((endpoint) => ({ event, endpoint })),
      )
      return showOne(door, context, event)
    },
  })

const resendRange = (door: EventsDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/webhook_endpoints/:id/resend',
    operation: 'resendEvents',
    summary: 'Send a range of events again',
    description: `The events of a time that the endpoint wants, the oldest first, up to ${RESEND_MOST} at once. Where has_more is true, go on with starting_after. Not one of Stripe’s operations.`,
    permission: 'webhooks.write',
    idempotency: 'natural',
    params: idParameter,
    body: Type.Object({
      created: rangeFilter('When it happened'),
      types: Type.Optional(typesParameter()),
      delivery_success: Type.Optional(
        Type.Boolean({ description: 'false: only events of which a delivery has not succeeded.' }),
      ),
      starting_after: Type.Optional(
        Type.String({ maxLength: 100, description: 'The last event that was looked at.' }),
      ),
    }),
    answer: resentObject,
    errors: WEBHOOK_REASONS,
    handle: async (context, { params, body }) => {
      const { tenant } = context
      const endpoint = await findEndpoint(door, context, params.id)
      if (!isEndpoint(endpoint)) return endpoint
      if (!isEnabled(endpoint)) return disabledReply()
      const after =
        body.starting_after === undefined
          ? null
          : await findEvent(door, tenant, body.starting_after, 'starting_after')
      if (after !== null && !isEvent(after)) return after
      const page = {
        limit: RESEND_MOST + 1,
        order: 'asc' as const,
        beyond: after?.sequence ?? null,
        types: body.types ?? null,
        ...microsOf(body.created),
      }
      const rows = await readEvents(door, tenant, page, body.delivery_success)
      const events = rows.slice(0, RESEND_MOST)
      const wanted = events.filter(({ type }) => wants(endpoint, type)).map((event) => ({ event, endpoint }))
      await resend(door, tenant, wanted)
      const last = events.at(-1)
      return {
        object: 'webhook_resend' as const,
        deliveries: wanted.length,
        has_more: rows.length > RESEND_MOST,
        last_event: last === undefined ? null : showEventId(last.id),
      }
    },
  })

export const resendRoutes = (door: EventsDoor): Route[] => [resendOne(door), resendRange(door)]
