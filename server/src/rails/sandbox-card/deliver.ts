import type { KeyObject } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { type Micros, newUuid, type TenantId, type Uuid, type WallClock } from '../../kit/index.ts'
import type { InboundMessage, Notification } from '../port/index.ts'
import { happen, markDelivered } from './happen.ts'
import { DELIVERIES_AT_ONCE_MOST, LEASE_MS, LEASE_WAIT_MS, LEASE_WAITS_MOST } from './limits.ts'
import type { Planned } from './plan.ts'
import { railOfKey, referenceOfKey } from './sandbox-rails.ts'
import { inTransaction, loadAllKnobs, readDay, type Transaction } from './transaction.ts'
import { decode, signedMessage } from './wire.ts'

/** Takes a message in; at least once, and in order for each payment. What throws is told again. */
export type OnMessage = (message: InboundMessage) => Promise<void>

export type DeliveryOptions = {
  readonly pool: pg.Pool
  readonly clock: WallClock
  readonly secret: KeyObject
}

export type Delivered = { readonly delivered: number; readonly failed: number }

const loadDue = async (
  { tenant, run }: Transaction,
  untilMicros: Micros,
  without: readonly string[],
): Promise<Planned[]> => {
  const rows = await run({
    name: 'notifications_due',
    text: `select id, subject, due_micros, position, body::text from rails.notifications
            where tenant = $1 and delivered_micros is null and due_micros <= $2 and subject <> all($3::text[])
            order by due_micros, position, id limit $4`,
    values: [tenant, untilMicros, without, DELIVERIES_AT_ONCE_MOST],
  })
  return rows.map((row) => ({
    id: row[0] as string,
    subject: row[1] as string,
    dueMicros: row[2] as bigint,
    position: row[3] as number,
    body: decode(row[4] as string) as Planned['body'],
  }))
}

/** What is told: references as we sent them, and not the tables' keys. */
const told = (body: Notification): Notification => {
  switch (body.type) {
    case 'order':
    case 'refund_failed':
      return { ...body, reference: referenceOfKey(body.reference) }
    case 'dispute':
    case 'early_fraud_warning':
      return { ...body, of: referenceOfKey(body.of) }
    case 'authentication':
    case 'settlement':
      return body
  }
}

type Telling = { readonly planned: Planned; readonly notification: Notification; readonly times: number }

/** Lets happen what is due, and gives what of it is to be told. */
const prepare = (
  { pool }: DeliveryOptions,
  tenant: TenantId,
  untilMicros: Micros | null,
  without: readonly string[],
): Promise<{ readonly found: number; readonly tellings: Telling[] }> =>
  inTransaction(pool, tenant, async (transaction) => {
    const day = await readDay(transaction)
    const knobsOf = await loadAllKnobs(transaction)
    const due = await loadDue(transaction, untilMicros ?? day.nowMicros, without)
    const tellings: Telling[] = []
    for (const planned of due) {
      const knobs = knobsOf(railOfKey(planned.subject))
      await happen(transaction, planned, day, knobs)
      const { id, body } = planned
      if (body.type === 'deadline' || body.type === 'settle') continue
      const { twice, ...rest } = body
      const notification = told({ ...rest, id, tenant } as Notification)
      tellings.push({
        planned,
        notification,
        times: twice || knobs.duplicate_notifications ? 2 : 1,
      })
    }
    return { found: due.length, tellings }
  })

const tell = async (
  options: DeliveryOptions,
  tenant: TenantId,
  { planned, notification, times }: Telling,
  onMessage: OnMessage,
): Promise<void> => {
  const teller = { ...options, rail: railOfKey(planned.subject) }
  for (let i = 0; i < times; i++) await onMessage(signedMessage(teller, [notification]))
  await inTransaction(options.pool, tenant, (transaction) =>
    markDelivered(transaction, planned.id, planned.dueMicros),
  )
}

