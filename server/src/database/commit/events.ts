import { type Micros, newUuid, type Uuid } from '../../kit/index.ts'
import { columns } from './columns.ts'
import type { Draft } from './draft.ts'
import type { AppendOnly, Writer } from './table.ts'

export type EventRow = {
  readonly sequence: bigint
  readonly id: Uuid
  readonly type: string
  readonly createdMicros: Micros
  readonly data: unknown
  readonly requestId: string | null
  readonly idempotencyKey: string | null
}

export const eventsList: AppendOnly<EventRow> = { name: 'events' }

const INSERT = `
insert into database.events
  (tenant, sequence, id, type, created_micros, created_day, data, request_id, idempotency_key)
select $1, sequence, id, type, created_micros,
       (timestamp '1970-01-01' + created_micros * interval '1 microsecond')::date, data::jsonb,
       request_id, idempotency_key
  from unnest($2::bigint[], $3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[])
    as n (sequence, id, type, created_micros, data, request_id, idempotency_key)`

export const writeEvents: Writer = (tenant, written) => {
  const rows = written.appended(eventsList)
  if (rows.length === 0) return []
  const values = [
    tenant,
    columns.bigint(rows.map((row) => row.sequence)),
    columns.uuid(rows.map((row) => row.id)),
    columns.text(rows.map((row) => row.type)),
    columns.bigint(rows.map((row) => row.createdMicros)),
    columns.text(rows.map((row) => JSON.stringify(row.data))),
    columns.text(rows.map((row) => row.requestId)),
    columns.text(rows.map((row) => row.idempotencyKey)),
  ]
  return [{ name: 'events_insert', text: INSERT, values }]
}

/** Records an event in the unit's own commit, with the next of the tenant's event numbers, which have no gaps. */
export const emit = (
  draft: Draft,
  event: Pick<EventRow, 'type' | 'data' | 'requestId' | 'idempotencyKey'>,
): EventRow => {
  const sequence = draft.counters.eventSequence + 1n
  const createdMicros = draft.nextTime()
  draft.counters = { ...draft.counters, eventSequence: sequence }
  const row = { ...event, sequence, createdMicros, id: newUuid(draft.wallMs) }
  draft.append(eventsList, row)
  return row
}
