import { actorOf, declareAudit, recordAct } from '../../audit/index.ts'
import type { Draft, Round, Unit } from '../../database/index.ts'
import { type RequestContext, refusalReply } from '../../http/index.ts'
import { type Json, newUuid, type Reply } from '../../kit/index.ts'
import { objectReply, replyUnit } from '../../requests/index.ts'
import { declareTick, wakeController } from '../controller/waking.ts'
import type { LevelName } from '../core/levels/levels.ts'
import { LEVEL_REASONS, type LevelReason } from '../core/levels/reasons.ts'
import { MEASURE_HOURS } from '../limits.ts'
import { type LevelRow, levels } from './store.ts'
import { showSetting } from './views.ts'

export type Wanted = {
  readonly name: LevelName
  readonly targetBp: number
  readonly thresholdMs: number | undefined
  readonly isRouted: boolean | undefined
  readonly reason: string
}

const MICROS_PER_HOUR = 3_600_000_000n

const refuse = (code: LevelReason): Reply => refusalReply({ ...LEVEL_REASONS[code], code })

const outlineOf = (row: LevelRow | null): Json =>
  row === null ? null : { target_bp: row.targetBp, threshold_ms: row.thresholdMs, routed: row.isRouted }

const isDecider = ({ person }: RequestContext): boolean =>
  person?.role === 'business' || person?.role === 'technology'

const settle = (draft: Draft, wanted: Wanted): LevelRow | LevelReason => {
  const before = draft.get(levels.table, wanted.name)
  const thresholdMs = wanted.thresholdMs ?? before?.thresholdMs ?? null
  if (thresholdMs === null && wanted.name !== 'payment_success') return 'service_level_threshold_needed'
  const isRouted = wanted.isRouted ?? before?.isRouted ?? false
  const since = before?.createdMicros ?? draft.now
  const isMeasured = draft.now - since >= BigInt(MEASURE_HOURS) * MICROS_PER_HOUR
  if (isRouted && before?.isRouted !== true && !isMeasured) return 'service_level_unmeasured'
  return {
    id: before?.id ?? newUuid(draft.wallMs),
    createdMicros: before?.createdMicros ?? draft.nextTime(),
    name: wanted.name,
    targetBp: wanted.targetBp,
    thresholdMs: wanted.name === 'payment_success' ? null : thresholdMs,
    isRouted,
  }
}

/** Sets a level, in words for the audit log: who changed which promise, and why. From here on it is counted. */
export const setLevelUnit = (context: RequestContext, wanted: Wanted): Unit<null> => {
  const reads: Round[] = [
    (declare) => {
      declare(levels.table, wanted.name)
      declareTick(declare)
      declareAudit(declare)
    },
  ]
  return replyUnit(context, 'launches.set_service_level', reads, (draft) => {
    if (!isDecider(context)) return refuse('service_level_person_required')
    const before = draft.get(levels.table, wanted.name) ?? null
    const row = settle(draft, wanted)
    if (typeof row === 'string') return refuse(row)
    draft.put(levels.table, row.name, row)
    wakeController(draft)
    const receipt = recordAct(draft, {
      actor: actorOf(context),
      action: 'service_level.set',
      subject: row.name,
      reason: wanted.reason,
      before: outlineOf(before),
      after: outlineOf(row),
    })
    const object = { ...showSetting(row), receipt }
    return objectReply(object)
  })
}
