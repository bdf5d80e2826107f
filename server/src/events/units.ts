import type { Claim, Decision, Draft, Unit } from '../database/index.ts'
import { missingReply, refusalReply } from '../http/index.ts'
import type { Reply, TenantId, Uuid } from '../kit/index.ts'
import { showId } from '../kit/index.ts'
import { changeEndpoint, type Endpoint, type EndpointChanges, rollSecret } from './core/endpoint.ts'
import { WEBHOOK_REASONS } from './core/reasons.ts'
import { ENDPOINTS_MOST } from './limits.ts'
import { endpoints } from './store/endpoints.ts'
import { ENDPOINT_PREFIX, showDeletedEndpoint, showEndpoint } from './views.ts'

type Request = {
  readonly tenant: TenantId
  readonly bytes: number
  readonly deadlineMs: number
  readonly claim: Claim | null
}

/** What is stored of an answer that shows a secret; null where it is stored under no key. */
export type SealBody = (body: string) => string | null

const METADATA_KEYS_MOST = 50

const objectReply = (id: Uuid | null, object: unknown): Reply => ({
  status: 200,
  body: JSON.stringify(object),
  objectId: id === null ? null : showId(ENDPOINT_PREFIX, id),
  code: null,
})

const answer = (reply: Reply): Decision<null> => ({ kind: 'answer', answer: null, reply })

const refuse = (code: keyof typeof WEBHOOK_REASONS): Decision<null> => {
  const reason = WEBHOOK_REASONS[code]
  const param = 'param' in reason ? reason.param : undefined
  return answer(
    refusalReply({
      kind: reason.kind,
      code,
      message: reason.message,
      ...(param === undefined ? {} : { param }),
    }),
  )
}

const secretReply = (endpoint: Endpoint, secret: string, seal: SealBody): Reply => {
  const reply = objectReply(endpoint.id, showEndpoint(endpoint, secret))
  const sealed = seal(reply.body)
  return sealed === null ? reply : { ...reply, sealed }
}

export type NewEndpoint = Pick<
  Endpoint,
  'id' | 'url' | 'enabledEvents' | 'description' | 'metadata' | 'apiVersion' | 'livemode' | 'secrets'
>

export type Creating = {
  readonly wanted: NewEndpoint
  readonly secret: string
  readonly seal: SealBody
  /** How many endpoints there are. Two made at once may both see the same number: the limit is no promise to the one. */
  readonly count: number
}

export const createEndpointUnit = (
  request: Request,
  { wanted, secret, seal, count }: Creating,
): Unit<null> => ({
  ...request,
  name: 'events.endpoints.create',
  items: 1,
  reads: [(declare) => declare(endpoints.table, wanted.id)],
  decide: (draft) => {
    if (count >= ENDPOINTS_MOST) return refuse('webhook_endpoints_limit')
    const endpoint: Endpoint = {
      ...wanted,
      createdMicros: draft.nextTime(),
      disabledReason: null,
      disabledMicros: null,
      fromSequence: draft.counters.eventSequence,
      deleted: false,
    }
    draft.put(endpoints.table, endpoint.id, endpoint)
    return answer(secretReply(endpoint, secret, seal))
  },
})

/** A change of an endpoint that is there; who names another one is told so. */
const changing = (
  request: Request,
  { id, shownId, name }: { readonly id: Uuid; readonly shownId: string; readonly name: string },
  change: (draft: Draft, endpoint: Endpoint) => Decision<null>,
): Unit<null> => ({
  ...request,
  name,
  items: 1,
  reads: [(declare) => declare(endpoints.table, id)],
  decide: (draft) => {
    const endpoint = draft.get(endpoints.table, id)
    if (endpoint === undefined || endpoint.deleted) return answer(missingReply('webhook endpoint', shownId))
    return change(draft, endpoint)
  },
})

type Named = { readonly id: Uuid; readonly shownId: string }

export const updateEndpointUnit = (request: Request, named: Named, changes: EndpointChanges): Unit<null> =>
  changing(request, { ...named, name: 'events.endpoints.update' }, (draft, endpoint) => {
    const changed = changeEndpoint(endpoint, changes, draft.nextTime())
    if (Object.keys(changed.metadata).length > METADATA_KEYS_MOST) return refuse('metadata_too_large')
    draft.put(endpoints.table, endpoint.id, changed)
    return answer(objectReply(endpoint.id, showEndpoint(changed)))
  })

export const deleteEndpointUnit = (request: Request, named: Named): Unit<null> =>
  changing(request, { ...named, name: 'events.endpoints.delete' }, (draft, endpoint) => {
    draft.put(endpoints.table, endpoint.id, { ...endpoint, deleted: true, secrets: [] })
    return answer(objectReply(endpoint.id, showDeletedEndpoint(endpoint.id)))
  })

export type Rolling = {
  readonly sealed: string
  readonly secret: string
  readonly overlapMs: number
  readonly seal: SealBody
}

export const rollSecretUnit = (
  request: Request,
  named: Named,
  { sealed, secret, overlapMs, seal }: Rolling,
): Unit<null> =>
  changing(request, { ...named, name: 'events.endpoints.roll_secret' }, (draft, endpoint) => {
    const changed = rollSecret(endpoint, { sealed, nowMs: draft.wallMs, overlapMs })
    draft.put(endpoints.table, endpoint.id, changed)
    return answer(secretReply(changed, secret, seal))
  })
