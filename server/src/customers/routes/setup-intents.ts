import { type Static, Type } from 'typebox'
import {
  defineRoute,
  listOf,
  listQuery,
  missingReply,
  type RequestContext,
  type Route,
  rangeFilter,
  refusalReply,
} from '../../http/index.ts'
import { newUuid, parseId, type Reply, type Uuid } from '../../kit/index.ts'
import {
  expandAnswer,
  expandList,
  findRecord,
  listRecords,
  livemodeOf,
  objectReply,
  replyUnit,
  submitForReply,
} from '../../requests/index.ts'
import { doingOf } from '../doing.ts'
import type { CustomersDoor } from '../door.ts'
import { CUSTOMER_REASONS, PAYMENT_METHOD_REASONS, SETUP_REASONS } from '../errors.ts'
import { SETUP_INTENT_PATHS } from '../expanders.ts'
import {
  declarePaymentMethod,
  isReply,
  liveRailMissing,
  parsePaymentMethodId,
  resolvePaymentMethod,
} from '../payment-method-source.ts'
import {
  setupIntentCancelParameters,
  setupIntentConfirmParameters,
  setupIntentParameters,
  setupIntentUpdateParameters,
} from '../schemas.ts'
import { declareLatest } from '../setup-begin.ts'
import { missingIntent, submitConfirm } from '../setup-confirm.ts'
import { setupIntentObject } from '../setup-schemas.ts'
import {
  cancelIntent,
  declareNew,
  declareOwnCard,
  makeIntent,
  type NewSetupIntent,
  refuseSecret,
  updateIntent,
} from '../setup-write.ts'
import { customers, setupIntents } from '../store/tables.ts'
import { clientSecretOf, SETUP_INTENT_PREFIX, showSetupIntent } from '../views.ts'
import {
  automaticOf,
  customerOf,
  forCaller,
  missingSecret,
  newSecret,
  refuseTypes,
  refuseUrl,
} from './setup-fields.ts'

const ERRORS = { ...CUSTOMER_REASONS, ...PAYMENT_METHOD_REASONS, ...SETUP_REASONS }
const params = Type.Object({ id: Type.String({ description: 'seti_….' }) })

const missing = (text: string): Reply => missingReply('setupintent', text)

const withIntent = <A>(text: string, handle: (id: Uuid) => A): A | Reply => {
  const id = parseId(SETUP_INTENT_PREFIX, text)
  return id === null ? missing(text) : handle(id)
}

const againOf =
  (door: CustomersDoor, context: RequestContext) =>
  async (objectId: string): Promise<Reply | null> => {
    const id = parseId(SETUP_INTENT_PREFIX, objectId)
    const row = id === null ? null : await findRecord(door, context, setupIntents, id)
    return row === null ? null : objectReply(showSetupIntent(row, livemodeOf(context)))
  }

const missingParameter = (param: string): Reply =>
  refusalReply({
    kind: 'invalid',
    code: 'parameter_missing',
    message: `Missing required param: ${param}.`,
    param,
  })

type CreateBody = Static<typeof setupIntentParameters>

const refuseCreate = (body: CreateBody): Reply | null => {
  const types = refuseTypes(body.payment_method_types) ?? refuseUrl(body.return_url)
  if (types !== null) return types
  if (body.return_url !== undefined && body.confirm !== true) {
    return refusalReply({
      kind: 'invalid',
      code: 'setup_intent_invalid_parameter',
      message:
        'return_url may only be sent with confirm=true: where the customer comes back to is said then.',
      param: 'return_url',
    })
  }
  const hasCard = body.payment_method !== undefined || body.payment_method_data !== undefined
  return body.confirm === true && !hasCard ? missingParameter('payment_method') : null
}

const wantedOf = (body: CreateBody, customer: Uuid | null, nowMs: number): NewSetupIntent => ({
  id: newUuid(nowMs),
  automaticPaymentMethods: automaticOf(body.automatic_payment_methods, body.payment_method_types),
  customer,
  description: body.description ?? null,
  metadata: Object.fromEntries(Object.entries(body.metadata ?? {}).filter(([, value]) => value !== '')),
  requestThreeDSecure: body.payment_method_options?.card?.request_three_d_secure ?? null,
  returnUrl: body.return_url ?? null,
  secret: newSecret(),
  usage: body.usage ?? 'off_session',
})

