import { actorOf, declareAudit, recordAct } from '../audit/index.ts'
import { type Declare, type Draft, emit, type Unit } from '../database/index.ts'
import { type RequestContext, refusalReply } from '../http/index.ts'
import type { Reply } from '../kit/index.ts'
import { replyUnit } from '../requests/index.ts'
import type { RoutingTable, Rule } from './core/model.ts'
import { ROUTING_REASONS, type RoutingReason } from './core/reasons.ts'
import { declareRouting } from './route-for.ts'
import { ROUTING, routingTable } from './store.ts'
import { type Around, contentOf, showRouting } from './views.ts'

export type Change = {
  readonly rules: readonly Rule[]
  /** The version that the caller has read; null where he does not care. */
  readonly ifVersion: number | null
  /** For the audit log, in the words of whoever changes it. */
  readonly reason: string | null
  readonly around: Around
}

export const refusal = (
  code: RoutingReason,
  message: string = ROUTING_REASONS[code].message,
  param: string = ROUTING_REASONS[code].param,
): Reply => refusalReply({ kind: ROUTING_REASONS[code].kind, code, message, param })

export const routingReply = (object: object): Reply => ({
  status: 200,
  body: JSON.stringify(object),
  objectId: ROUTING,
  code: null,
})

const tell = (draft: Draft, context: RequestContext, object: Readonly<Record<string, unknown>>): void => {
  emit(draft, {
    type: 'routing.updated',
    data: { object },
    requestId: context.requestId,
    idempotencyKey: context.claim?.key ?? null,
  })
}

const declare = (wanted: Declare): void => {
  declareRouting(wanted)
  declareAudit(wanted)
}

/** Replaces the whole table. Each attempt that is committed afterwards goes by the new one, in every process. */
export const replaceUnit = (
  context: RequestContext,
  { rules, ifVersion, reason, around }: Change,
): Unit<null> =>
  replyUnit(context, 'routing.replace', [declare], (draft) => {
    const before = draft.get(routingTable, ROUTING) ?? null
    const version = before?.version ?? 0
    if (ifVersion !== null && ifVersion !== version)
      return refusal(
        'routing_version_stale',
        `The rules stand at version ${version}, not ${ifVersion}: somebody changed them meanwhile. Read them again, and change those.`,
      )
    const after: RoutingTable = { version: version + 1, updatedMicros: draft.nextTime(), rules }
    draft.put(routingTable, ROUTING, after)
    const shown = showRouting(after, around)
    const receipt = recordAct(draft, {
      actor: actorOf(context),
      action: 'routing.updated',
      subject: ROUTING,
      reason,
      before: contentOf(before),
      after: contentOf(after),
    })
    tell(draft, context, shown)
    return routingReply({ ...shown, receipt })
  })
