import { type Declare, type Draft, setTimer } from '../database/index.ts'
import { newUuid, type Uuid } from '../kit/index.ts'
import { chain, NO_HEAD } from './core/entry.ts'
import type { Act, Receipt } from './core/model.ts'
import { ANCHOR_EVERY_MS } from './limits.ts'
import { entries, HEAD, heads } from './store/tables.ts'

/** Signs the head of the log and writes it outside the database. Two timers: one by the hour, one for acts that cannot wait. */
export const ANCHOR_TIMER = 'audit.anchor'
export const ANCHOR_NOW = '00000000-0000-0000-0000-000000000001' as Uuid
export const ANCHOR_HOURLY = '00000000-0000-0000-0000-000000000002' as Uuid

const MICROS_PER_MS = 1_000n

/** In the first round of every unit that records an act. */
export const declareAudit = (declare: Declare): void => declare(heads, HEAD)

export type RecordOptions = {
  /** Its head is signed and written outside the database within a second: signatures, changes of stage, stops. */
  readonly anchor?: boolean
}

/** Records an act in the unit's own commit. Whoever acted keeps the receipt. */
export const recordAct = (draft: Draft, act: Act, { anchor = false }: RecordOptions = {}): Receipt => {
  const head = draft.get(heads, HEAD) ?? NO_HEAD
  const { wallMs } = draft
  const made = { id: newUuid(wallMs), recordedMs: wallMs, createdMicros: draft.nextTime() }
  const row = chain(head, act, made)
  const { position, hash } = row.entry
  draft.append(entries, row)
  draft.put(heads, HEAD, { position, hash })
  const hour = BigInt(Math.floor(wallMs / ANCHOR_EVERY_MS) + 1) * BigInt(ANCHOR_EVERY_MS)
  setTimer(draft, {
    kind: ANCHOR_TIMER,
    subject: anchor ? ANCHOR_NOW : ANCHOR_HOURLY,
    dueMicros: (anchor ? BigInt(wallMs) : hour) * MICROS_PER_MS,
    clock: 'wall',
  })
  return { position, hash }
}

/** The receipt of the newest act, in the unit that has just recorded it. */
export const lastReceipt = (draft: Draft): Receipt | null => draft.get(heads, HEAD) ?? null
