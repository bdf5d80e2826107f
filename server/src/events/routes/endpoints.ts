import {
  defineRoute,
  listObject,
  listQuery,
  missingReply,
  type RequestContext,
  type Route,
  readPage,
  refusalReply,
} from '../../http/index.ts'
import { newUuid, parseId, type Reply, type Uuid } from '../../kit/index.ts'
import { livemodeOf, readable, submitForReply, Unreadable, unitRequest } from '../../requests/index.ts'
import { changeMetadata, type EndpointChanges } from '../core/endpoint.ts'
import { EVERY_TYPE, isEventType } from '../core/event-types.ts'
import { WEBHOOK_REASONS } from '../core/reasons.ts'
import { problemOfUrl } from '../deliver/endpoint-url.ts'
import { newSecret } from '../deliver/sign.ts'
import { ENDPOINTS_MOST } from '../limits.ts'
import { openAnswer, sealAnswer, sealSecret } from '../secrets.ts'
import { endpoints } from '../store/endpoints.ts'
import {
  createEndpointUnit,
  deleteEndpointUnit,
  rollSecretUnit,
  type SealBody,
  updateEndpointUnit,
} from '../units.ts'
import { ENDPOINT_PREFIX, showEndpoint } from '../views.ts'
import { type EventsDoor, findEndpoint, isEndpoint, listEndpoints } from './door.ts'
import {
  createParameters,
  deletedEndpoint,
  endpointList,
  endpointObject,
  idParameter,
  rollParameters,
  updateParameters,
} from './schemas.ts'

const PATH = '/v1/webhook_endpoints'
const ERRORS = WEBHOOK_REASONS

const checkUrl = (door: EventsDoor, context: RequestContext, url: string): void => {
  const problem = problemOfUrl(url, door.reachable, livemodeOf(context))
  if (problem !== null) throw new Unreadable(problem, 'url', WEBHOOK_REASONS[problem].message)
}

const checkTypes = (types: readonly string[]): readonly string[] => {
  const unique = [...new Set(types)]
  if (unique.length === 1 && unique[0] === EVERY_TYPE) return unique
  for (const [index, type] of types.entries()) {
    if (isEventType(type)) continue
    const why =
      type === EVERY_TYPE
        ? 'the asterisk stands alone, for all types'
        : 'there is no such type of event; an asterisk stands for all types'
    throw new Unreadable('event_type_unknown', `enabled_events[${index}]`, `Invalid enabled_events: ${why}.`)
  }
  return unique
}

/** Only what is stored under a key is sealed: nothing else keeps the answer. */
const sealerOf = async (door: EventsDoor, context: RequestContext) => {
  const key = await door.vault.dataKey(context.tenant)
  const { claim, tenant } = context
  const seal: SealBody = (body) => (claim === null ? null : sealAnswer(key, tenant, claim.key, body))
  const open = (sealed: string): Promise<string> => openAnswer(door.vault, tenant, claim?.key ?? '', sealed)
  return { key, seal, open }
}

/** The endpoint as it is now, for a key whose stored answer is kept no longer; its secret is shown no more. */
const again =
  (door: EventsDoor, context: RequestContext) =>
  async (shownId: string): Promise<Reply | null> => {
    const found = await findEndpoint(door, context, shownId)
    if (!isEndpoint(found)) return found
    return { status: 200, body: JSON.stringify(showEndpoint(found)), objectId: shownId, code: null }
  }

const createRoute = (door: EventsDoor): Route =>
  defineRoute({
    method: 'POST',
    path: PATH,
    operation: 'createWebhookEndpoint',
    summary: 'Make a webhook endpoint',
    description:
      'From the next event on, what it wants is posted to its URL. The answer shows the secret that signs, this one time.',
    permission: 'webhooks.write',
    idempotency: 'stored',
    body: createParameters,
    answer: endpointObject,
    errors: ERRORS,
    examples: { body: { url: 'https://example.com/webhooks', enabled_events: ['payment_intent.succeeded'] } },
    handle: (context, { body }) =>
      readable(async () => {
        checkUrl(door, context, body.url)
        const enabledEvents = checkTypes(body.enabled_events)
        const { tenant } = context
        const first = { limit: ENDPOINTS_MOST, cursor: null, direction: 'forward' as const }
        const [rows = []] = await door.read(tenant, [listEndpoints(tenant, first)])
        const { key, seal, open } = await sealerOf(door, context)
        const id = newUuid(door.clock.now())
        const secret = newSecret()
        const wanted = {
          id,
          url: body.url,
          enabledEvents,
          description: body.description === undefined || body.description === '' ? null : body.description,
          metadata: changeMetadata({}, body.metadata),
          apiVersion: body.api_version ?? null,
          livemode: livemodeOf(context),
          secrets: [{ sealed: sealSecret(key, tenant, id, secret), expiresMs: null }],
        }
        const unit = createEndpointUnit(unitRequest(context), { wanted, secret, seal, count: rows.length })
        return submitForReply(door, context, unit, again(door, context), open)
      }),
  })

const readShownId = (shownId: string): Uuid | Reply =>
  parseId(ENDPOINT_PREFIX, shownId) ?? missingReply('webhook endpoint', shownId)

