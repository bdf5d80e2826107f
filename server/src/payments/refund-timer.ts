import type { TimerHandler } from '../database/index.ts'
import { newUuid, type TenantId, type Uuid, type WallClock } from '../kit/index.ts'
import { findRecord } from '../requests/index.ts'
import { type PaymentsDoor, railNamed } from './door.ts'
import { HEALED_AT_ONCE_MOST } from './limits.ts'
import { type MoveIds, REFUND_TIMER } from './refund-move.ts'
import { askForRefund } from './refund-outside.ts'
import { stepOf, tellRefundUnit, workRequest } from './refund-units.ts'
import { refunds } from './store/tables.ts'

export const moveIds = (clock: WallClock): MoveIds => ({
  posting: newUuid(clock.now()),
  transaction: newUuid(clock.now()),
})

/** Asks the rail what became of a refund, and makes it so. One that is known already only loses its timer. */
const heal = async (door: PaymentsDoor, tenant: TenantId, id: Uuid): Promise<void> => {
  const refund = await findRecord(door, { tenant }, refunds, id)
  const isOpen = refund !== null && refund.progress !== 'done'
  const told = isOpen
    ? await askForRefund(door, tenant, stepOf(refund), true)
    : ({ kind: 'unknown' } as const)
  await door.commit.submit(
    tellRefundUnit(workRequest(tenant, door.clock.now()), {
      refund: id,
      told,
      applied: {
        ids: moveIds(door.clock),
        livemode: refund !== null && railNamed(door.rails, refund.rail).isLive,
      },
      isAnswer: false,
    }),
  )
}

export const refundTimers = (door: PaymentsDoor): Readonly<Record<string, TimerHandler>> => ({
  [REFUND_TIMER]: async (tenant, ids) => {
    for (let from = 0; from < ids.length; from += HEALED_AT_ONCE_MOST) {
      await Promise.all(ids.slice(from, from + HEALED_AT_ONCE_MOST).map((id) => heal(door, tenant, id)))
    }
  },
})
