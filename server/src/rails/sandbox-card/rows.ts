import type { Statement, TenantDay } from '../../database/index.ts'
import type { Micros, TenantId } from '../../kit/index.ts'
import type { Authorised } from '../port/index.ts'
import type { Planned, PlannedDispute } from './plan.ts'
import { keyOf, railOfKey, type SandboxRail, settlementsOf } from './sandbox-rails.ts'
import { encode } from './wire.ts'

/** What a rail's settlements are told under: they come in their order. */
export const SETTLEMENTS = 'settlements'

/** An order as it is written; references are the tables' keys. */
export type OrderRow = {
  readonly reference: string
  readonly kind: 'authorise' | 'capture' | 'void' | 'refund' | 'pay_out'
  readonly of: string | null
  readonly token: string | null
  readonly amount: bigint
  readonly currency: string
  readonly isCaptured: boolean
  readonly status: 'succeeded' | 'declined' | 'pending' | 'requires_action' | 'lost'
  readonly outcome: Authorised
  readonly settleDay: number | null
}

/**
 * All orders of a batch in one statement. An order whose reference is there already is not done again, with two
 * exceptions: one that was lost on its way, and one that waited for the customer's authentication and now has it.
 * What was done is returned; and for the days on which money moved there will be a settlement.
 */
export const writeOrders = (
  tenant: TenantId,
  rail: SandboxRail,
  day: TenantDay,
  rows: readonly OrderRow[],
): Statement => ({
  name: 'orders_write',
  text: `with done as (
           insert into rails.orders as o (tenant, reference, kind, "of", token, amount, currency, is_captured, status,
                                          outcome, settle_day, created_micros, rail)
           select $1, n.reference, n.kind, n.authorisation, n.token, n.amount, n.currency, n.is_captured, n.status,
                  n.outcome::jsonb, n.settle_day, $2, $14
             from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::boolean[],
                         $10::text[], $11::text[], $12::integer[])
               as n (reference, kind, authorisation, token, amount, currency, is_captured, status, outcome, settle_day)
           on conflict (tenant, reference) do update
              set status = excluded.status, outcome = excluded.outcome, settle_day = excluded.settle_day,
                  created_micros = excluded.created_micros
            where o.kind = excluded.kind and not excluded.outcome ? 'beforeIssuer'
              and (o.status = 'lost' or (o.status = 'requires_action' and excluded.status <> 'requires_action'))
           returning o.reference, o.currency, o.settle_day
         ), settled as (
           insert into rails.notifications (tenant, id, subject, due_micros, position, kind, body, rail)
           select distinct $1::integer, $15 || '_' || settle_day || '_' || lower(currency), $16, $13::bigint, 0,
                  'settle', jsonb_build_object('type', 'settle', 'day', settle_day, 'currency', currency), $14
             from done where settle_day is not null
           on conflict do nothing returning 1
         ), due as (
           insert into rails.due as d (tenant, due_ms) select $1, 0 from settled limit 1
           on conflict (tenant) do update set due_ms = 0
         )
         select reference from done`,
  values: [
    tenant,
    day.nowMicros,
    rows.map((row) => row.reference),
    rows.map((row) => row.kind),
    rows.map((row) => row.of),
    rows.map((row) => row.token),
    rows.map((row) => row.amount),
    rows.map((row) => row.currency),
    rows.map((row) => row.isCaptured),
    rows.map((row) => row.status),
    rows.map((row) => JSON.stringify(row.outcome)),
    rows.map((row) => row.settleDay),
    day.midnightMicros,
    rail,
    settlementsOf(rail),
    keyOf(rail, SETTLEMENTS),
  ],
})

/** Whoever has something to be told is looked at by the next look of a worker, which then knows when. */
const DUE = `insert into rails.due as d (tenant, due_ms) select $1, 0 from written limit 1
             on conflict (tenant) do update set due_ms = 0`

export const writeNotifications = (tenant: TenantId, rows: readonly Planned[]): Statement => ({
  name: 'notifications_write',
  text: `with written as (
           insert into rails.notifications (tenant, id, subject, due_micros, position, kind, body, rail)
           select $1, n.id, n.subject, n.due_micros, n.position, n.kind, n.body::jsonb, n.rail
             from unnest($2::text[], $3::text[], $4::bigint[], $5::integer[], $6::text[], $7::text[], $8::text[])
               as n (id, subject, due_micros, position, kind, body, rail)
           on conflict do nothing returning 1
         ) ${DUE}`,
  values: [
    tenant,
    rows.map((row) => row.id),
    rows.map((row) => row.subject),
    rows.map((row) => row.dueMicros),
    rows.map((row) => row.position),
    rows.map((row) => row.body.type),
    rows.map((row) => encode(row.body)),
    rows.map((row) => railOfKey(row.subject)),
  ],
})

export const writeDisputes = (tenant: TenantId, rows: readonly PlannedDispute[]): Statement => ({
  name: 'disputes_write',
  text: `insert into rails.disputes (tenant, id, "of", amount, currency, reason, state, evidence_due_micros, rail)
         select $1, n.id, n.authorisation, n.amount, n.currency, n.reason, 'planned', n.evidence_due_micros, n.rail
           from unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::text[])
             as n (id, authorisation, amount, currency, reason, evidence_due_micros, rail)
         on conflict do nothing`,
  values: [
    tenant,
    rows.map((row) => row.id),
    rows.map((row) => row.of),
    rows.map((row) => row.amount),
    rows.map((row) => row.currency),
    rows.map((row) => row.reason),
    rows.map((row) => row.evidenceDueMicros),
    rows.map((row) => railOfKey(row.of)),
  ],
})

/** A customer who must authenticate. */
export type AuthenticationRow = {
  readonly id: string
  readonly reference: string
  readonly token: string
  readonly amount: bigint
  readonly currency: string
}

export const writeAuthentications = (
  tenant: TenantId,
  nowMicros: Micros,
  rows: readonly AuthenticationRow[],
): Statement => ({
  name: 'authentications_write',
  text: `insert into rails.authentications (tenant, id, reference, token, amount, currency, status, created_micros)
         select $1, n.id, n.reference, n.token, n.amount, n.currency, 'open', $2
           from unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[])
             as n (id, reference, token, amount, currency)
         on conflict do nothing`,
  values: [
    tenant,
    nowMicros,
    rows.map((row) => row.id),
    rows.map((row) => row.reference),
    rows.map((row) => row.token),
    rows.map((row) => row.amount),
    rows.map((row) => row.currency),
  ],
})