const updateRoute = (door: EventsDoor): Route =>
  defineRoute({
    method: 'POST',
    path: `${PATH}/:id`,
    operation: 'updateWebhookEndpoint',
    summary: 'Change a webhook endpoint',
    description: 'What is not named stays. One that was disabled takes up with the events from then on.',
    permission: 'webhooks.write',
    idempotency: 'stored',
    params: idParameter,
    body: updateParameters,
    answer: endpointObject,
    errors: ERRORS,
    handle: (context, { params, body }) =>
      readable(() => {
        const id = readShownId(params.id)
        if (typeof id !== 'string') return id
        if (body.url !== undefined) checkUrl(door, context, body.url)
        const { url, description, metadata, disabled } = body
        const changes: EndpointChanges = {
          ...(url === undefined ? {} : { url }),
          ...(body.enabled_events === undefined ? {} : { enabledEvents: checkTypes(body.enabled_events) }),
          ...(description === undefined ? {} : { description: description === '' ? null : description }),
          ...(metadata === undefined ? {} : { metadata }),
          ...(disabled === undefined ? {} : { disabled }),
        }
        const unit = updateEndpointUnit(unitRequest(context), { id, shownId: params.id }, changes)
        return submitForReply(door, context, unit, again(door, context))
      }),
  })

const rollRoute = (door: EventsDoor): Route =>
  defineRoute({
    method: 'POST',
    path: `${PATH}/:id/roll_secret`,
    operation: 'rollWebhookEndpointSecret',
    summary: 'Give a webhook endpoint a new secret',
    description:
      'The old one signs beside it for a while, so that no delivery fails while the receiver is changed. The answer shows the new one, this one time. Not one of Stripe’s operations.',
    permission: 'webhooks.write',
    idempotency: 'stored',
    params: idParameter,
    body: rollParameters,
    answer: endpointObject,
    errors: ERRORS,
    handle: (context, { params, body }) =>
      readable(async () => {
        const id = readShownId(params.id)
        if (typeof id !== 'string') return id
        const { key, seal, open } = await sealerOf(door, context)
        const secret = newSecret()
        const sealed = sealSecret(key, context.tenant, id, secret)
        const overlapMs = (body.expires_in ?? 86_400) * 1_000
        const rolling = { sealed, secret, overlapMs, seal }
        const unit = rollSecretUnit(unitRequest(context), { id, shownId: params.id }, rolling)
        return submitForReply(door, context, unit, again(door, context), open)
      }),
  })

const deleteRoute = (door: EventsDoor): Route =>
  defineRoute({
    method: 'DELETE',
    path: `${PATH}/:id`,
    operation: 'deleteWebhookEndpoint',
    summary: 'Delete a webhook endpoint',
    description: 'What waits for it is not sent any more.',
    permission: 'webhooks.write',
    idempotency: 'stored',
    params: idParameter,
    answer: deletedEndpoint,
    errors: {},
    handle: (context, { params }) => {
      const id = readShownId(params.id)
      if (typeof id !== 'string') return id
      const unit = deleteEndpointUnit(unitRequest(context), { id, shownId: params.id })
      return submitForReply(door, context, unit, async () => null)
    },
  })

const retrieveRoute = (door: EventsDoor): Route =>
  defineRoute({
    method: 'GET',
    path: `${PATH}/:id`,
    operation: 'retrieveWebhookEndpoint',
    summary: 'Show a webhook endpoint',
    description: 'Without its secret, which nobody is shown again.',
    permission: 'webhooks.read',
    params: idParameter,
    answer: endpointObject,
    errors: {},
    handle: async (context, { params }) => {
      const found = await findEndpoint(door, context, params.id)
      return isEndpoint(found) ? showEndpoint(found) : found
    },
  })

const listRoute = (door: EventsDoor): Route =>
  defineRoute({
    method: 'GET',
    path: PATH,
    operation: 'listWebhookEndpoints',
    summary: 'List the webhook endpoints',
    description: 'The newest first.',
    permission: 'webhooks.read',
    query: listQuery({}),
    answer: endpointList,
    errors: {},
    handle: async (context, { query }) => {
      const page = readPage(query)
      const cursor = page.cursor === null ? null : parseId(ENDPOINT_PREFIX, page.cursor)
      if (page.cursor !== null && cursor === null)
        return refusalReply({
          kind: 'invalid',
          code: 'resource_missing',
          param: page.direction === 'forward' ? 'starting_after' : 'ending_before',
          message: `No such webhook endpoint: '${page.cursor}'`,
        })
      const wanted = { limit: page.limit, cursor, direction: page.direction }
      const [rows = []] = await door.read(context.tenant, [listEndpoints(context.tenant, wanted)])
      return listObject(PATH, page, rows, (raw) => showEndpoint(endpoints.read(raw)))
    },
  })

export const endpointRoutes = (door: EventsDoor): Route[] => [
  createRoute(door),
  listRoute(door),
  retrieveRoute(door),
  updateRoute(door),
  deleteRoute(door),
  rollRoute(door),
]
