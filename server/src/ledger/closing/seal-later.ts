import type { TimerHandler } from '../../database/index.ts'
import type { TenantId, Uuid } from '../../kit/index.ts'
import type { Door } from '../../requests/index.ts'
import { figuresOf } from '../figures/digest.ts'
import type { Ask } from '../figures/read-figures.ts'
import { SEAL_DEADLINE_MS } from '../limits.ts'
import { findClosing, readClosing } from '../store/closings.ts'
import { forgetSealUnit, SEAL_TIMER, sealLaterUnit } from './units.ts'

/** Each statement by itself: a closed period looks the same at every moment. */
export const askOf =
  (door: Pick<Door, 'read'>, tenant: TenantId): Ask =>
  async (statement) => {
    const [rows = []] = await door.read(tenant, [statement])
    return rows
  }

const sealOne = async (door: Door, tenant: TenantId, id: Uuid): Promise<void> => {
  const ask = askOf(door, tenant)
  const [raw] = await ask(findClosing(tenant, id))
  const closing = raw === undefined ? null : readClosing(raw)
  const isOpen = closing !== null && closing.digest === null && closing.reopenedMicros === null
  const figures = isOpen ? await figuresOf(ask, tenant, closing) : null
  const deadlineMs = door.clock.now() + SEAL_DEADLINE_MS
  await door.commit.submit(
    closing === null || figures === null
      ? forgetSealUnit(tenant, id, deadlineMs)
      : sealLaterUnit(tenant, { ...closing, figures }, deadlineMs),
  )
}

/** Adds up the closings whose requests did not come to their end. */
export const closingTimers = (door: Door): Readonly<Record<string, TimerHandler>> => ({
  [SEAL_TIMER]: async (tenant, ids) => {
    for (const id of ids) await sealOne(door, tenant, id)
  },
})
