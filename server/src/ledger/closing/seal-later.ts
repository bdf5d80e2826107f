import { setTimeout as sleep } from 'node:timers/promises'
import type { TimerHandler } from '../../database/index.ts'
import type { TenantId, Uuid } from '../../kit/index.ts'
import type { Door } from '../../requests/index.ts'
import { type Figures, figuresOf } from '../figures/digest.ts'
import type { Ask } from '../figures/read-figures.ts'
import { SEAL_DEADLINE_MS, SEAL_WAIT_MS } from '../limits.ts'
import { findClosing, readClosing } from '../store/closings.ts'
import { type Adding, SEAL_TIMER, sealLaterUnit, setSealTimerUnit } from './units.ts'

/** Each statement by itself: a closed period looks the same at every moment. */
const askOf =
  (door: Pick<Door, 'read'>, tenant: TenantId): Ask =>
  async (statement) => {
    const [rows = []] = await door.read(tenant, [statement])
    return rows
  }

/** What this process adds up already: a period is read once, however often it is asked for. */
const adding = new Map<Uuid, Promise<Figures>>()

const addUp = (door: Door, tenant: TenantId, closing: Adding): Promise<Figures> => {
  const known = adding.get(closing.id)
  if (known !== undefined) return known
  const figures = figuresOf(askOf(door, tenant), tenant, closing).finally(() => adding.delete(closing.id))
  adding.set(closing.id, figures)
  return figures
}

const sealWith = async (
  door: Door,
  tenant: TenantId,
  closing: Adding,
  figures: Promise<Figures>,
): Promise<void> => {
  try {
    const deadlineMs = door.clock.now() + SEAL_DEADLINE_MS
    await door.commit.submit(sealLaterUnit(tenant, { ...closing, figures: await figures }, deadlineMs))
  } catch {
    // The server stops, or the database is away: the closing's timer is still set.
  }
}

/** What a period adds up to, if that is soon known; else it goes on without the caller, and null. */
export const addUpSoon = async (door: Door, tenant: TenantId, closing: Adding): Promise<Figures | null> => {
  const figures = addUp(door, tenant, closing)
  const waiting = new AbortController()
  const late = sleep(SEAL_WAIT_MS, null, { signal: waiting.signal }).catch(() => null)
  const soon = await Promise.race([figures, late]).finally(() => waiting.abort())
  if (soon === null) void sealWith(door, tenant, closing, figures)
  return soon
}

/** Puts the timer off and adds up meanwhile: other timers do not wait for a large period. */
const sealOne = async (
  door: Door,
  { tenant, id, onWork }: { tenant: TenantId; id: Uuid; onWork: (work: Promise<void>) => void },
): Promise<void> => {
  const [raw] = await askOf(door, tenant)(findClosing(tenant, id))
  const closing = raw === undefined ? null : readClosing(raw)
  const isOpen = closing !== null && closing.digest === null && closing.reopenedMicros === null
  const deadlineMs = door.clock.now() + SEAL_DEADLINE_MS
  await door.commit.submit(setSealTimerUnit(tenant, { id, isOpen }, deadlineMs))
  if (isOpen) onWork(sealWith(door, tenant, closing, addUp(door, tenant, closing)))
}

/** Adds up the closings whose requests did not come to their end. `onWork` is told what goes on behind a timer. */
export const closingTimers = (
  door: Door,
  onWork: (work: Promise<void>) => void = () => undefined,
): Readonly<Record<string, TimerHandler>> => ({
  [SEAL_TIMER]: async (tenant, ids) => {
    for (const id of ids) await sealOne(door, { tenant, id, onWork })
  },
})
