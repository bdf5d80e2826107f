import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import type { Micros, TenantId } from '../../kit/index.ts'
import type { Deliveries, OnMessage } from './deliver.ts'
import { ERROR_PAUSE_MS, LEASE_MS, POLL_MS, REST_MOST_MS, TENANTS_AT_ONCE_MOST } from './limits.ts'
import { inTransaction, readDay, type Transaction } from './transaction.ts'

export type AcquirerWorker = { readonly stop: () => Promise<void> }

export type WorkerOptions = {
  readonly onMessage: OnMessage
  readonly onError: (error: unknown) => void
}

const NOW_MS = '(extract(epoch from clock_timestamp()) * 1000)::bigint'
/** Nothing is planned. Whatever is planned next sets the row back to now. */
const NEVER_MS = 9_007_199_254_740_991n

type Claimed = { readonly tenant: TenantId; readonly dueMs: bigint }

const claim = async (pool: pg.Pool): Promise<readonly Claimed[]> => {
  const { rows } = await pool.query<{ tenant: TenantId; due_ms: bigint }>({
    name: 'rails_due_claim',
    text: `update rails.due d set due_ms = ${NOW_MS} + $1
            where d.tenant in (select tenant from rails.due where due_ms <= ${NOW_MS}
                                order by due_ms limit $2 for update skip locked)
           returning d.tenant, d.due_ms`,
    values: [LEASE_MS, TENANTS_AT_ONCE_MOST],
  })
  return rows.map((row) => ({ tenant: row.tenant, dueMs: row.due_ms }))
}

const MICROS_PER_MS = 1_000n

const loadNext = async ({ tenant, run }: Transaction): Promise<Micros | null> => {
  const [row] = await run({
    name: 'notifications_next',
    text: 'select min(due_micros) from rails.notifications where tenant = $1 and delivered_micros is null',
    values: [tenant],
  })
  return (row?.[0] as Micros | null | undefined) ?? null
}

/** When the acquirer has something to tell next; null where it has nothing. */
export const nextDue = (pool: pg.Pool, tenant: TenantId): Promise<Micros | null> =>
  inTransaction(pool, tenant, loadNext)

/**
 * When the tenant is looked at next, unless something was planned meanwhile: then the row is no longer as it was claimed.
 * A clock may stand still or be let go, so no rest is long.
 */
const rest = (pool: pg.Pool, { tenant, dueMs }: Claimed, hasFailed: boolean): Promise<void> =>
  inTransaction(pool, tenant, async (transaction) => {
    const { run } = transaction
    const { nowMicros } = await readDay(transaction)
    const next = await loadNext(transaction)
    const restMs = next === null ? null : (next - nowMicros) / MICROS_PER_MS
    const bounded = restMs === null ? null : restMs > REST_MOST_MS ? BigInt(REST_MOST_MS) : restMs
    const least = hasFailed ? BigInt(ERROR_PAUSE_MS) : 0n
    await run({
      name: 'due_rest',
      text: `update rails.due set due_ms = coalesce(${NOW_MS} + $3::bigint, $4) where tenant = $1 and due_ms = $2`,
      values: [tenant, dueMs, bounded === null ? null : bounded > least ? bounded : least, NEVER_MS],
    })
  })

/** Looks for tenants to whom something is to be told, and tells it. Several processes share the tenants. */
export const startAcquirerWorker = (
  pool: pg.Pool,
  deliveries: Deliveries,
  { onMessage, onError }: WorkerOptions,
): AcquirerWorker => {
  const stopping = new AbortController()
  deliveries.listen(onMessage, onError)

  const lookAt = async (claimed: Claimed): Promise<void> => {
    try {
      const { failed } = await deliveries.deliverDue(claimed.tenant)
      await rest(pool, claimed, failed > 0)
    } catch (error) {
      onError(error)
    }
  }

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      let pauseMs = POLL_MS
      try {
        for (const claimed of await claim(pool)) {
          if (stopping.signal.aborted) break
          await lookAt(claimed)
        }
      } catch (error) {
        onError(error)
        pauseMs = ERROR_PAUSE_MS
      }
      await pause(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  const running = run()
  return {
    stop: async () => {
      stopping.abort()
      deliveries.listen(null, onError)
      await running
    },
  }
}
