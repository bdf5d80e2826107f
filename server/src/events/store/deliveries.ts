import { columns, eachKey, expectRows, type RawRow, type Statement } from '../../database/index.ts'
import type { Micros, TenantId, Uuid } from '../../kit/index.ts'

export const DELIVERY_STATES = ['pending', 'succeeded', 'failed', 'canceled'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

export type Delivery = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly endpoint: Uuid
  readonly event: Uuid
  readonly eventSequence: bigint
  readonly eventMicros: Micros
  readonly eventType: string
  readonly objectId: string | null
}

/** One that waits for an attempt. */
export type Due = Pick<Delivery, 'id' | 'createdMicros' | 'endpoint' | 'eventSequence' | 'objectId'> & {
  /** How many attempts there were. */
  readonly attempts: number
}

const DAY_OF = (micros: string): string =>
  `(timestamp '1970-01-01' + ${micros} * interval '1 microsecond')::date`

/** None for an endpoint that is gone by now. */
const INSERT = `
insert into events.deliveries
  (tenant, id, created_day, created_micros, endpoint, event, event_sequence, event_day, event_type, object_id,
   state, attempts, due_micros)
select $1, n.id, ${DAY_OF('n.created_micros')}, n.created_micros, n.endpoint, n.event, n.event_sequence,
       ${DAY_OF('n.event_micros')}, n.event_type, n.object_id, 0, 0, n.created_micros
  from unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::uuid[], $6::bigint[], $7::bigint[], $8::text[], $9::text[])
    as n (id, created_micros, endpoint, event, event_sequence, event_micros, event_type, object_id)
  join events.endpoints e on e.tenant = $1 and e.id = n.endpoint and not e.deleted`

export const insertDeliveries = (tenant: TenantId, rows: readonly Delivery[]): Statement => ({
  name: 'deliveries_insert',
  text: INSERT,
  values: [
    tenant,
    columns.uuid(rows.map((row) => row.id)),
    columns.bigint(rows.map((row) => row.createdMicros)),
    columns.uuid(rows.map((row) => row.endpoint)),
    columns.uuid(rows.map((row) => row.event)),
    columns.bigint(rows.map((row) => row.eventSequence)),
    columns.bigint(rows.map((row) => row.eventMicros)),
    columns.text(rows.map((row) => row.eventType)),
    columns.text(rows.map((row) => row.objectId)),
  ],
})

export const readCursor = (tenant: TenantId): Statement => ({
  name: 'deliveries_cursor',
  text: 'select sequence from events.cursors where tenant = $1',
  values: [tenant],
})

/** Ends the transaction unless the cursor still stood there: else somebody else made these deliveries. */
export const moveCursor = (tenant: TenantId, from: bigint, to: bigint): Statement => ({
  name: 'deliveries_move_cursor',
  text: `with moved as (
           update events.cursors set sequence = $3 where tenant = $1 and sequence = $2 returning 1
         ) select ${expectRows('select count(*) from moved', '$4')}`,
  values: [tenant, from, to, 1],
})

/** In the order in which they are to go, without those that are known already. */
export const loadDue = (
  tenant: TenantId,
  wanted: {
    readonly endpoint: Uuid
    readonly untilMicros: Micros
    readonly known: readonly string[]
    readonly most: number
  },
): Statement => ({
  name: 'deliveries_due',
  text: `select id::text, created_micros, endpoint::text, event_sequence, object_id, attempts
           from events.deliveries
          where tenant = $1 and endpoint = $2 and state = 0 and due_micros <= $3 and id <> all($4::uuid[])
          order by due_micros, event_sequence limit $5`,
  values: [
    tenant,
    wanted.endpoint,
    wanted.untilMicros,
    columns.uuid(wanted.known as readonly Uuid[]),
    wanted.most,
  ],
})

export const readDueRow = (raw: RawRow): Due => {
  const [id, createdMicros, endpoint, eventSequence, objectId, attempts] = raw
  return {
    id: id as Uuid,
    createdMicros: createdMicros as bigint,
    endpoint: endpoint as Uuid,
    eventSequence: eventSequence as bigint,
    objectId: objectId as string | null,
    attempts: attempts as number,
  }
}

/** When the next delivery of some endpoints falls due. */
export const nextDue = (tenant: TenantId, ids: readonly Uuid[]): Statement => ({
  name: 'deliveries_next_due',
  text: `select min(found.due) from ${eachKey(
    'uuid',
    `select d.due_micros as due from events.deliveries d
      where d.tenant = $1 and d.endpoint = wanted.key and d.state = 0 order by d.due_micros limit 1`,
  )}`,
  values: [tenant, columns.uuid(ids)],
})

/** What is due for an endpoint that is disabled is not sent, and not kept for later either. */
export const cancelDue = (tenant: TenantId, ids: readonly Uuid[], untilMicros: Micros): Statement => ({
  name: 'deliveries_cancel_due',
  text: `update events.deliveries set state = 3, due_micros = null
          where tenant = $1 and endpoint = any($2::uuid[]) and state = 0 and due_micros <= $3`,
  values: [tenant, columns.uuid(ids), untilMicros],
})

/** For each event how many deliveries of it are pending: pending_webhooks. */
export const countPending = (tenant: TenantId, sequences: readonly bigint[]): Statement => ({
  name: 'deliveries_count_pending',
  text: `select found.sequence, found.pending from ${eachKey(
    'bigint',
    `select wanted.key as sequence, count(*) as pending from events.deliveries d
      where d.tenant = $1 and d.event_sequence = wanted.key and d.state = 0`,
  )}`,
  values: [tenant, columns.bigint(sequences)],
})

/** Which of the events have a delivery that has not succeeded. */
export const findOpen = (tenant: TenantId, sequences: readonly bigint[]): Statement => ({
  name: 'deliveries_find_open',
  text: `select found.sequence from ${eachKey(
    'bigint',
    `select wanted.key as sequence from events.deliveries d
      where d.tenant = $1 and d.event_sequence = wanted.key and d.state <> 1 limit 1`,
  )}`,
  values: [tenant, columns.bigint(sequences)],
})

/** Numbers of events with a delivery that has not succeeded. */
export const listOpen = (
  tenant: TenantId,
  { beyond, order, limit }: { beyond: bigint; order: 'asc' | 'desc'; limit: number },
): Statement => ({
  name: `deliveries_list_open_${order}`,
  text: `select distinct event_sequence from events.deliveries
          where tenant = $1 and state <> 1 and event_sequence ${order === 'desc' ? '<' : '>'} $2
          order by event_sequence ${order} limit $3`,
  values: [tenant, beyond, limit],
})
