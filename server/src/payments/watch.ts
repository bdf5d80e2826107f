import { ofOne, type RawRow, type Statement } from '../database/index.ts'
import { type Micros, showId, type TenantId, type Uuid } from '../kit/index.ts'
import { findPostings, readTransfer } from '../ledger/index.ts'
import {
  type Broken,
  brokenOf,
  type Invariant,
  settledWrong,
  summed,
  type WatchedCharge,
  type WatchedSettlement,
} from './core/watch.ts'
import type { PaymentsDoor } from './door.ts'
import { ACTION_IN_FLIGHT_MS, WATCHED_MOST } from './limits.ts'
import { CHARGE_PREFIX } from './views.ts'

/** What is wrong with the money of a launch: how often, and one example of it. */
export type InvariantFinding = {
  readonly metric: Invariant
  readonly count: number
  readonly example: string
  readonly text: string
}

const [BEGINNING, END] = ['-1', '9223372036854775807']

const span = { above: BEGINNING, below: END }
const SAME_PAYMENT = ofOne({ column: 'd.intent', time: 'd.created_micros' }, 'c.intent', span)
const SAME_SOURCE = ofOne(
  { column: 'b.source', time: 'b.created_micros' },
  `'${CHARGE_PREFIX}_' || replace(c.id::text, '-', '')`,
  span,
)

/** The newest exposed charges, by the index that has no others in it, each with what stands beside it. */
const chargesOf = (tenant: TenantId, launch: Uuid, sinceMicros: Micros): Statement => ({
  name: 'payments_watch_charges',
  text: `
    with newest as (
      select c.id, c.intent, c.body from payments.charges c
       where c.tenant = $1 and ${ofOne({ column: 'c.exposed_by', time: 'c.created_micros' }, '$2', { above: '$3', below: END })}
         and c.status = 'succeeded'
       order by c.exposed_by desc, c.created_micros desc limit $4
    )
    select c.id::text, (c.body->>'amount')::bigint, (c.body->>'amountCaptured')::bigint, c.body->>'hold',
           c.body->>'balanceTransaction', i.canceled, others.count, takings.count, takings.amount
      from newest c
     cross join lateral (select i.status = 'canceled' as canceled from payments.intents i
                          where i.tenant = $1 and i.id = c.intent offset 0) i
     cross join lateral (select count(*)::integer as count from payments.charges d
                          where d.tenant = $1 and ${SAME_PAYMENT} and d.id <> c.id and d.status = 'succeeded') others
     cross join lateral (select count(*)::integer as count, coalesce(sum((b.body->>'amount')::bigint), 0)::bigint as amount
                           from payments.balance_transactions b
                          where b.tenant = $1 and ${SAME_SOURCE} and b.type = 'charge') takings`,
  values: [tenant, launch, sinceMicros - 1n, WATCHED_MOST],
})

type Unposted = Omit<WatchedCharge, 'posted'>

const readCharge = (raw: RawRow): Unposted => {
  const [id, amount, captured, hold, transaction, isCanceled, others, takings, taken] = raw
  return {
    id: id as Uuid,
    amount: amount as bigint,
    captured: captured as bigint,
    hold: hold as Uuid | null,
    transaction: transaction as Uuid | null,
    isCanceled: isCanceled as boolean,
    others: others as number,
    takings: takings as number,
    taken: taken as bigint,
  }
}

/** Captures that were settled otherwise than expected; the index has no others. Their references are their attempts. */
const settlementsOf = (tenant: TenantId, launch: Uuid, sinceMicros: Micros): Statement => ({
  name: 'payments_watch_settlements',
  text: `
    select a.body->>'charge', (k.body->>'lines')::integer, (k.body->>'paid')::bigint, (c.body->>'amountCaptured')::bigint
      from payments.clearings k
     cross join lateral (select * from payments.attempts a
                          where a.tenant = $1 and a.id = split_part(k.body->>'order', ' ', 2)::uuid offset 0) a
     cross join lateral (select * from payments.charges c
                          where c.tenant = $1 and c.id = (a.body->>'charge')::uuid offset 0) c
     where k.tenant = $1 and k.off_by = $2 and a.created_micros >= $3
     order by k.created_micros desc limit $4`,
  values: [tenant, launch, sinceMicros, WATCHED_MOST],
})

