import { Type } from 'typebox'
import type { Filter } from '../../database/index.ts'
import { defineRoute, listOf, type RequestContext, type Route } from '../../http/index.ts'
import type { Reply, Uuid } from '../../kit/index.ts'
import {
  expandAnswer,
  expandList,
  findRecord,
  listRecords,
  livemodeOf,
  noSuchReply,
  objectReply,
  readable,
  submitForReply,
} from '../../requests/index.ts'
import { updateChargeUnit } from '../charge-update.ts'
import type { Json } from '../core/model.ts'
import { PAYMENT_REASONS } from '../core/reasons.ts'
import type { PaymentsDoor } from '../door.ts'
import { pathsFrom } from '../expandable.ts'
import { charges } from '../store/tables.ts'
import { CHARGE_PREFIX, showCharge } from '../views.ts'
import { chargeObject } from './objects.ts'
import { chargeListQuery, chargeUpdateParameters } from './parameters.ts'
import { readChargeId, readCustomerId, readEmail, readIntentId, readLaunchId } from './read.ts'

const EXPANDABLE = pathsFrom('charge')

const params = Type.Object({ charge: Type.String({ description: 'ch_…' }) })

const find = async (door: PaymentsDoor, context: RequestContext, id: Uuid): Promise<Reply | null> => {
  const row = await findRecord(door, context, charges, id)
  return row === null ? null : objectReply(showCharge(row, livemodeOf(context)))
}

const retrieve = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/charges/:charge',
    operation: 'retrieveCharge',
    summary: 'Show a charge',
    description: 'One try of a payment at a card, and what became of it.',
    permission: 'charges.read',
    params,
    answer: chargeObject,
    errors: PAYMENT_REASONS,
    expandable: EXPANDABLE,
    handle: (context, { params: { charge } }) =>
      readable(async () => {
        const reply = await find(door, context, readChargeId(charge))
        return reply === null ? noSuchReply('charge', charge, 'charge') : expandAnswer(door, context, reply)
      }),
  })

type Query = { readonly customer?: string; readonly launch?: string; readonly payment_intent?: string }

const filtersOf = ({ customer, launch, payment_intent: intent }: Query): Filter[] => [
  ...(launch === undefined ? [] : [{ column: 'exposed_by', value: readLaunchId(launch) }]),
  ...(customer === undefined ? [] : [{ column: 'customer', value: readCustomerId(customer) }]),
  ...(intent === undefined ? [] : [{ column: 'intent', value: readIntentId(intent, 'payment_intent') }]),
]

const list = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/charges',
    operation: 'listCharges',
    summary: 'List charges',
    description: 'Charges, the newest first, those that failed among them.',
    permission: 'charges.read',
    query: chargeListQuery,
    answer: listOf(chargeObject),
    errors: PAYMENT_REASONS,
    expandable: EXPANDABLE,
    handle: (context, { query }) =>
      readable(async () => {
        const answer = await listRecords(door, context, {
          records: charges,
          prefix: CHARGE_PREFIX,
          noun: 'charge',
          url: '/v1/charges',
          query,
          filters: filtersOf(query),
          show: (row) => showCharge(row, livemodeOf(context)),
        })
        return 'body' in answer ? answer : expandList(door, context, answer)
      }),
  })

const update = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/charges/:charge',
    operation: 'updateCharge',
    summary: 'Change what a charge says about itself',
    description: 'Description, metadata, receipt, shipping and what you think of it. Never its money.',
    permission: 'charges.write',
    idempotency: 'stored',
    params,
    body: chargeUpdateParameters,
    answer: chargeObject,
    errors: PAYMENT_REASONS,
    expandable: EXPANDABLE,
    handle: (context, { params: { charge }, body }) =>
      readable(async () => {
        const email = body.receipt_email
        const unit = updateChargeUnit(context, readChargeId(charge), {
          customer: body.customer === undefined ? undefined : readCustomerId(body.customer),
          description: body.description,
          metadata: body.metadata,
          receiptEmail: email === undefined ? undefined : readEmail(email, 'receipt_email'),
          shipping: body.shipping as Json | undefined,
          transferGroup: body.transfer_group,
          userReport: body.fraud_details?.user_report,
        })
        const reply = await submitForReply(door, context, unit, (id) => find(door, context, readChargeId(id)))
        return expandAnswer(door, context, reply)
      }),
  })

export const chargeRoutes = (door: PaymentsDoor): Route[] => [list(door), retrieve(door), update(door)]