const submitCreate = async (door: CustomersDoor, context: RequestContext, body: CreateBody) => {
  const refused = refuseCreate(body)
  if (refused !== null) return refused
  const rail = door.railOf(context.mode)
  if (rail === null) return liveRailMissing()
  const customer = customerOf(body.customer)
  if (customer === null) return missingReply('customer', body.customer ?? '', 'customer')
  const nowMs = door.clock.now()
  const resolved = resolvePaymentMethod(rail, body, nowMs)
  if (resolved.kind === 'refused') return resolved.reply
  const given = resolved.method
  const wanted = wantedOf(body, customer ?? null, nowMs)
  const again = againOf(door, context)
  if (body.confirm === true) return submitConfirm(door, context, rail, { kind: 'new', wanted, given }, again)
  const unit = replyUnit(
    context,
    'customers.setup_intents.create',
    [(declare) => declareNew(declare, wanted, given)],
    (draft) => {
      const made = makeIntent(draft, wanted, given, doingOf(context))
      return isReply(made) ? made : objectReply(showSetupIntent(made.intent, livemodeOf(context)))
    },
  )
  return submitForReply(door, context, unit, again)
}

const create = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/setup_intents',
    operation: 'createSetupIntent',
    summary: 'Create a SetupIntent',
    description: 'Sets a card up for later payments; with confirm, at once.',
    permission: 'setup_intents.write',
    idempotency: 'stored',
    body: setupIntentParameters,
    expandable: SETUP_INTENT_PATHS,
    answer: setupIntentObject,
    errors: ERRORS,
    examples: { body: { payment_method: 'pm_card_visa', usage: 'off_session', confirm: true } },
    handle: async (context, { body }) => expandAnswer(door, context, await submitCreate(door, context, body)),
  })

type ConfirmBody = Static<typeof setupIntentConfirmParameters>

const submitConfirmation = async (
  door: CustomersDoor,
  context: RequestContext,
  id: Uuid,
  body: ConfirmBody,
) => {
  const isClient = context.keyKind === 'publishable'
  if (isClient && body.client_secret === undefined) return missingSecret()
  const refused = refuseUrl(body.return_url)
  if (refused !== null) return refused
  const rail = door.railOf(context.mode)
  if (rail === null) return liveRailMissing()
  const resolved = resolvePaymentMethod(rail, body, door.clock.now())
  if (resolved.kind === 'refused') return resolved.reply
  const wish = {
    kind: 'existing' as const,
    id,
    given: resolved.method,
    secret: body.client_secret ?? null,
    returnUrl: body.return_url ?? null,
    requestThreeDSecure: body.payment_method_options?.card?.request_three_d_secure ?? null,
  }
  return submitConfirm(door, context, rail, wish, againOf(door, context))
}

const confirm = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/setup_intents/:id/confirm',
    operation: 'confirmSetupIntent',
    summary: 'Confirm a SetupIntent',
    description:
      'Verifies the card at its rail. A publishable key may, with the client_secret. A card that is declined is a 402 with the intent in the error.',
    permission: 'setup_intents.write',
    publishable: true,
    idempotency: 'stored',
    params,
    body: setupIntentConfirmParameters,
    expandable: SETUP_INTENT_PATHS,
    answer: setupIntentObject,
    errors: ERRORS,
    handle: (context, { params: { id: text }, body }) =>
      withIntent(text, async (id) => {
        const answer = await submitConfirmation(door, context, id, body)
        return forCaller(context, await expandAnswer(door, context, answer))
      }),
  })

const retrieve = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/setup_intents/:id',
    operation: 'retrieveSetupIntent',
    summary: 'Show a SetupIntent',
    description: 'A publishable key may, with the client_secret, and sees less.',
    permission: 'setup_intents.read',
    publishable: true,
    params,
    query: Type.Object({
      client_secret: Type.Optional(Type.String({ description: 'With a publishable key.' })),
    }),
    expandable: SETUP_INTENT_PATHS,
    answer: setupIntentObject,
    errors: ERRORS,
    handle: (context, { params: { id: text }, query }) =>
      withIntent(text, async (id) => {
        const { client_secret: secret } = query
        const isClient = context.keyKind === 'publishable'
        if (isClient && secret === undefined) return missingSecret()
        const row = await findRecord(door, context, setupIntents, id)
        if (secret !== undefined && (row === null || clientSecretOf(row) !== secret)) return refuseSecret()
        if (row === null) return missing(text)
        const reply = objectReply(showSetupIntent(row, livemodeOf(context)))
        return forCaller(context, isClient ? reply : await expandAnswer(door, context, reply))
      }),
  })

