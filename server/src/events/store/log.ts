import { columns, eachKey, type RawRow, type Statement } from '../../database/index.ts'
import type { Micros, TenantId, Uuid } from '../../kit/index.ts'
import { DELIVERY_STATES, type DeliveryState } from './deliveries.ts'

/** A delivery as people look at it. */
export type LoggedDelivery = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly endpoint: Uuid
  readonly event: Uuid
  readonly eventType: string
  readonly state: DeliveryState
  readonly attempts: number
  readonly dueMicros: Micros | null
}

export type LoggedAttempt = {
  readonly delivery: Uuid
  readonly number: number
  readonly atMicros: Micros
  readonly sentMs: number
  readonly durationMs: number
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly status: number | null
  readonly error: string | null
  readonly response: string
}

const COLUMNS = `d.id::text, d.created_micros, d.endpoint::text, d.event::text, d.event_type, d.state, d.attempts, d.due_micros`

export const readLoggedDelivery = (raw: RawRow): LoggedDelivery => {
  const [id, createdMicros, endpoint, event, eventType, state, attempts, dueMicros] = raw
  return {
    id: id as Uuid,
    createdMicros: createdMicros as bigint,
    endpoint: endpoint as Uuid,
    event: event as Uuid,
    eventType: eventType as string,
    state: DELIVERY_STATES[state as number] ?? 'pending',
    attempts: attempts as number,
    dueMicros: dueMicros as bigint | null,
  }
}

export const findDeliveries = (tenant: TenantId, ids: readonly Uuid[]): Statement => ({
  name: 'deliveries_find',
  text: `select found.* from ${eachKey('uuid', `select ${COLUMNS} from events.deliveries d where d.tenant = $1 and d.id = wanted.key`)}`,
  values: [tenant, columns.uuid(ids)],
})

export type DeliveriesPage = {
  readonly endpoint: Uuid
  readonly limit: number
  readonly cursor: Uuid | null
  readonly direction: 'forward' | 'backward'
  readonly state: DeliveryState | null
  readonly event: bigint | null
}

/** Newest first. */
export const listDeliveries = (tenant: TenantId, page: DeliveriesPage): Statement => {
  const values: unknown[] = [tenant, page.endpoint, page.limit + 1]
  const used: string[] = []
  let where = ''
  const isForward = page.direction === 'forward'
  if (page.state !== null) {
    used.push('state')
    where += ` and d.state = $${values.push(DELIVERY_STATES.indexOf(page.state))}`
  }
  if (page.event !== null) {
    used.push('event')
    where += ` and d.event_sequence = $${values.push(page.event)}`
  }
  if (page.cursor !== null) {
    used.push('cursor')
    where += ` and (d.created_micros, d.id) ${isForward ? '<' : '>'}
      (select c.created_micros, c.id from events.deliveries c where c.tenant = $1 and c.id = $${values.push(page.cursor)})`
  }
  const order = isForward ? 'desc' : 'asc'
  return {
    name: `deliveries_list_${order}_${used.join('_')}`,
    text: `select ${COLUMNS} from events.deliveries d where d.tenant = $1 and d.endpoint = $2${where}
            order by d.created_micros ${order}, d.id ${order} limit $3`,
    values,
  }
}

export const findAttempts = (tenant: TenantId, deliveries: readonly Uuid[]): Statement => ({
  name: 'attempts_find',
  text: `select found.* from ${eachKey(
    'uuid',
    `select a.delivery::text, a.number, a.at_micros, a.sent_ms, a.duration_ms, a.request_headers::text, a.status,
            a.error, a.response
       from events.attempts a where a.tenant = $1 and a.delivery = wanted.key order by a.number`,
  )}`,
  values: [tenant, columns.uuid(deliveries)],
})

export const readLoggedAttempt = (raw: RawRow): LoggedAttempt => {
  const [delivery, number, atMicros, sentMs, durationMs, headers, status, error, response] = raw
  return {
    delivery: delivery as Uuid,
    number: number as number,
    atMicros: atMicros as bigint,
    sentMs: Number(sentMs as bigint),
    durationMs: durationMs as number,
    requestHeaders: JSON.parse(headers as string) as Record<string, string>,
    status: status as number | null,
    error: error as string | null,
    response: response as string,
  }
}

const PENDING_COUNTED_MOST = 10_000

/** When it last succeeded and failed, and how many deliveries wait, up to a bound. */
export const readHealth = (tenant: TenantId, endpoint: Uuid): Statement => ({
  name: 'health_read',
  text: `select h.succeeded_micros, h.failed_micros,
                (select count(*) from (select from events.deliveries d
                                        where d.tenant = $1 and d.endpoint = $2 and d.state = 0
                                        limit ${PENDING_COUNTED_MOST}) p)
           from (select) one left join events.health h on h.tenant = $1 and h.endpoint = $2`,
  values: [tenant, endpoint],
})

/** The tenant is looked at at the next moment. */
export const lookSoon = (tenant: TenantId): Statement => ({
  name: 'listening_look_soon',
  text: 'update events.listening set look_ms = 0 where tenant = $1',
  values: [tenant],
})
