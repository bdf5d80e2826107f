import { setTimeout as pause } from 'node:timers/promises'
import { assert, type Micros, type TenantId, type Uuid } from '../../kit/index.ts'
import { type Connections, runAll } from '../commit/connection.ts'
import { BEGIN, COMMIT, lockHead, setTenant } from '../commit/head.ts'
import type { RawRow, Statement } from '../commit/table.ts'
import { TENANT_MICROS } from '../commit/tenant-clock.ts'
import { ERROR_PAUSE_MS, LEASE_MS, POLL_MS, TENANTS_AT_ONCE_MOST, TIMERS_AT_ONCE_MOST } from './limits.ts'

/**
 * Does what has fallen due for some subjects, through the commit, and takes their timers back in the same commit.
 * It may be called twice for the same subject: another process may have taken over in between.
 */
export type TimerHandler = (tenant: TenantId, subjects: readonly Uuid[]) => Promise<unknown>

export type TimerWorker = {
  /** Fires everything that is due for a tenant now; returns how many timers there were. */
  readonly fire: (tenant: TenantId) => Promise<number>
  /** For whoever moves the tenant's clock on: fires what it has reached; returns how many timers of each kind. */
  readonly fireReached: (tenant: TenantId) => Promise<ReadonlyMap<string, number>>
  /** Stops looking, and waits for what is being done. */
  readonly stop: () => Promise<void>
}

export type TimerWorkerOptions = {
  readonly connections: Connections
  readonly handlers: Readonly<Record<string, TimerHandler>>
  readonly onError: (error: unknown) => void
}

const claimDue = (): Statement => ({
  name: 'due_claim',
  text: `with now as (select (extract(epoch from clock_timestamp()) * 1000)::bigint as ms)
         update database.due d set due_ms = now.ms + $1 from now
          where d.tenant in (select tenant from database.due where due_ms <= (select ms from now)
                              order by due_ms limit $2 for update skip locked)
         returning d.tenant`,
  values: [LEASE_MS, TENANTS_AT_ONCE_MOST],
})

/** While a tenant's clock is moved on, its own timers are fired by whoever moves it, and by nobody else. */
const readDue = (tenant: TenantId): Statement => ({
  name: 'timers_due',
  text: `select t.kind, t.subject::text
           from (select kind, subject, due_micros from database.timers
                  where tenant = $1 and wall
                    and due_micros <= (extract(epoch from clock_timestamp()) * 1000000)::bigint
                 union all
                 select t.kind, t.subject, t.due_micros from database.timers t, database.heads h
                  where t.tenant = $1 and h.tenant = $1 and not t.wall and not h.clock_advancing
                    and t.due_micros <= ${TENANT_MICROS}) t
          order by t.due_micros limit $2`,
  values: [tenant, TIMERS_AT_ONCE_MOST],
})

const readReached = (tenant: TenantId): Statement => ({
  name: 'timers_reached',
  text: `select t.kind, t.subject::text from database.timers t, database.heads h
          where t.tenant = $1 and h.tenant = $1 and not t.wall and t.due_micros <= h.clock_frozen_micros
          order by t.due_micros limit $2`,
  values: [tenant, TIMERS_AT_ONCE_MOST],
})

/** The next of the tenant's own timers up to a moment: where a clock that is moved on stops. */
export const nextReached = (tenant: TenantId, untilMicros: Micros): Statement => ({
  name: 'timers_next',
  text: `select min(due_micros) from database.timers where tenant = $1 and not wall and due_micros <= $2`,
  values: [tenant, untilMicros],
})

/** Under the head row's lock nobody adds a timer meanwhile, so the list cannot forget one. */
const writeDue = (tenant: TenantId): Statement => ({
  name: 'due_write',
  text: `with next as (
           select least(
                    (select min(t.due_micros) from database.timers t where t.tenant = $1 and t.wall),
                    case when h.clock_frozen_micros is null then own.micros - h.clock_offset_micros
                         when own.micros <= h.clock_frozen_micros and not h.clock_advancing then 0 end) as micros
             from database.heads h,
                  (select min(t.due_micros) as micros from database.timers t where t.tenant = $1 and not t.wall) own
            where h.tenant = $1
         ), gone as (
           delete from database.due where tenant = $1 and (select micros from next) is null
         )
         update database.due set due_ms = next.micros / 1000
           from next where due.tenant = $1 and next.micros is not null`,
  values: [tenant],
})

const inOne = async (
  connections: Connections,
  statements: readonly Statement[],
): Promise<(readonly RawRow[])[]> => {
  const connection = await connections.acquire()
  let broken = true
  try {
    const results = await runAll(connection, statements)
    broken = false
    return results.map((result) => result.rows)
  } finally {
    connection.release(broken)
  }
}

type Wanted = { readonly tenant: TenantId; readonly due: Statement }

/** One look at what is due: how many timers of each kind were handed over. */
const fireOnce = async (
  { connections, handlers }: TimerWorkerOptions,
  { tenant, due }: Wanted,
): Promise<ReadonlyMap<string, number>> => {
  const results = await inOne(connections, [BEGIN, setTenant(tenant), due, COMMIT])
  const byKind = Map.groupBy(results[2] ?? [], ([kind]) => kind as string)
  const counts = new Map<string, number>()
  for (const [kind, rows] of byKind) {
    const handler = handlers[kind]
    assert(handler !== undefined, `nobody handles the timer ${kind}`)
    await handler(
      tenant,
      rows.map(([, subject]) => subject as Uuid),
    )
    counts.set(kind, rows.length)
  }
  return counts
}

const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((total, count) => total + count, 0)

const fireAll = async (options: TimerWorkerOptions, tenant: TenantId): Promise<number> => {
  let fired = 0
  for (;;) {
    const count = sum(await fireOnce(options, { tenant, due: readDue(tenant) }))
    fired += count
    if (count < TIMERS_AT_ONCE_MOST) break
  }
  await inOne(options.connections, [BEGIN, setTenant(tenant), lockHead(tenant), writeDue(tenant), COMMIT])
  return fired
}

/** Looks for tenants with due work and does it. Several processes share the work by leases. */
export const startTimerWorker = (options: TimerWorkerOptions): TimerWorker => {
  const stopping = new AbortController()

  const look = async (): Promise<void> => {
    const [tenants = []] = await inOne(options.connections, [claimDue()])
    for (const [tenant] of tenants) await fireAll(options, tenant as TenantId)
  }

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      let pauseMs = POLL_MS
      try {
        await look()
      } catch (error) {
        options.onError(error)
        pauseMs = ERROR_PAUSE_MS
      }
      await pause(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  const running = run()
  return {
    fire: (tenant) => fireAll(options, tenant),
    fireReached: (tenant) => fireOnce(options, { tenant, due: readReached(tenant) }),
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}
