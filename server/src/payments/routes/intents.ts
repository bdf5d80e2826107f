import { Type } from 'typebox'
import {
  type GivenMethod,
  liveRailMissing,
  type NamedMethod,
  resolvePaymentMethod,
} from '../../customers/index.ts'
import { defineRoute, listOf, type RequestContext, type Route } from '../../http/index.ts'
import { newUuid, type Reply, type Uuid } from '../../kit/index.ts'
import {
  converse,
  expandAnswer,
  expandList,
  findRecord,
  listRecords,
  noSuchReply,
  readable,
  Unreadable,
} from '../../requests/index.ts'
import { confirming, worldOf } from '../confirm.ts'
import { DECLINE_REASONS, PAYMENT_REASONS } from '../core/reasons.ts'
import { chooseRail, type PaymentsDoor } from '../door.ts'
import { pathsFrom } from '../expandable.ts'
import type { Asked } from '../prepare.ts'
import { intentsExposedBy } from '../store/exposed-intents.ts'
import { intents } from '../store/tables.ts'
import { INTENT_PREFIX } from '../views.ts'
import { intentReply, shownIntent } from '../world.ts'
import { intentObject } from './objects.ts'
import {
  clientSecretParameter,
  confirmParameters,
  createParameters,
  intentListQuery,
  updateParameters,
} from './parameters.ts'
import { type Body, checkSecret, readCustomerId, readInput, readIntentId, readLaunchId } from './read.ts'

export const EXPANDABLE_INTENT = pathsFrom('intent')

const params = Type.Object({ intent: Type.String({ description: 'pi_…' }) })
const errors = { ...PAYMENT_REASONS, ...DECLINE_REASONS }

const find = async (door: PaymentsDoor, context: RequestContext, id: Uuid): Promise<Reply | null> => {
  const row = await findRecord(door, context, intents, id)
  return row === null ? null : intentReply(worldOf(door, context), row)
}

/** The answer that was given under a key whose body is no longer kept: the payment as it is now. */
export const againOf =
  (door: PaymentsDoor, context: RequestContext) =>
  async (objectId: string): Promise<Reply | null> =>
    find(door, context, readIntentId(objectId))

const ask = async (door: PaymentsDoor, context: RequestContext, asked: Asked) => {
  const conversation = confirming(door, context, asked)
  if ('body' in conversation) return conversation
  return expandAnswer(door, context, await converse(door, context, conversation, againOf(door, context)))
}

type Named = NamedMethod & Body

const methodOf = (door: PaymentsDoor, context: RequestContext, body: Named): GivenMethod | Reply => {
  const rail = chooseRail(door.rails, context.mode)
  if (rail === null) return liveRailMissing()
  const given = resolvePaymentMethod(rail, body, door.clock.now())
  return given.kind === 'refused' ? given.reply : given.method
}

type Confirmation = {
  readonly off_session?: boolean | 'one_off' | 'recurring'
  readonly error_on_requires_action?: boolean
}

const confirmOf = (body: Confirmation): NonNullable<Asked['confirm']> => ({
  offSession: body.off_session !== undefined && body.off_session !== false,
  errorOnAction: body.error_on_requires_action === true,
})

/** What is said about a confirmation that is not asked for would be forgotten. */
const checkConfirming = (body: Confirmation & { readonly confirm?: boolean }): void => {
  if (body.confirm === true) return
  for (const name of ['off_session', 'error_on_requires_action'] as const) {
    if (body[name] === undefined || body[name] === false) continue
    throw new Unreadable(
      'parameter_needs_confirm',
      name,
      `You cannot send ${name} without confirm=true. Confirm the payment in this request, or send ${name} when you confirm it.`,
    )
  }
}

