import {
  type AppendOnly,
  columns,
  defineRecords,
  expectRows,
  type RawRow,
  type Statement,
  type Table,
  type Writer,
} from '../../database/index.ts'
import type { Micros, TenantId, Uuid } from '../../kit/index.ts'
import type { WatchRow } from '../core/guardrails/book.ts'
import type { LaunchStatus, Verdict } from '../core/model.ts'
import { LIVE_LAUNCHES_MOST } from '../limits.ts'

export const watches = defineRecords<WatchRow>({ table: 'launches.watches', columns: [], bigints: [] })

/** A tenant's one row of the controller. */
export type Tick = {
  /** Up to which event it has counted. */
  readonly sequence: bigint
  /** Nothing is live: nobody looks, until something starts. */
  readonly isAsleep: boolean
  /** The stop of an advancing clock that it has looked at. */
  readonly stopMicros: number | null
  /** By the tenant's clock, when it looked last. */
  readonly tickedMicros: number
  /** By the wall clock, when all money of all live launches was last looked at. */
  readonly lookedFullMs: number
  /** Of the routed service levels; `unknown` while one of them has no data. */
  readonly budget: 'ok' | 'over' | 'unknown'
  /** By the wall clock, when the levels were last added up; and which alarms were on then. */
  readonly levelsAtMs: number
  readonly firing: readonly string[]
}

export const TICK = 'tick'

export const NO_TICK: Tick = {
  sequence: 0n,
  isAsleep: true,
  stopMicros: null,
  tickedMicros: 0,
  lookedFullMs: 0,
  budget: 'ok',
  levelsAtMs: 0,
  firing: [],
}

export const readTick = ([sequence, body]: RawRow): Tick => ({
  ...NO_TICK,
  ...(JSON.parse(body as string) as Omit<Tick, 'sequence'>),
  sequence: sequence as bigint,
})

export const findTick = (tenant: TenantId): Statement => ({
  name: 'launches_tick',
  text: 'select sequence, body::text from launches.ticks where tenant = $1',
  values: [tenant],
})

export const ticks: Table<Tick> = {
  name: 'launches.ticks',
  keep: { most: 1 },
  load: (tenant) => findTick(tenant),
  read: (raw) => ({ key: TICK, row: readTick(raw) }),
}

const writeTicks: Writer = (tenant, written) => {
  const inserted = written.inserted(ticks).map((after) => ({ before: NO_TICK, after }))
  return [...inserted, ...written.updated(ticks)].map(({ before, after: { sequence, ...body } }) => ({
    name: 'launches_tick_write',
    text: `with written as (
             insert into launches.ticks as t (tenant, sequence, body) values ($1, $2, $3::jsonb)
             on conflict (tenant) do update set sequence = excluded.sequence, body = excluded.body
                                          where t.sequence = $4
             returning 1
           ) select ${expectRows('select count(*) from written', '$5')}`,
    values: [tenant, sequence, JSON.stringify(body), before.sequence, 1],
  }))
}

export type VerdictEntry = {
  readonly launch: Uuid
  readonly createdMicros: Micros
  readonly stage: number
  readonly status: LaunchStatus
  readonly verdicts: readonly Verdict[]
}

export const verdictLog: AppendOnly<VerdictEntry> = { name: 'launches.verdicts' }

const writeVerdicts: Writer = (tenant, written) => {
  const rows = written.appended(verdictLog)
  if (rows.length === 0) return []
  return [
    {
      name: 'launches_verdicts_insert',
      text: `insert into launches.verdicts (tenant, launch, created_micros, created_day, stage, status, verdicts)
             select $1, launch, created_micros,
                    (timestamp '1970-01-01' + created_micros * interval '1 microsecond')::date,
                    stage, status, verdicts::jsonb
               from unnest($2::uuid[], $3::bigint[], $4::integer[], $5::text[], $6::text[])
                 as n (launch, created_micros, stage, status, verdicts)`,
      values: [
        tenant,
        columns.uuid(rows.map(({ launch }) => launch)),
        columns.bigint(rows.map(({ createdMicros }) => createdMicros)),
        columns.integer(rows.map(({ stage }) => stage)),
        columns.text(rows.map(({ status }) => status)),
        columns.text(rows.map(({ verdicts }) => JSON.stringify(verdicts))),
      ],
    },
  ]
}

/** What was found before a moment, newest first. */
export const listVerdicts = (
  tenant: TenantId,
  launch: Uuid,
  page: { readonly beforeMicros: Micros; readonly limit: number },
): Statement => ({
  name: 'launches_verdicts_list',
  text: `select created_micros, stage, status, verdicts::text from launches.verdicts
          where tenant = $1 and launch = $2 and created_micros < $3
          order by created_micros desc limit $4`,
  values: [tenant, launch, page.beforeMicros, page.limit],
})

export const readVerdictEntry =
  (launch: Uuid) =>
  ([createdMicros, stage, status, verdicts]: RawRow): VerdictEntry => ({
    launch,
    createdMicros: createdMicros as bigint,
    stage: stage as number,
    status: status as LaunchStatus,
    verdicts: JSON.parse(verdicts as string) as readonly Verdict[],
  })

/** The states in which payments may have gone the launched way, or still do: guardrails are looked at in all of them. */
export const LIVE_STATUSES: readonly LaunchStatus[] = ['running', 'held', 'rolling_back', 'completed']

/** Live launches, and since when: looked up state by state, as the index stands. */
export const findLive = (tenant: TenantId): Statement => ({
  name: 'launches_live',
  text: `select l.id::text, l.status, (l.body ->> 'startedMicros')::bigint
           from unnest($2::text[]) as wanted (status)
          cross join lateral (select id, status, body from launches.launches l
                               where l.tenant = $1 and l.status = wanted.status limit $3) l`,
  values: [tenant, columns.text(LIVE_STATUSES), LIVE_LAUNCHES_MOST],
})

export type Live = { readonly id: Uuid; readonly status: LaunchStatus; readonly startedMicros: Micros }

export const readLive = ([id, status, startedMicros]: RawRow): Live => ({
  id: id as Uuid,
  status: status as LaunchStatus,
  startedMicros: (startedMicros as bigint | null) ?? 0n,
})

export const writeController: readonly Writer[] = [watches.write, writeTicks, writeVerdicts]
