import { setTimer, type TimerHandler, type Unit } from '../database/index.ts'
import type { Log } from '../http/index.ts'
import type { TenantId, Uuid } from '../kit/index.ts'
import type { Door } from '../requests/index.ts'
import type { Anchors } from './anchors/anchors.ts'
import { type ChainHead, NO_HEAD } from './core/entry.ts'
import { ANCHOR_DEADLINE_MS, ANCHOR_RETRY_MS } from './limits.ts'
import { ANCHOR_HOURLY, ANCHOR_NOW, ANCHOR_TIMER, declareAudit } from './record.ts'
import { findHead, HEAD, heads, readHead } from './store/tables.ts'

export type AnchoringDoor = Door & {
  readonly anchors: Anchors
  readonly log: Pick<Log, 'error'>
}

const MICROS_PER_MS = 1_000n

type Done = { readonly anchored: ChainHead } | { readonly failed: readonly Uuid[] }

/** Takes the timers back, unless something was recorded since; where the writing failed it is tried again soon. */
const unitOf = (tenant: TenantId, deadlineMs: number, done: Done): Unit<null> => ({
  tenant,
  name: 'audit.anchored',
  items: 1,
  bytes: 0,
  deadlineMs,
  claim: null,
  duringAdvance: true,
  reads: [declareAudit],
  decide: (draft) => {
    const again = BigInt(draft.wallMs + ANCHOR_RETRY_MS) * MICROS_PER_MS
    const isNewest = 'anchored' in done && (draft.get(heads, HEAD) ?? NO_HEAD).hash === done.anchored.hash
    const subjects = 'failed' in done ? done.failed : isNewest ? [ANCHOR_NOW, ANCHOR_HOURLY] : []
    for (const subject of subjects) {
      setTimer(draft, { kind: ANCHOR_TIMER, subject, dueMicros: isNewest ? null : again, clock: 'wall' })
    }
    return { kind: 'answer', answer: null, reply: null }
  },
})

/**
 * What the timer of anchors does: reads the end of the chain, signs it, writes it outside the database. It never throws for
 * want of a disk: what else is due for the tenant goes on.
 */
export const anchorTimers = (door: AnchoringDoor): Readonly<Record<string, TimerHandler>> => ({
  [ANCHOR_TIMER]: async (tenant, subjects) => {
    const [rows] = await door.read(tenant, [findHead(tenant)])
    const head = readHead(rows?.[0])
    let done: Done = { anchored: head }
    try {
      if (head.position > 0) door.anchors.write(tenant, head)
    } catch (error) {
      done = { failed: subjects }
      door.log.error(
        { tenant, position: head.position, error: String(error) },
        'THE AUDIT LOG COULD NOT BE ANCHORED outside the database; it is tried again every few seconds. Look at the disk and the key.',
      )
    }
    await door.commit.submit(unitOf(tenant, door.clock.now() + ANCHOR_DEADLINE_MS, done))
  },
})