const readSettlement = ([charge, lines, paid, captured]: RawRow): WatchedSettlement => ({
  charge: charge as Uuid,
  lines: lines as number,
  paid: paid as bigint,
  captured: captured as bigint,
})

/** Orders that nobody knows the end of; a customer who has to authenticate may take his time. */
const stuckOf = (tenant: TenantId, launch: Uuid, sinceMicros: Micros, beforeMs: number): Statement => ({
  name: 'payments_watch_stuck',
  text: `
    select a.body->>'charge', a.body->>'order', a.state from payments.attempts a
     where a.tenant = $1 and a.in_flight = $2 and a.created_micros >= $3 and a.state <> 'requires_action'
       and (a.body->>'sentMs')::numeric < $4::bigint
     order by a.created_micros limit $5`,
  values: [tenant, launch, sinceMicros, BigInt(Math.floor(beforeMs)), WATCHED_MOST],
})

const readStuck = ([charge, order, state]: RawRow): Broken => ({
  metric: 'money_stuck',
  charge: charge as Uuid,
  text: `its ${order as string} is ${state as string} for longer than its rail may take`,
})

const postedBy = async (
  door: Pick<PaymentsDoor, 'read'>,
  tenant: TenantId,
  charges: readonly Unposted[],
): Promise<readonly WatchedCharge[]> => {
  const idOf = ({ transaction, hold }: Unposted): Uuid | null => transaction ?? hold
  const ids = charges.map(idOf).filter((id) => id !== null)
  if (ids.length === 0) return charges.map((charge) => ({ ...charge, posted: null }))
  const [rows = []] = await door.read(tenant, [findPostings(tenant, ids)])
  const amounts = new Map(rows.map(readTransfer).map(({ id, amount }) => [id, amount]))
  return charges.map((charge) => ({ ...charge, posted: amounts.get(idOf(charge)) ?? null }))
}

/**
 * The invariants of the money that goes a launch's way: one finding for each that does not hold. Everything is looked up in
 * indexes that hold only what was exposed, and only so much of it, so it costs the same however long the launch has run:
 * the newest charges, the orders that are open, and what was settled wrong.
 */
export const watchMoney =
  (door: Pick<PaymentsDoor, 'read' | 'clock'>) =>
  async (
    tenant: TenantId,
    launch: Uuid,
    sinceMicros: Micros,
    stuckAfterMs: number,
  ): Promise<readonly InvariantFinding[]> => {
    const [charges = [], settlements = [], stuck = []] = await door.read(tenant, [
      chargesOf(tenant, launch, sinceMicros),
      settlementsOf(tenant, launch, sinceMicros),
      stuckOf(tenant, launch, sinceMicros, door.clock.now() - stuckAfterMs),
    ])
    const watched = await postedBy(door, tenant, charges.map(readCharge))
    const broken = [
      ...watched.flatMap(brokenOf),
      ...settlements.map(readSettlement).flatMap(settledWrong),
      ...stuck.map(readStuck),
    ]
    return summed(broken).map(({ metric, count, charge, text }) => {
      const example = showId(CHARGE_PREFIX, charge)
      return { metric, count, example, text: `${example}: ${text}` }
    })
  }

/**
 * Attempts, captures and cancellations that went the launched way and have not come to an end. Whoever was to authenticate
 * and has not for a day will hardly come back, and is not waited for; should he, his payment finishes where it began.
 */
export const countInFlight =
  (door: Pick<PaymentsDoor, 'read' | 'clock'>) =>
  async (tenant: TenantId, launch: Uuid): Promise<number> => {
    const [rows = []] = await door.read(tenant, [
      {
        name: 'payments_in_flight',
        text: `select count(*)::integer from payments.attempts a
                where a.tenant = $1 and a.in_flight = $2
                  and (a.state <> 'requires_action' or (a.body->>'sentMs')::numeric > $3::bigint)`,
        values: [tenant, launch, BigInt(Math.floor(door.clock.now() - ACTION_IN_FLIGHT_MS))],
      },
    ])
    return rows[0]?.[0] as number
  }
