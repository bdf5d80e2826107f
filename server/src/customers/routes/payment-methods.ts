import { Type } from 'typebox'
import {
  defineRoute,
  listOf,
  listQuery,
  missingReply,
  type RequestContext,
  type Route,
  refusalReply,
} from '../../http/index.ts'
import { parseId, type Reply, showId, type Uuid } from '../../kit/index.ts'
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
import { submitAttach } from '../attach-method.ts'
import { doingOf } from '../doing.ts'
import type { CustomersDoor } from '../door.ts'
import { CUSTOMER_REASONS, PAYMENT_METHOD_REASONS } from '../errors.ts'
import { PAYMENT_METHOD_PATHS } from '../expanders.ts'
import { createMethod, declareOwner, detachMethod, type MethodChange, updateMethod } from '../method-units.ts'
import {
  declarePaymentMethod,
  liveRailMissing,
  parsePaymentMethodId,
  resolveData,
  resolvePaymentMethod,
} from '../payment-method-source.ts'
import { paymentMethodObject, paymentMethodParameters, paymentMethodUpdateParameters } from '../schemas.ts'
import { customers, paymentMethods } from '../store/tables.ts'
import { CUSTOMER_PREFIX, showPaymentMethod } from '../views.ts'

const ERRORS = { ...CUSTOMER_REASONS, ...PAYMENT_METHOD_REASONS }
const params = Type.Object({ id: Type.String({ description: 'pm_….' }) })

const missing = (text: string, param = 'id'): Reply => missingReply('PaymentMethod', text, param)

const withMethod = <A>(text: string, handle: (id: Uuid) => A): A | Reply => {
  const id = parsePaymentMethodId(text)
  return id === null ? missing(text) : handle(id)
}

const find = async (door: CustomersDoor, context: RequestContext, id: Uuid): Promise<Reply | null> => {
  const row = await findRecord(door, context, paymentMethods, id)
  return row === null ? null : objectReply(showPaymentMethod(row, livemodeOf(context)))
}

const againOf =
  (door: CustomersDoor, context: RequestContext) =>
  async (objectId: string): Promise<Reply | null> => {
    const id = parsePaymentMethodId(objectId)
    return id === null ? null : find(door, context, id)
  }

const create = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/payment_methods',
    operation: 'createPaymentMethod',
    summary: 'Create a payment method',
    description:
      'Of a card’s number or of a token. In a sandbox the number is one of the published test numbers. The number is not kept.',
    permission: 'payment_methods.write',
    publishable: true,
    idempotency: 'stored',
    body: paymentMethodParameters,
    expandable: PAYMENT_METHOD_PATHS,
    answer: paymentMethodObject,
    errors: ERRORS,
    examples: {
      body: {
        type: 'card',
        card: { number: '4242424242424242', exp_month: 12, exp_year: 2034, cvc: '123' },
      },
    },
    handle: async (context, { body }) => {
      const rail = door.railOf(context.mode)
      if (rail === null) return liveRailMissing()
      if (body.type === undefined) {
        return refusalReply({
          kind: 'invalid',
          code: 'parameter_missing',
          message: 'Missing required param: type.',
          param: 'type',
        })
      }
      const resolved = resolveData(rail, body, { nowMs: door.clock.now(), at: '' })
      if (resolved.kind === 'refused') return resolved.reply
      const unit = replyUnit(
        context,
        'customers.payment_methods.create',
        [(declare) => declarePaymentMethod(declare, resolved.method)],
        (draft) => createMethod(draft, resolved.method, livemodeOf(context)),
      )
      return expandAnswer(door, context, await submitForReply(door, context, unit, againOf(door, context)))
    },
  })