const update = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/setup_intents/:id',
    operation: 'updateSetupIntent',
    summary: 'Change a SetupIntent',
    description: 'An empty payment_method takes the card away.',
    permission: 'setup_intents.write',
    idempotency: 'stored',
    params,
    body: setupIntentUpdateParameters,
    expandable: SETUP_INTENT_PATHS,
    answer: setupIntentObject,
    errors: ERRORS,
    handle: (context, { params: { id: text }, body }) =>
      withIntent(text, async (id) => {
        const refused = refuseTypes(body.payment_method_types)
        if (refused !== null) return refused
        const rail = door.railOf(context.mode)
        if (rail === null) return liveRailMissing()
        const customer = customerOf(body.customer)
        if (customer === null) return missingReply('customer', body.customer ?? '', 'customer')
        const takesCard = body.payment_method === ''
        const named = takesCard ? {} : body
        const resolved = resolvePaymentMethod(rail, named, door.clock.now())
        if (resolved.kind === 'refused') return resolved.reply
        const change = {
          customer: customer ?? null,
          description: body.description ?? null,
          metadata: body.metadata ?? null,
          given: resolved.method,
          takesCard,
          requestThreeDSecure: body.payment_method_options?.card?.request_three_d_secure ?? null,
        }
        const unit = replyUnit(
          context,
          'customers.setup_intents.update',
          [
            (declare) => {
              declare(setupIntents.table, id)
              declarePaymentMethod(declare, change.given)
              if (change.customer !== null) declare(customers.table, change.customer)
            },
            (declare, found) => {
              declareLatest(declare, found, id)
              declareOwnCard(declare, found, id)
            },
          ],
          (draft) => {
            const row = draft.get(setupIntents.table, id)
            return row === undefined ? missingIntent(id) : updateIntent(draft, row, change, doingOf(context))
          },
        )
        return expandAnswer(door, context, await submitForReply(door, context, unit, againOf(door, context)))
      }),
  })

const cancel = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/setup_intents/:id/cancel',
    operation: 'cancelSetupIntent',
    summary: 'Cancel a SetupIntent',
    description: 'For ever. Not while it is at its rail, nor once it has succeeded.',
    permission: 'setup_intents.write',
    idempotency: 'stored',
    params,
    body: setupIntentCancelParameters,
    expandable: SETUP_INTENT_PATHS,
    answer: setupIntentObject,
    errors: SETUP_REASONS,
    handle: (context, { params: { id: text }, body }) =>
      withIntent(text, async (id) => {
        const unit = replyUnit(
          context,
          'customers.setup_intents.cancel',
          [
            (declare) => declare(setupIntents.table, id),
            (declare, found) => declareLatest(declare, found, id),
          ],
          (draft) => {
            const row = draft.get(setupIntents.table, id)
            return row === undefined
              ? missingIntent(id)
              : cancelIntent(draft, row, body.cancellation_reason ?? null, doingOf(context))
          },
        )
        return expandAnswer(door, context, await submitForReply(door, context, unit, againOf(door, context)))
      }),
  })

const list = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/setup_intents',
    operation: 'listSetupIntents',
    summary: 'List SetupIntents',
    description: 'Newest first.',
    permission: 'setup_intents.read',
    query: listQuery({
      created: Type.Optional(rangeFilter('When it was made')),
      customer: Type.Optional(Type.String({ description: 'Only this customer’s.' })),
      payment_method: Type.Optional(Type.String({ description: 'Only those of this card.' })),
    }),
    expandable: SETUP_INTENT_PATHS,
    answer: listOf(setupIntentObject),
    errors: SETUP_REASONS,
    handle: async (context, { query }) => {
      const customer = customerOf(query.customer)
      if (customer === null) return missingReply('customer', query.customer ?? '', 'customer')
      const card = query.payment_method === undefined ? null : parsePaymentMethodId(query.payment_method)
      if (query.payment_method !== undefined && card === null)
        return missingReply('PaymentMethod', query.payment_method, 'payment_method')
      const found = await listRecords(door, context, {
        records: setupIntents,
        prefix: SETUP_INTENT_PREFIX,
        noun: 'setupintent',
        url: '/v1/setup_intents',
        query,
        filters: [
          ...(customer === undefined ? [] : [{ column: 'customer', value: customer }]),
          ...(card === null ? [] : [{ column: 'payment_method', value: card }]),
        ],
        show: (row) => showSetupIntent(row, livemodeOf(context)),
      })
      return 'data' in found ? expandList(door, context, found) : found
    },
  })

export const setupIntentRoutes = (door: CustomersDoor): Route[] => [
  create(door),
  list(door),
  retrieve(door),
  update(door),
  confirm(door),
  cancel(door),
]
