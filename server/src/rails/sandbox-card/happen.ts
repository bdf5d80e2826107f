import type { Statement, TenantDay } from '../../database/index.ts'
import type { TenantId } from '../../kit/index.ts'
import type { Notification } from '../port/index.ts'
import { applyCase, passDeadline } from './disputes.ts'
import type { Knobs } from './knobs.ts'
import type { Planned } from './plan.ts'
import { SETTLEMENTS, writeNotifications } from './rows.ts'
import { keyOf, railOfKey, type SandboxRail, settlementsOf } from './sandbox-rails.ts'
import { planSettlements } from './settlement.ts'
import type { Transaction } from './transaction.ts'

/** Money moved outside a batch of orders: its day is settled as well. */
const planDay = (
  tenant: TenantId,
  rail: SandboxRail,
  { day, midnightMicros }: TenantDay,
  currency: string,
): Statement =>
  writeNotifications(tenant, [
    {
      id: `${settlementsOf(rail)}_${day}_${currency.toLowerCase()}`,
      subject: keyOf(rail, SETTLEMENTS),
      dueMicros: midnightMicros,
      position: 0,
      body: { type: 'settle', day, currency },
    },
  ])

type Ordered = Extract<Notification, { readonly type: 'order' }>

const finishOrder = async (
  { tenant, run }: Transaction,
  { reference, outcome }: Pick<Ordered, 'reference' | 'outcome'>,
  day: TenantDay,
): Promise<void> => {
  const rows = await run({
    name: 'order_finish',
    text: `update rails.orders
              set status = $3, outcome = $4::jsonb,
                  settle_day = case when $3 = 'succeeded' and (kind = 'refund' or is_captured) then $5::integer end
            where tenant = $1 and reference = $2 and status = 'pending' returning currency, settle_day`,
    values: [tenant, reference, outcome.kind, JSON.stringify(outcome), day.day],
  })
  const [row] = rows
  if (row !== undefined && row[1] !== null)
    await run(planDay(tenant, railOfKey(reference), day, row[0] as string))
}

const failRefund = async ({ tenant, run }: Transaction, reference: string): Promise<void> => {
  await run({
    name: 'refund_fail',
    text: `update rails.orders set status = 'failed' where tenant = $1 and reference = $2 and kind = 'refund'`,
    values: [tenant, reference],
  })
}

export const markDelivered = async (
  { tenant, run }: Transaction,
  id: string,
  nowMicros: bigint,
): Promise<void> => {
  await run({
    name: 'notification_delivered',
    text: `update rails.notifications set delivered_micros = $3
            where tenant = $1 and id = $2 and delivered_micros is null`,
    values: [tenant, id, nowMicros],
  })
}

/**
 * What falls due happens at the acquirer first, and then it is told. Doing it twice changes nothing more. The acquirer's
 * own alarms are told to nobody: they plan what is told, and are done with.
 */
export const happen = async (
  transaction: Transaction,
  { id, subject, body, dueMicros }: Planned,
  day: TenantDay,
  knobs: Knobs,
): Promise<void> => {
  const { tenant, run } = transaction
  switch (body.type) {
    case 'order':
      await finishOrder(transaction, body, day)
      return
    case 'refund_failed':
      await failRefund(transaction, body.reference)
      return
    case 'dispute': {
      const moves = await applyCase(transaction, body, day.day)
      if (moves) await run(planDay(tenant, railOfKey(subject), day, body.currency))
      return
    }
    case 'deadline':
      await passDeadline(transaction, body.dispute, dueMicros, day.nowMicros)
      await markDelivered(transaction, id, day.nowMicros)
      return
    case 'settle': {
      const asked = { ...body, rail: railOfKey(subject), dueMicros }
      const planned = await planSettlements(transaction, asked, knobs)
      if (planned.length > 0) await run(writeNotifications(tenant, planned))
      await markDelivered(transaction, id, day.nowMicros)
      return
    }
    case 'authentication':
    case 'early_fraud_warning':
    case 'settlement':
      return
  }
}
