import { setTimeout as pause } from 'node:timers/promises'
import { assert, type TenantId, type Uuid } from '../../kit/index.ts'
import { type Connections, runAll } from '../commit/connection.ts'
import { BEGIN, COMMIT, lockHead, setTenant } from '../commit/head.ts'
import type { RawRow, Statement } from '../commit/table.ts'
import { ERROR_PAUSE_MS, LEASE_MS, POLL_MS, TENANTS_AT_ONCE_MOST, TIMERS_AT_ONCE_MOST } from './limits.ts'

/**
 * Does what has fallen due for some subjects, through the commit, and takes their timers back in the same commit.
 * It may be called twice for the same subject: another process may have taken over in between.
 */
export type TimerHandler = (tenant: TenantId, subjects: readonly Uuid[]) => Promise<unknown>

export type TimerWorker = {
  /** Fires everything that is due for a tenant now; returns how many timers there were. */
  readonly fire: (tenant: TenantId) => Promise<number>
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

const readDue = (tenant: TenantId): Statement => ({
  name: 'timers_due',
  text: `select t.kind, t.subject::text from database.timers t join database.heads h on h.tenant = t.tenant
          where t.tenant = $1
            and t.due_micros <= (extract(epoch from clock_timestamp()) * 1000000)::bigint + h.clock_offset_micros
          order by t.due_micros limit $2`,
  values: [tenant, TIMERS_AT_ONCE_MOST],
})

/** Under the head row's lock nobody adds a timer meanwhile, so the list cannot forget one. */
const writeDue = (tenant: TenantId): Statement => ({
  name: 'due_write',
  text: `with next as (
           select min(t.due_micros) as micros from database.timers t where t.tenant = $1
         ), gone as (
           delete from database.due where tenant = $1 and (select micros from next) is null
         )
         update database.due set due_ms = (next.micros - h.clock_offset_micros) / 1000
           from next, database.heads h
          where due.tenant = $1 and h.tenant = $1 and next.micros is not null`,
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

const fireOnce = async ({ connections, handlers }: TimerWorkerOptions, tenant: TenantId): Promise<number> => {
  const results = await inOne(connections, [BEGIN, setTenant(tenant), readDue(tenant), COMMIT])
  const due = results[2] ?? []
  const byKind = Map.groupBy(due, ([kind]) => kind as string)
  for (const [kind, rows] of byKind) {
    const handler = handlers[kind]
    assert(handler !== undefined, `nobody handles the timer ${kind}`)
    await handler(
      tenant,
      rows.map(([, subject]) => subject as Uuid),
    )
  }
  return due.length
}

const fireAll = async (options: TimerWorkerOptions, tenant: TenantId): Promise<number> => {
  let fired = 0
  for (;;) {
    const count = await fireOnce(options, tenant)
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
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}
