import type { Micros, TenantId, Uuid } from '../../kit/index.ts'
import { columns } from './columns.ts'
import type { Draft } from './draft.ts'
import type { AppendOnly, Statement, Writer } from './table.ts'

/** Something that falls due; null takes it back. One timer for each kind and subject. */
export type TimerChange = {
  readonly kind: string
  readonly subject: Uuid
  readonly dueMicros: Micros | null
  /** `wall` for the machinery, such as asking a rail again; else it is due by the tenant's clock. */
  readonly clock?: 'tenant' | 'wall'
}

type SetTimer = TimerChange & { readonly dueMicros: Micros }

const setStatement = (tenant: TenantId, timers: readonly SetTimer[]): Statement => ({
  name: 'timers_set',
  text: `with timer as (
           select * from unnest($2::text[], $3::uuid[], $4::bigint[]) as n (kind, subject, due_micros)
         ), due as (
           insert into database.due as d (tenant, due_ms)
           select $1, ((select min(due_micros) from timer) - h.clock_offset_micros) / 1000
             from database.heads h where h.tenant = $1
           on conflict (tenant) do update set due_ms = excluded.due_ms where excluded.due_ms < d.due_ms
         )
         insert into database.timers (tenant, kind, subject, due_micros)
         select $1, kind, subject, due_micros from timer
         on conflict (tenant, kind, subject) do update set due_micros = excluded.due_micros`,
  values: [
    tenant,
    columns.text(timers.map((timer) => timer.kind)),
    columns.uuid(timers.map((timer) => timer.subject)),
    columns.bigint(timers.map((timer) => timer.dueMicros)),
  ],
})

const cancelStatement = (tenant: TenantId, timers: readonly TimerChange[]): Statement => ({
  name: 'timers_cancel',
  text: `delete from database.timers t using unnest($2::text[], $3::uuid[]) as n (kind, subject)
          where t.tenant = $1 and t.kind = n.kind and t.subject = n.subject`,
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
  for (const { kind, subject, dueMicros } of last.values()) {
    if (dueMicros === null) cancelled.push({ kind, subject, dueMicros })
    else set.push({ kind, subject, dueMicros })
  }
  return [
    ...(set.length > 0 ? [setStatement(tenant, set)] : []),
    ...(cancelled.length > 0 ? [cancelStatement(tenant, cancelled)] : []),
  ]
}

/** Sets, moves or takes back a timer in the unit's own commit. */
export const setTimer = (draft: Draft, change: TimerChange): void => draft.append(timersList, change)
