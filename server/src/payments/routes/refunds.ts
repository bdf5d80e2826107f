import { type Static, Type } from 'typebox'
import { recordEvent } from '../../events/index.ts'
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
import { parseId, type Reply, showId, type Uuid } from '../../kit/index.ts'
import {
  type Again,
  expandAnswer,
  expandList,
  findRecord,
  listRecords,
  livemodeOf,
  mergeMetadata,
  objectReply,
  previousAttributes,
  replyUnit,
  submitForReply,
  unitRequest,
} from '../../requests/index.ts'
import { createRefund, type RefundWish } from '../create-refund.ts'
import type { PaymentsDoor } from '../door.ts'
import { REFUND_REASONS } from '../refund-reasons.ts'
import { moveIds } from '../refund-timer.ts'
import { endRefundUnit } from '../refund-units.ts'
import { refunds } from '../store/tables.ts'
import { CHARGE_PREFIX, INTENT_PREFIX } from '../views.ts'
import { REFUND_PREFIX, showRefund } from '../views-refunds.ts'
import { refundObject, refundParameters, refundUpdateParameters } from './refund-schemas.ts'

const PATH = '/v1/refunds'
const params = Type.Object({ id: Type.String({ description: 're_….' }) })

export const REFUND_PATHS = [
  'balance_transaction',
  'balance_transaction.source',
  'charge',
  'charge.balance_transaction',
  'charge.customer',
  'charge.payment_intent',
  'charge.payment_method',
  'customer',
  'failure_balance_transaction',
  'payment_intent',
  'payment_intent.customer',
  'payment_intent.latest_charge',
  'payment_intent.latest_charge.balance_transaction',
  'payment_intent.payment_method',
  'payment_method',
] as const

const missing = (text: string, param = 'id'): Reply => missingReply('refund', text, param)

const find = async (door: PaymentsDoor, context: RequestContext, text: string): Promise<Reply | null> => {
  const id = parseId(REFUND_PREFIX, text)
  const row = id === null ? null : await findRecord(door, context, refunds, id)
  return row === null ? null : objectReply(showRefund(row))
}

const againOf =
  (door: PaymentsDoor, context: RequestContext): Again =>
  (objectId) =>
    find(door, context, objectId)

const missingOf = (): Reply =>
  refusalReply({
    kind: 'invalid',
    code: 'parameter_missing',
    message: REFUND_REASONS.parameter_missing.message,
  })

/** What is to be refunded, or why it cannot be told. */
const wishOf = (body: Static<typeof refundParameters>): RefundWish | Reply => {
  const { charge, payment_intent: intent, amount, reason, metadata } = body
  const rest = {
    amount: amount ?? null,
    reason: reason ?? null,
    metadata: metadata === undefined || metadata === '' ? {} : metadata,
  }
  if (charge !== undefined) {
    const id = parseId(CHARGE_PREFIX, charge)
    return id === null ? missingReply('charge', charge, 'charge') : { ...rest, of: { charge: id } }
  }
  if (intent === undefined) return missingOf()
  const id = parseId(INTENT_PREFIX, intent)
  return id === null
    ? missingReply('payment_intent', intent, 'payment_intent')
    : { ...rest, of: { intent: id } }
}

const create = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'POST',
    path: PATH,
    operation: 'createRefund',
    summary: 'Refund a payment',
    description:
      'Gives back all or a part of what was captured; several refunds are together never more than that. The money leaves the available balance at once, which may make it negative; the fee of the payment is not given back. A refund that the rail has not confirmed is pending, and its outcome is told by refund.updated or refund.failed.',
    permission: 'refunds.write',
    idempotency: 'stored',
    body: refundParameters,
    expandable: REFUND_PATHS,
    answer: refundObject,
    errors: REFUND_REASONS,
    examples: {
      body: { charge: 'ch_0199a1b2c3d47e5f8091a2b3c4d5e6f7', amount: 500, reason: 'requested_by_customer' },
    },
    handle: async (context, { body }) => {
      const wish = wishOf(body)
      if ('status' in wish) return wish
      return expandAnswer(door, context, await createRefund(door, context, wish, againOf(door, context)))
    },
  })

const retrieve = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'GET',
    path: `${PATH}/:id`,
    operation: 'retrieveRefund',
    summary: 'Show a refund',
    description: 'A refund as it stands.',
    permission: 'refunds.read',
    params,
    expandable: REFUND_PATHS,
    answer: refundObject,
    errors: REFUND_REASONS,
    handle: async (context, { params: { id } }) =>
      expandAnswer(door, context, (await find(door, context, id)) ?? missing(id)),
  })

const tooManyKeys = (): Reply =>
  refusalReply({
    kind: 'invalid',
    code: 'metadata_too_many_keys',
    param: 'metadata',
    message: REFUND_REASONS.metadata_too_many_keys.message,
  })