/** One process delivers for a tenant at a time, so that the order holds; false while another one does. */
const takeLease = async (pool: pg.Pool, tenant: TenantId, worker: Uuid): Promise<boolean> =>
  inTransaction(pool, tenant, async ({ run }) => {
    const rows = await run({
      name: 'lease_take',
      text: `insert into rails.acquirers as a (tenant, worker, lease_until_ms)
             values ($1, $2, (extract(epoch from clock_timestamp()) * 1000)::bigint + $3)
             on conflict (tenant) do update set worker = excluded.worker, lease_until_ms = excluded.lease_until_ms
              where a.worker = excluded.worker
                 or a.lease_until_ms < (extract(epoch from clock_timestamp()) * 1000)::bigint
             returning 1`,
      values: [tenant, worker, LEASE_MS],
    })
    return rows.length > 0
  })

const giveLease = (pool: pg.Pool, tenant: TenantId, worker: Uuid): Promise<void> =>
  inTransaction(pool, tenant, async ({ run }) => {
    await run({
      name: 'lease_give',
      text: `update rails.acquirers set lease_until_ms = 0, worker = null where tenant = $1 and worker = $2`,
      values: [tenant, worker],
    })
  })

type Listening = {
  readonly onMessage: OnMessage
  readonly onError: (error: unknown) => void
  /** Whether the listener is there still: a server that stops takes in what it has begun with, and no more. */
  readonly isHeard: () => boolean
}

const deliverLeased = async (
  options: DeliveryOptions,
  tenant: TenantId,
  worker: Uuid,
  untilMicros: Micros | null,
  { onMessage, onError, isHeard }: Listening,
): Promise<Delivered> => {
  const failed = new Set<string>()
  let delivered = 0
  for (;;) {
    const { found, tellings } = await prepare(options, tenant, untilMicros, [...failed])
    for (const telling of tellings) {
      // What comes after something that failed waits for it: those of one payment keep their order.
      if (failed.has(telling.planned.subject)) continue
      if (!isHeard()) return { delivered, failed: failed.size }
      try {
        await tell(options, tenant, telling, onMessage)
        delivered++
      } catch (error) {
        failed.add(telling.planned.subject)
        onError(error)
      }
    }
    if (found === 0) return { delivered, failed: failed.size }
    if (!(await takeLease(options.pool, tenant, worker))) return { delivered, failed: failed.size + 1 }
  }
}

export type Deliveries = {
  /** Delivers all that is due until then, by the tenant's time where no moment is given; waits for who is at it. */
  readonly deliverDue: (tenant: TenantId, untilMicros?: Micros | null) => Promise<Delivered>
  readonly listen: (onMessage: OnMessage | null, onError: (error: unknown) => void) => void
}

const NOTHING: Delivered = { delivered: 0, failed: 0 }

export const createDeliveries = (options: DeliveryOptions): Deliveries => {
  const worker = newUuid(options.clock.now())
  const busy = new Map<TenantId, Promise<unknown>>()
  let handler: OnMessage | null = null
  let report: (error: unknown) => void = () => undefined

  const deliver = async (tenant: TenantId, untilMicros: Micros | null): Promise<Delivered> => {
    const onMessage = handler
    if (onMessage === null) return NOTHING
    const isHeard = (): boolean => handler === onMessage
    for (let waits = 0; !(await takeLease(options.pool, tenant, worker)); waits++) {
      if (waits === LEASE_WAITS_MOST || !isHeard()) return { delivered: 0, failed: 1 }
      await pause(LEASE_WAIT_MS)
    }
    try {
      return await deliverLeased(options, tenant, worker, untilMicros, {
        onMessage,
        onError: report,
        isHeard,
      })
    } finally {
      await giveLease(options.pool, tenant, worker)
    }
  }

  return {
    deliverDue: async (tenant, untilMicros = null) => {
      const before = busy.get(tenant) ?? Promise.resolve()
      const mine = before.catch(() => undefined).then(() => deliver(tenant, untilMicros))
      busy.set(tenant, mine)
      try {
        return await mine
      } finally {
        if (busy.get(tenant) === mine) busy.delete(tenant)
      }
    },
    listen: (onMessage, onError) => {
      handler = onMessage
      report = onError
    },
  }
}
