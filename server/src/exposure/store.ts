import {
  columns,
  expectRows,
  type RawRow,
  type Statement,
  type Table,
  type Writer,
} from '../database/index.ts'
import type { TenantId, Uuid } from '../kit/index.ts'
import type { Taken } from './core/caps.ts'
import { counterKey } from './core/compile.ts'
import type { Control, Controls } from './core/model.ts'
import { COUNTERS_KEPT, TENANTS_KEPT } from './limits.ts'

/** A tenant's controls are one row, so that one look-up decides over one version of all of them. */
export const CONTROLS_KEY = 'controls'
export const NO_CONTROLS: Controls = { version: 0, controls: [] }

/**
 * The controls as they were read last, by tenant. Where two processes work for a tenant, each of their batches reads the
 * row anew; it is parsed again only if its text is another one.
 */
const lastRead = new Map<number, { readonly text: string; readonly controls: Controls }>()

export const readControlsRow = ([tenant, version, body]: RawRow): Controls => {
  const text = `${version}${body as string}`
  const known = lastRead.get(tenant as number)
  if (known?.text === text) return known.controls
  const controls: Controls = {
    version: Number(version as bigint),
    controls: JSON.parse(body as string) as readonly Control[],
  }
  lastRead.delete(tenant as number)
  lastRead.set(tenant as number, { text, controls })
  for (const oldest of lastRead.keys()) {
    if (lastRead.size <= TENANTS_KEPT) break
    lastRead.delete(oldest)
  }
  return controls
}

export const findControls = (tenant: TenantId): Statement => ({
  name: 'exposure_controls',
  text: 'select c.tenant, c.version, c.body::text from exposure.controls c where c.tenant = $1',
  values: [tenant],
})

export const controlsTable: Table<Controls> = {
  name: 'exposure.controls',
  keep: { most: 1 },
  load: (tenant) => findControls(tenant),
  read: (raw) => ({ key: CONTROLS_KEY, row: readControlsRow(raw) }),
}

/** Whoever writes names the version that it decided over, so two cannot both follow the same one. */
const writeControls: Writer = (tenant, written) => {
  const inserted = written.inserted(controlsTable).map((after) => ({ before: NO_CONTROLS, after }))
  return [...inserted, ...written.updated(controlsTable)].map(({ before, after }) => ({
    name: 'exposure_controls_write',
    text: `with written as (
             insert into exposure.controls as c (tenant, version, body) values ($1, $2, $3::jsonb)
             on conflict (tenant) do update set version = excluded.version, body = excluded.body
                                          where c.version = $4
             returning 1
           ) select ${expectRows('select count(*) from written', '$5')}`,
    values: [tenant, BigInt(after.version), JSON.stringify(after.controls), BigInt(before.version), 1],
  }))
}

/** What a stage of a launch has taken from its caps. */
export type Counter = Taken & { readonly launch: Uuid; readonly stage: number }

export const readCounter = (raw: RawRow): Counter => {
  const [launch, stage, day, today, inStage] = raw
  return {
    launch: launch as Uuid,
    stage: stage as number,
    day: day as number,
    reservedToday: Number(today as bigint),
    reservedInStage: Number(inStage as bigint),
  }
}

const COLUMNS = 'c.launch::text, c.stage, c.day, c.reserved_today, c.reserved_in_stage'

const launchOf = (key: string): Uuid => key.slice(0, key.indexOf(':')) as Uuid
const stageOf = (key: string): number => Number(key.slice(key.indexOf(':') + 1))

export const countersTable: Table<Counter> = {
  name: 'exposure.counters',
  keep: { most: COUNTERS_KEPT },
  load: (tenant, keys) => ({
    name: 'exposure_counters_load',
    // As database's eachKey, for a key of two columns: looked up one by one, whatever the planner believes.
    text: `select found.* from unnest($2::uuid[], $3::integer[]) as wanted (launch, stage)
            cross join lateral (select ${COLUMNS} from exposure.counters c
                                 where c.tenant = $1 and c.launch = wanted.launch and c.stage = wanted.stage
                                offset 0) as found`,
    values: [tenant, columns.uuid(keys.map(launchOf)), columns.integer(keys.map(stageOf))],
  }),
  read: (raw) => {
    const row = readCounter(raw)
    return { key: counterKey(row.launch, row.stage), row }
  },
}

/** All counters that payments of the batch have moved, each once, however many payments there were. */
const writeCounters: Writer = (tenant, written) => {
  const rows = [
    ...written.inserted(countersTable),
    ...written.updated(countersTable).map(({ after }) => after),
  ]
  if (rows.length === 0) return []
  const statement: Statement = {
    name: 'exposure_counters_write',
    text: `with written as (
             insert into exposure.counters (tenant, launch, stage, day, reserved_today, reserved_in_stage)
             select $1, n.* from unnest($2::uuid[], $3::integer[], $4::integer[], $5::bigint[], $6::bigint[]) as n
             on conflict (tenant, launch, stage) do update
                set day = excluded.day, reserved_today = excluded.reserved_today,
                    reserved_in_stage = excluded.reserved_in_stage
             returning 1
           ) select ${expectRows('select count(*) from written', '$7')}`,
    values: [
      tenant,
      columns.uuid(rows.map(({ launch }) => launch)),
      columns.integer(rows.map(({ stage }) => stage)),
      columns.integer(rows.map(({ day }) => day)),
      columns.bigint(rows.map(({ reservedToday }) => BigInt(reservedToday))),
      columns.bigint(rows.map(({ reservedInStage }) => BigInt(reservedInStage))),
      rows.length,
    ],
  }
  return [statement]
}

/** For reads: the counters of these launches, or of all. */
export const findCounters = (tenant: TenantId, launches: readonly Uuid[] | null = null): Statement => ({
  name: launches === null ? 'exposure_counters_all' : 'exposure_counters_find',
  text: `select ${COLUMNS} from exposure.counters c
          where c.tenant = $1${launches === null ? '' : ' and c.launch = any($2::uuid[])'} order by c.launch, c.stage`,
  values: launches === null ? [tenant] : [tenant, columns.uuid(launches)],
})

/** For the commit. */
export const writeExposure: readonly Writer[] = [writeControls, writeCounters]
