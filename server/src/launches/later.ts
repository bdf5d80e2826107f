import { PLATFORM } from '../audit/index.ts'
import type { Draft, TimerHandler, Unit } from '../database/index.ts'
import type { TenantId, Uuid, WallClock } from '../kit/index.ts'
import type { Door } from '../requests/index.ts'
import type { Launch } from './core/model.ts'
import { lapsed, waitingFor } from './core/moves.ts'
import { REMIND_EVERY_HOURS, WORK_DEADLINE_MS } from './limits.ts'
import {
  actOnLaunch,
  declareLaunch,
  LAPSE_TIMER,
  putLaunch,
  REMIND_TIMER,
  readLaunch,
  START_DUE_TIMER,
  setTimers,
  tellLaunch,
} from './move.ts'

/* What becomes of a launch by the tenant's clock: reminders, signatures that end, the moment to start. None of it raises. */

const REMIND_EVERY_MICROS = REMIND_EVERY_HOURS * 3_600_000_000

/** Tells again what waits, and how long it has. */
const remind = (draft: Draft, launch: Launch): void => {
  const { waiting } = launch
  if (waiting === null) return
  const reminders = Math.floor((Number(draft.now) - waiting.sinceMicros) / REMIND_EVERY_MICROS)
  if (reminders <= waiting.reminders) return
  const after = { ...launch, waiting: { ...waiting, reminders } }
  putLaunch(draft, launch, after)
  tellLaunch(draft, 'launch.waiting', after)
}

/** A signature has ended: the launch is a draft again. One that has started goes on by the signatures that it started with. */
const lapse = (draft: Draft, launch: Launch): void => {
  const now = Number(draft.now)
  const isOpen = launch.status === 'draft' || launch.status === 'signed' || launch.status === 'armed'
  if (!isOpen || launch.signatures.every(({ expiresMicros }) => expiresMicros > now)) return
  const cause = { actor: PLATFORM('launches.signatures'), reason: 'A signature expired.' }
  actOnLaunch(draft, launch, lapsed(launch, now), cause, { action: 'launch.signature_expired' })
}

/** The moment has come: it waits for the person who starts it, because nothing is raised by itself. */
const startDue = (draft: Draft, launch: Launch): void => {
  const { startAtMicros } = launch
  const now = Number(draft.now)
  if (launch.status !== 'armed' || startAtMicros === null || startAtMicros > now) return
  putLaunch(draft, launch, { ...launch, waiting: waitingFor(launch, 'start', now) })
}

type Work = (draft: Draft, launch: Launch) => void

const unitOf = (
  tenant: TenantId,
  name: string,
  ids: readonly Uuid[],
  deadlineMs: number,
  work: Work,
): Unit<null> => ({
  tenant,
  name,
  items: ids.length,
  bytes: 0,
  deadlineMs,
  claim: null,
  duringAdvance: true,
  reads: [
    (declare) => {
      for (const id of ids) declareLaunch(declare, id)
    },
  ],
  decide: (draft) => {
    for (const id of ids) {
      const launch = readLaunch(draft, id)
      if (launch === null) continue
      work(draft, launch)
      setTimers(draft, readLaunch(draft, id) ?? launch)
    }
    return { kind: 'answer', answer: null, reply: null }
  },
})

const handlerOf =
  (door: Pick<Door, 'commit'> & { readonly clock: WallClock }, name: string, work: Work): TimerHandler =>
  (tenant, ids) =>
    door.commit.submit(unitOf(tenant, name, ids, door.clock.now() + WORK_DEADLINE_MS, work))

/** What is done when a timer of the launch record is due. */
export const recordTimers = (
  door: Pick<Door, 'commit' | 'clock'>,
): Readonly<Record<string, TimerHandler>> => ({
  [REMIND_TIMER]: handlerOf(door, 'launches.remind', remind),
  [LAPSE_TIMER]: handlerOf(door, 'launches.lapse', lapse),
  [START_DUE_TIMER]: handlerOf(door, 'launches.start_due', startDue),
})
