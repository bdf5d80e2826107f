import { columns, type Statement } from '../../database/index.ts'
import type { Micros, TenantId, Uuid } from '../../kit/index.ts'
import { DELIVERY_STATES, type DeliveryState, type Due } from './deliveries.ts'

/** What came of an attempt, and what becomes of the delivery. */
export type Result = {
  readonly due: Due
  readonly number: number
  readonly atMicros: Micros
  readonly sentMs: number
  readonly durationMs: number
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly status: number | null
  readonly error: string | null
  readonly response: string
  readonly state: DeliveryState
  readonly dueMicros: Micros | null
}

const DAY = `(timestamp '1970-01-01' + n.created_micros * interval '1 microsecond')::date`

/** Only of those that still wait: one that was canceled meanwhile stays so. */
const UPDATE = `
update events.deliveries d set state = n.state, attempts = n.attempts, due_micros = n.due_micros
  from unnest($2::uuid[], $3::bigint[], $4::integer[], $5::integer[], $6::bigint[])
    as n (id, created_micros, state, attempts, due_micros)
 where d.tenant = $1 and d.id = n.id and d.created_day = ${DAY} and d.state = 0`

/** Two who both believed to hold the lease may have made the same attempt: the first that is written down stays. */
const INSERT = `
insert into events.attempts
  (tenant, delivery, number, created_day, at_micros, sent_ms, duration_ms, request_headers, status, error, response)
select $1, n.delivery, n.number, ${DAY}, n.at_micros, n.sent_ms, n.duration_ms, n.request_headers::jsonb,
       n.status, n.error, n.response
  from unnest($2::uuid[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[], $7::integer[], $8::text[],
              $9::integer[], $10::text[], $11::text[])
    as n (delivery, number, created_micros, at_micros, sent_ms, duration_ms, request_headers, status, error, response)
on conflict do nothing`

const HEALTH = `
insert into events.health as h (tenant, endpoint, succeeded_micros, failed_micros)
select $1, n.endpoint, n.succeeded_micros, n.failed_micros
  from unnest($2::uuid[], $3::bigint[], $4::bigint[]) as n (endpoint, succeeded_micros, failed_micros)
on conflict (tenant, endpoint) do update
   set succeeded_micros = greatest(h.succeeded_micros, excluded.succeeded_micros),
       failed_micros = greatest(h.failed_micros, excluded.failed_micros)
returning endpoint::text, succeeded_micros`

const updateStatement = (tenant: TenantId, results: readonly Result[]): Statement => ({
  name: 'deliveries_result',
  text: UPDATE,
  values: [
    tenant,
    columns.uuid(results.map(({ due }) => due.id)),
    columns.bigint(results.map(({ due }) => due.createdMicros)),
    columns.integer(results.map(({ state }) => DELIVERY_STATES.indexOf(state))),
    columns.integer(results.map(({ number }) => number)),
    columns.bigint(results.map(({ dueMicros }) => dueMicros)),
  ],
})

const attemptsStatement = (tenant: TenantId, results: readonly Result[]): Statement => ({
  name: 'attempts_insert',
  text: INSERT,
  values: [
    tenant,
    columns.uuid(results.map(({ due }) => due.id)),
    columns.integer(results.map(({ number }) => number)),
    columns.bigint(results.map(({ due }) => due.createdMicros)),
    columns.bigint(results.map(({ atMicros }) => atMicros)),
    columns.bigint(results.map(({ sentMs }) => BigInt(sentMs))),
    columns.integer(results.map(({ durationMs }) => durationMs)),
    columns.text(results.map(({ requestHeaders }) => JSON.stringify(requestHeaders))),
    columns.integer(results.map(({ status }) => status)),
    columns.text(results.map(({ error }) => error)),
    columns.text(results.map(({ response }) => response)),
  ],
})

const newest = (results: readonly Result[], isGood: boolean): Micros | null => {
  let found: Micros | null = null
  for (const { state, atMicros } of results) {
    if ((state === 'succeeded') === isGood && (found === null || atMicros > found)) found = atMicros
  }
  return found
}

const healthStatement = (tenant: TenantId, results: readonly Result[]): Statement => {
  const each = [...Map.groupBy(results, ({ due }) => due.endpoint)]
  return {
    name: 'health_write',
    text: HEALTH,
    values: [
      tenant,
      columns.uuid(each.map(([id]) => id)),
      columns.bigint(each.map(([, of]) => newest(of, true))),
      columns.bigint(each.map(([, of]) => newest(of, false))),
    ],
  }
}

/** The last of them answers with each endpoint's id and the moment of its newest success. */
export const writeResults = (tenant: TenantId, results: readonly Result[]): readonly Statement[] => [
  updateStatement(tenant, results),
  attemptsStatement(tenant, results),
  healthStatement(tenant, results),
]

export type Succeeded = { readonly endpoint: Uuid; readonly succeededMicros: Micros | null }
