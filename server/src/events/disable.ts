import type { Unit } from '../database/index.ts'
import type { TenantId, Uuid } from '../kit/index.ts'
import { type DisabledReason, disableEndpoint } from './core/endpoint.ts'
import { endpoints } from './store/endpoints.ts'

type Disabling = {
  readonly tenant: TenantId
  readonly id: Uuid
  readonly reason: DisabledReason
  readonly deadlineMs: number
}

/** Nothing more is sent to it; answers whether it was enabled until now. */
export const disableUnit = ({ tenant, id, reason, deadlineMs }: Disabling): Unit<boolean> => ({
  tenant,
  name: 'events.endpoints.disable',
  items: 1,
  bytes: 0,
  deadlineMs,
  claim: null,
  duringAdvance: true,
  reads: [(declare) => declare(endpoints.table, id)],
  decide: (draft) => {
    const endpoint = draft.get(endpoints.table, id)
    const wasEnabled = endpoint !== undefined && !endpoint.deleted && endpoint.disabledReason === null
    if (wasEnabled) draft.put(endpoints.table, id, disableEndpoint(endpoint, reason, draft.nextTime()))
    return { kind: 'answer', answer: wasEnabled, reply: null }
  },
})