const create = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/payment_intents',
    operation: 'createPaymentIntent',
    summary: 'Begin a payment',
    description:
      'A payment of an amount in a currency. With confirm it is tried at once; else it waits for a payment method and its confirmation. A card that says no is a 402 with the payment in the error.',
    permission: 'payment_intents.write',
    idempotency: 'stored',
    body: createParameters,
    answer: intentObject,
    errors,
    expandable: EXPANDABLE_INTENT,
    examples: {
      body: { amount: 1099, currency: 'eur', payment_method: 'pm_card_visa', confirm: true },
    },
    handle: (context, { body }) =>
      readable(async () => {
        checkConfirming(body)
        const method = methodOf(door, context, body)
        if ('body' in method) return method
        const { automatic_payment_methods: automatic } = body
        const isAutomatic = automatic === undefined && body.payment_method_types === undefined
        return ask(door, context, {
          intent: newUuid(door.clock.now()),
          made: {
            confirmationMethod: body.confirmation_method ?? 'automatic',
            automaticPaymentMethods: isAutomatic
              ? { enabled: true, allowRedirects: 'always' }
              : automatic === undefined
                ? null
                : { enabled: automatic.enabled, allowRedirects: automatic.allow_redirects ?? null },
          },
          input: readInput(body),
          metadata: body.metadata,
          method,
          confirm: body.confirm === true ? confirmOf(body) : null,
        })
      }),
  })

const update = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/payment_intents/:intent',
    operation: 'updatePaymentIntent',
    summary: 'Change a payment',
    description:
      'What a payment says about itself may always be changed; amount, currency, customer and the way of paying only before it is confirmed.',
    permission: 'payment_intents.write',
    idempotency: 'stored',
    params,
    body: updateParameters,
    answer: intentObject,
    errors,
    expandable: EXPANDABLE_INTENT,
    handle: (context, { params: { intent }, body }) =>
      readable(async () => {
        const method = methodOf(door, context, body)
        if ('body' in method) return method
        return ask(door, context, {
          intent: readIntentId(intent),
          made: null,
          input: readInput(body),
          metadata: body.metadata,
          method,
          confirm: null,
        })
      }),
  })

const confirm = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/payment_intents/:intent/confirm',
    operation: 'confirmPaymentIntent',
    summary: 'Try to get the money',
    description:
      'Asks the rail for the money. The answer is the payment, succeeded, held for capture, waiting for the customer or processing; a card that says no is a 402. With a publishable key the client_secret must be sent.',
    permission: 'payment_intents.write',
    publishable: true,
    idempotency: 'stored',
    params,
    body: confirmParameters,
    answer: intentObject,
    errors,
    expandable: EXPANDABLE_INTENT,
    handle: (context, { params: { intent }, body }) =>
      readable(async () => {
        const id = readIntentId(intent)
        checkSecret(door.secrets, context, id, body.client_secret)
        const method = methodOf(door, context, body)
        if ('body' in method) return method
        return ask(door, context, {
          intent: id,
          made: null,
          input: readInput(body),
          metadata: undefined,
          method,
          confirm: confirmOf(body),
        })
      }),
  })

const retrieve = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/payment_intents/:intent',
    operation: 'retrievePaymentIntent',
    summary: 'Show a payment',
    description:
      'A payment as it stands. With a publishable key the client_secret must be sent, and only part of the payment is shown.',
    permission: 'payment_intents.read',
    publishable: true,
    params,
    query: Type.Object({ client_secret: clientSecretParameter() }),
    answer: intentObject,
    errors: PAYMENT_REASONS,
    expandable: EXPANDABLE_INTENT,
    handle: (context, { params: { intent }, query }) =>
      readable(async () => {
        const id = readIntentId(intent)
        checkSecret(door.secrets, context, id, query.client_secret)
        const reply = await find(door, context, id)
        return reply === null
          ? noSuchReply('payment_intent', intent, 'intent')
          : expandAnswer(door, context, reply)
      }),
  })

const list = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/payment_intents',
    operation: 'listPaymentIntents',
    summary: 'List payments',
    description: 'Payments, the newest first.',
    permission: 'payment_intents.read',
    query: intentListQuery,
    answer: listOf(intentObject),
    errors: PAYMENT_REASONS,
    expandable: EXPANDABLE_INTENT,
    handle: (context, { query }) =>
      readable(async () => {
        const world = worldOf(door, context)
        const answer = await listRecords(door, context, {
          records: query.launch === undefined ? intents : intentsExposedBy(readLaunchId(query.launch)),
          prefix: INTENT_PREFIX,
          noun: 'payment_intent',
          url: '/v1/payment_intents',
          query,
          filters:
            query.customer === undefined
              ? []
              : [{ column: 'customer', value: readCustomerId(query.customer) }],
          show: (row) => shownIntent(world, row),
        })
        return 'body' in answer ? answer : expandList(door, context, answer)
      }),
  })

export const intentRoutes = (door: PaymentsDoor): Route[] => [
  create(door),
  list(door),
  retrieve(door),
  update(door),
  confirm(door),
]
