import type { Micros, TenantId, Uuid } from '../../kit/index.ts'
import { columns } from './columns.ts'
import type { Draft } from './draft.ts'
import { type AppendOnly, eachPlace, type Statement, type Writer } from './table.ts'

/** Something that falls due; null takes it back. One timer for each kind and subject. */
export type TimerChange = {
  readonly kind: string
  readonly subject: Uuid
  readonly dueMicros: Micros | null
  /** `wall` for the machinery, such as asking a rail again; else it is due by the tenant's clock. */
  readonly clock?: 'tenant' | 'wall'
}

type SetTimer = TimerChange & { readonly dueMicros: Micros }

/**
 * When the timer `t` is due by the wall clock, in microseconds; null when nobody knows, because the tenant's clock `h`
 * stands still before it. While that clock is moved on, its leader sees to the tenant's timers.
 */
const DUE_BY_WALL = `case when t.wall then t.due_micros
                when h.clock_frozen_micros is null then t.due_micros - h.clock_offset_micros
                when t.due_micros <= h.clock_frozen_micros and not h.clock_advancing then 0 end`

const setStatement = (tenant: TenantId, timers: readonly SetTimer[]): Statement => ({
  name: 'timers_set',
  text: `with timer as (
           select * from unnest($2::text[], $3::uuid[], $4::bigint[], $5::boolean[])
             as n (kind, subject, due_micros, wall)
         ), soonest as (
           select min(${DUE_BY_WALL}) / 1000 as ms from timer t, database.heads h where h.tenant = $1
         ), due as (
           insert into database.due as d (tenant, due_ms)
           select $1, ms from soonest where ms is not null
           on conflict (tenant) do update set due_ms = excluded.due_ms where excluded.due_ms < d.due_ms
         )
         insert into database.timers (tenant, kind, subject, due_micros, wall)
         select $1, kind, subject, due_micros, wall from timer
         on conflict (tenant, kind, subject) do update set due_micros = excluded.due_micros, wall = excluded.wall`,
  values: [
    tenant,
    columns.text(timers.map((timer) => timer.kind)),
    columns.uuid(timers.map((timer) => timer.subject)),
    columns.bigint(timers.map((timer) => timer.dueMicros)),
    columns.boolean(timers.map((timer) => timer.clock === 'wall')),
  ],
})

const cancelStatement = (tenant: TenantId, timers: readonly TimerChange[]): Statement => ({
  name: 'timers_cancel',
  text: `delete from database.timers t using ${eachPlace(
    'database.timers',
    'unnest($2::text[], $3::uuid[]) as n (kind, subject)',
    't.kind = n.kind and t.subject = n.subject',
  )} where t.tenant = $1 and t.ctid = n.place`,
  values: [
    tenant,
    columns.text(timers.map((timer) => timer.kind)),
    columns.uuid(timers.map((timer) => timer.subject)),
  ],
})

export const timersList: AppendOnly<TimerChange> = { name: 'timers' }

export const writeTimers: Writer = (tenant, written) => {
  const changes = written.appended(timersList)
  const last = new Map(changes.map((change) => [`${change.kind} ${change.subject}`, change]))
  const set: SetTimer[] = []
  const cancelled: TimerChange[] = []
  for (const { dueMicros, ...change } of last.values()) {
    if (dueMicros === null) cancelled.push({ ...change, dueMicros })
    else set.push({ ...change, dueMicros })
  }
  return [
    ...(set.length > 0 ? [setStatement(tenant, set)] : []),
    ...(cancelled.length > 0 ? [cancelStatement(tenant, cancelled)] : []),
  ]
}

/** Sets, moves or takes back a timer in the unit's own commit. */
export const setTimer = (draft: Draft, change: TimerChange): void => draft.append(timersList, change)