const retrieve = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/payment_methods/:id',
    operation: 'retrievePaymentMethod',
    summary: 'Show a payment method',
    description: 'A card as it is kept: never its number.',
    permission: 'payment_methods.read',
    params,
    expandable: PAYMENT_METHOD_PATHS,
    answer: paymentMethodObject,
    errors: PAYMENT_METHOD_REASONS,
    handle: (context, { params: { id: text } }) =>
      withMethod(text, async (id) =>
        expandAnswer(door, context, (await find(door, context, id)) ?? missing(text)),
      ),
  })

const invalidExpiry = (card: MethodChange['card']): Reply | null => {
  const month = card?.exp_month
  if (month === undefined || (month >= 1 && month <= 12)) return null
  return refusalReply({
    kind: 'declined',
    code: 'invalid_expiry_month',
    param: 'exp_month',
    message: "Your card's expiration month is invalid.",
  })
}

const update = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/payment_methods/:id',
    operation: 'updatePaymentMethod',
    summary: 'Change a payment method',
    description: 'Of a card that is attached to a customer: its expiry, whose it is, metadata.',
    permission: 'payment_methods.write',
    idempotency: 'stored',
    params,
    body: paymentMethodUpdateParameters,
    expandable: PAYMENT_METHOD_PATHS,
    answer: paymentMethodObject,
    errors: ERRORS,
    handle: (context, { params: { id: text }, body }) =>
      withMethod(text, async (id) => {
        const change = body as MethodChange
        const invalid = invalidExpiry(change.card)
        if (invalid !== null) return invalid
        const unit = replyUnit(
          context,
          'customers.payment_methods.update',
          [(declare) => declare(paymentMethods.table, id)],
          (draft) => updateMethod(draft, id, change, doingOf(context)),
        )
        return expandAnswer(door, context, await submitForReply(door, context, unit, againOf(door, context)))
      }),
  })

const attach = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/payment_methods/:id/attach',
    operation: 'attachPaymentMethod',
    summary: 'Attach a payment method to a customer',
    description:
      'The card is verified at its rail first; a card that is declined is not attached. In a sandbox the id may be a test name such as pm_card_visa, which makes a new payment method.',
    permission: 'payment_methods.write',
    idempotency: 'stored',
    params,
    body: Type.Object({ customer: Type.String({ description: 'cus_….' }) }),
    expandable: PAYMENT_METHOD_PATHS,
    answer: paymentMethodObject,
    errors: ERRORS,
    handle: async (context, { params: { id: text }, body }) => {
      const rail = door.railOf(context.mode)
      if (rail === null) return liveRailMissing()
      const customer = parseId(CUSTOMER_PREFIX, body.customer)
      if (customer === null) return missingReply('customer', body.customer, 'customer')
      const resolved = resolvePaymentMethod(rail, { payment_method: text }, door.clock.now(), 'id')
      if (resolved.kind === 'refused') return resolved.reply
      const wish = { given: resolved.method, customer }
      const answer = await submitAttach(door, context, rail, wish, againOf(door, context))
      return expandAnswer(door, context, answer)
    },
  })

const detach = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/payment_methods/:id/detach',
    operation: 'detachPaymentMethod',
    summary: 'Detach a payment method from its customer',
    description: 'It can never be used again.',
    permission: 'payment_methods.write',
    idempotency: 'stored',
    params,
    expandable: PAYMENT_METHOD_PATHS,
    answer: paymentMethodObject,
    errors: PAYMENT_METHOD_REASONS,
    handle: (context, { params: { id: text } }) =>
      withMethod(text, async (id) => {
        const unit = replyUnit(
          context,
          'customers.payment_methods.detach',
          [
            (declare) => declare(paymentMethods.table, id),
            (declare, found) => declareOwner(declare, found, id),
          ],
          (draft) => detachMethod(draft, id, doingOf(context)),
        )
        return expandAnswer(door, context, await submitForReply(door, context, unit, againOf(door, context)))
      }),
  })

const filters = {
  allow_redisplay: Type.Optional(Type.String({ description: 'always, limited or unspecified.' })),
  type: Type.Optional(Type.String({ description: 'card is the only type there is.' })),
}

