import type { EventRow } from '../database/index.ts'
import { secondsOf, showId, type Uuid } from '../kit/index.ts'
import type { Endpoint } from './core/endpoint.ts'

/** The one version of the API that there is: that of the official package which the contract was taken from. */
export const API_VERSION = '2026-10-28.endive'

export const EVENT_PREFIX = 'evt'
export const ENDPOINT_PREFIX = 'we'
export const DELIVERY_PREFIX = 'whd'

export const showEventId = (id: Uuid): string => showId(EVENT_PREFIX, id)

type EventData = {
  readonly object: Record<string, unknown>
  readonly previous_attributes?: Record<string, unknown>
}

export const showEvent = (row: EventRow, { livemode, pending }: { livemode: boolean; pending: number }) => ({
  id: showEventId(row.id),
  object: 'event' as const,
  api_version: API_VERSION,
  created: secondsOf(row.createdMicros),
  data: row.data as EventData,
  livemode,
  pending_webhooks: pending,
  request: { id: row.requestId, idempotency_key: row.idempotencyKey },
  type: row.type,
})

export const showEndpoint = (endpoint: Endpoint, secret?: string) => ({
  id: showId(ENDPOINT_PREFIX, endpoint.id),
  object: 'webhook_endpoint' as const,
  api_version: endpoint.apiVersion,
  application: null,
  created: secondsOf(endpoint.createdMicros),
  description: endpoint.description,
  enabled_events: [...endpoint.enabledEvents],
  livemode: endpoint.livemode,
  metadata: { ...endpoint.metadata },
  ...(secret === undefined ? {} : { secret }),
  status: endpoint.disabledReason === null ? ('enabled' as const) : ('disabled' as const),
  url: endpoint.url,
})

export const showDeletedEndpoint = (id: Uuid) => ({
  id: showId(ENDPOINT_PREFIX, id),
  object: 'webhook_endpoint' as const,
  deleted: true as const,
})