const updateUnit = (context: RequestContext, id: Uuid, body: Static<typeof refundUpdateParameters>) =>
  replyUnit(context, 'payments.refunds.update', [(declare) => declare(refunds.table, id)], (draft) => {
    const refund = draft.get(refunds.table, id)
    if (refund === undefined) return missing(showId(REFUND_PREFIX, id))
    const metadata = mergeMetadata(refund.metadata, body.metadata)
    if (metadata === null) return tooManyKeys()
    const after = { ...refund, metadata }
    const object = showRefund(after)
    const previous = previousAttributes(showRefund(refund), object)
    if (previous !== null) {
      draft.put(refunds.table, id, after)
      const request = { id: context.requestId, idempotencyKey: context.claim?.key ?? null }
      recordEvent(draft, { type: 'refund.updated', object, previous, request })
      recordEvent(draft, { type: 'charge.refund.updated', object, previous, request })
    }
    return objectReply(object)
  })

const update = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'POST',
    path: `${PATH}/:id`,
    operation: 'updateRefund',
    summary: 'Change the metadata of a refund',
    description: 'Metadata is merged key by key. Nothing else of a refund can be changed.',
    permission: 'refunds.write',
    idempotency: 'stored',
    params,
    body: refundUpdateParameters,
    expandable: REFUND_PATHS,
    answer: refundObject,
    errors: REFUND_REASONS,
    handle: async (context, { params: { id: text }, body }) => {
      const id = parseId(REFUND_PREFIX, text)
      if (id === null) return missing(text)
      const unit = updateUnit(context, id, body)
      return expandAnswer(door, context, await submitForReply(door, context, unit, againOf(door, context)))
    },
  })

const ending = (
  door: PaymentsDoor,
  path: `/v1/${string}`,
  kind: 'canceled' | 'expired',
  texts: { readonly operation: string; readonly summary: string },
): Route =>
  defineRoute({
    method: 'POST',
    path,
    ...texts,
    description:
      'Only a refund that waits for the customer (requires_action) can end so; a refund to a card never waits for him, and is refused.',
    permission: 'refunds.write',
    idempotency: 'stored',
    params,
    expandable: REFUND_PATHS,
    answer: refundObject,
    errors: REFUND_REASONS,
    handle: async (context, { params: { id: text } }) => {
      const id = parseId(REFUND_PREFIX, text)
      if (id === null) return missing(text)
      const unit = endRefundUnit(unitRequest(context), {
        refund: id,
        told: { kind },
        applied: {
          ids: moveIds(door.clock),
          livemode: livemodeOf(context),
          request: { id: context.requestId, idempotencyKey: context.claim?.key ?? null },
        },
      })
      return expandAnswer(door, context, await submitForReply(door, context, unit, againOf(door, context)))
    },
  })

const list = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'GET',
    path: PATH,
    operation: 'listRefunds',
    summary: 'List refunds',
    description: 'Newest first.',
    permission: 'refunds.read',
    query: listQuery({
      charge: Type.Optional(Type.String({ description: 'Only those of this charge.' })),
      payment_intent: Type.Optional(Type.String({ description: 'Only those of this payment.' })),
      created: Type.Optional(rangeFilter('When it was made')),
    }),
    expandable: REFUND_PATHS,
    answer: listOf(refundObject),
    errors: REFUND_REASONS,
    handle: async (context, { query }) => {
      const charge = query.charge === undefined ? undefined : parseId(CHARGE_PREFIX, query.charge)
      const intent =
        query.payment_intent === undefined ? undefined : parseId(INTENT_PREFIX, query.payment_intent)
      if (charge === null) return missingReply('charge', query.charge ?? '', 'charge')
      if (intent === null) return missingReply('payment_intent', query.payment_intent ?? '', 'payment_intent')
      const found = await listRecords(door, context, {
        records: refunds,
        prefix: REFUND_PREFIX,
        noun: 'refund',
        url: PATH,
        query,
        filters: [
          ...(charge === undefined ? [] : [{ column: 'charge', value: charge }]),
          ...(intent === undefined ? [] : [{ column: 'intent', value: intent }]),
        ],
        show: showRefund,
      })
      return 'data' in found ? expandList(door, context, found) : found
    },
  })

export const refundRoutes = (door: PaymentsDoor): Route[] => [
  create(door),
  list(door),
  retrieve(door),
  update(door),
  ending(door, `${PATH}/:id/cancel`, 'canceled', {
    operation: 'cancelRefund',
    summary: 'Cancel a refund that waits for the customer',
  }),
  ending(door, '/v1/test_helpers/refunds/:id/expire', 'expired', {
    operation: 'expireRefund',
    summary: 'Let a refund expire that waits for the customer',
  }),
]