type ListQuery = { readonly allow_redisplay?: string; readonly type?: string; readonly limit?: number }

const listMethods = async (
  door: CustomersDoor,
  context: RequestContext,
  { url, query, customer }: { url: string; query: ListQuery; customer: Uuid | null },
) => {
  if (customer !== null && (await findRecord(door, context, customers, customer)) === null)
    return missingReply('customer', showId(CUSTOMER_PREFIX, customer), 'customer')
  const found = await listRecords(door, context, {
    records: paymentMethods,
    prefix: 'pm',
    noun: 'PaymentMethod',
    url,
    query,
    filters: [
      ...(customer === null ? [] : [{ column: 'customer', value: customer }]),
      ...(query.type === undefined ? [] : [{ column: 'type', value: query.type }]),
      ...(query.allow_redisplay === undefined
        ? []
        : [{ column: 'allow_redisplay', value: query.allow_redisplay }]),
    ],
    show: (row) => showPaymentMethod(row, livemodeOf(context)),
  })
  return 'data' in found ? expandList(door, context, found) : found
}

const list = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/payment_methods',
    operation: 'listPaymentMethods',
    summary: 'List payment methods',
    description: 'Newest first, of one customer or of all.',
    permission: 'payment_methods.read',
    query: listQuery({ ...filters, customer: Type.Optional(Type.String({ description: 'cus_….' })) }),
    expandable: PAYMENT_METHOD_PATHS,
    answer: listOf(paymentMethodObject),
    errors: CUSTOMER_REASONS,
    handle: async (context, { query }) => {
      const { customer: text } = query
      const customer = text === undefined ? null : parseId(CUSTOMER_PREFIX, text)
      if (text !== undefined && customer === null) return missingReply('customer', text, 'customer')
      return listMethods(door, context, { url: '/v1/payment_methods', query, customer })
    },
  })

const listOfCustomer = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/customers/:customer/payment_methods',
    operation: 'listCustomerPaymentMethods',
    summary: 'List a customer’s payment methods',
    description: 'Newest first.',
    permission: 'payment_methods.read',
    params: Type.Object({ customer: Type.String({ description: 'cus_….' }) }),
    query: listQuery(filters),
    expandable: PAYMENT_METHOD_PATHS,
    answer: listOf(paymentMethodObject),
    errors: CUSTOMER_REASONS,
    handle: async (context, { params: { customer: text }, query }) => {
      const customer = parseId(CUSTOMER_PREFIX, text)
      if (customer === null) return missingReply('customer', text, 'customer')
      return listMethods(door, context, { url: `/v1/customers/${text}/payment_methods`, query, customer })
    },
  })

const retrieveOfCustomer = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/customers/:customer/payment_methods/:id',
    operation: 'retrieveCustomerPaymentMethod',
    summary: 'Show a customer’s payment method',
    description: 'Only a card that is attached to this customer.',
    permission: 'payment_methods.read',
    params: Type.Object({
      customer: Type.String({ description: 'cus_….' }),
      id: Type.String({ description: 'pm_….' }),
    }),
    expandable: PAYMENT_METHOD_PATHS,
    answer: paymentMethodObject,
    errors: PAYMENT_METHOD_REASONS,
    handle: (context, { params: { customer, id: text } }) =>
      withMethod(text, async (id) => {
        const row = await findRecord(door, context, paymentMethods, id)
        if (row === null || row.customer !== parseId(CUSTOMER_PREFIX, customer)) return missing(text)
        return expandAnswer(door, context, objectReply(showPaymentMethod(row, livemodeOf(context))))
      }),
  })

export const paymentMethodRoutes = (door: CustomersDoor): Route[] => [
  create(door),
  list(door),
  retrieve(door),
  update(door),
  attach(door),
  detach(door),
  listOfCustomer(door),
  retrieveOfCustomer(door),
]
