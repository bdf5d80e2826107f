import { setTimer, type TimerHandler } from '../database/index.ts'
import { newUuid, type TenantId, type Uuid, type WallClock } from '../kit/index.ts'
import type { DisputeTaken, Rail } from '../rails/index.ts'
import { findRecord } from '../requests/index.ts'
import type { Dispute } from './core/model.ts'
import {
  DISPUTE_DESK_TIMER,
  DISPUTE_DUE_TIMER,
  type DisputeApplied,
  type DisputeIds,
} from './dispute-move.ts'
import { dueDisputeUnit, toldDisputeUnit } from './dispute-units.ts'
import { type PaymentsDoor, railNamed } from './door.ts'
import { evidenceText } from './evidence.ts'
import { workRequest } from './refund-units.ts'
import { disputes } from './store/tables.ts'

const RETRY_MS = 5_000
const MICROS_PER_MS = 1_000n

export const disputeIds = (clock: WallClock): DisputeIds => ({
  transaction: newUuid(clock.now()),
  money: newUuid(clock.now()),
  fee: newUuid(clock.now()),
})

/** How a dispute's move is made where no request asked for it. */
export const appliedByItself = (door: PaymentsDoor, rail: Rail): DisputeApplied => ({
  ids: disputeIds(door.clock),
  livemode: rail.isLive,
  request: null,
  fee: door.settings.disputeFee,
})

const tell = async (rail: Rail, tenant: TenantId, row: Dispute): Promise<DisputeTaken> => {
  const { disputes: desk } = rail
  if (desk === undefined) return { kind: 'not_found' }
  const order = { tenant, dispute: row.railDispute }
  try {
    return row.untold === 'evidence'
      ? await desk.submitEvidence({ ...order, text: evidenceText(row.evidence) })
      : await desk.acceptDispute(order)
  } catch (error) {
    return { kind: 'unknown', reason: String(error) }
  }
}

/**
 * Tells the rail what was answered to a dispute, outside every transaction. A rail takes the same answer twice without
 * harm, so one that may have been lost is told again.
 */
export const tellDesk = async (door: PaymentsDoor, tenant: TenantId, id: Uuid): Promise<void> => {
  const row = await findRecord(door, { tenant }, disputes, id)
  if (row !== null && row.untold !== null) {
    const taken = await tell(railNamed(door.rails, row.rail), tenant, row)
    if (taken.kind === 'unknown') {
      await again(door, tenant, id)
      return
    }
  }
  await door.commit.submit(toldDisputeUnit(workRequest(tenant, door.clock.now()), id))
}

const again = (door: PaymentsDoor, tenant: TenantId, id: Uuid): Promise<unknown> =>
  door.commit.submit({
    ...workRequest(tenant, door.clock.now()),
    name: 'payments.disputes.again',
    items: 1,
    duringAdvance: true,
    reads: [],
    decide: (draft) => {
      const dueMicros = BigInt(draft.wallMs + RETRY_MS) * MICROS_PER_MS
      setTimer(draft, { kind: DISPUTE_DESK_TIMER, subject: id, dueMicros, clock: 'wall' })
      return { kind: 'answer', answer: null, reply: null }
    },
  })

const pastDue = async (door: PaymentsDoor, tenant: TenantId, id: Uuid): Promise<void> => {
  const row = await findRecord(door, { tenant }, disputes, id)
  if (row === null) return
  const applied = appliedByItself(door, railNamed(door.rails, row.rail))
  await door.commit.submit(dueDisputeUnit(workRequest(tenant, door.clock.now()), id, applied))
}

export const disputeTimers = (door: PaymentsDoor): Readonly<Record<string, TimerHandler>> => ({
  [DISPUTE_DUE_TIMER]: async (tenant, ids) => {
    for (const id of ids) await pastDue(door, tenant, id)
  },
  [DISPUTE_DESK_TIMER]: async (tenant, ids) => {
    for (const id of ids) await tellDesk(door, tenant, id)
  },
})
