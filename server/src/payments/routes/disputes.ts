import { Type } from 'typebox'
import type { Unit } from '../../database/index.ts'
import {
  defineRoute,
  listOf,
  listQuery,
  missingReply,
  type Replayed,
  type RequestContext,
  type Route,
  rangeFilter,
} from '../../http/index.ts'
import { parseId, type Reply, type Uuid } from '../../kit/index.ts'
import {
  type Again,
  expandAnswer,
  expandList,
  findRecord,
  listRecords,
  livemodeOf,
  objectReply,
  replyOf,
  unitRequest,
} from '../../requests/index.ts'
import type { Dispute } from '../core/model.ts'
import { disputeIds, tellDesk } from '../dispute-desk.ts'
import type { DisputeApplied } from '../dispute-move.ts'
import { DISPUTE_REASONS } from '../dispute-reasons.ts'
import { closeDisputeUnit, updateDisputeUnit } from '../dispute-units.ts'
import { type PaymentsDoor, railNamed } from '../door.ts'
import { shownDisputes } from '../find-disputes.ts'
import { disputes } from '../store/tables.ts'
import { CHARGE_PREFIX, INTENT_PREFIX } from '../views.ts'
import { DISPUTE_PREFIX } from '../views-disputes.ts'
import { disputeObject, disputeUpdateParameters } from './dispute-schemas.ts'

const PATH = '/v1/disputes'
const params = Type.Object({ id: Type.String({ description: 'dp_….' }) })

export const DISPUTE_PATHS = [
  'balance_transactions.source',
  'charge',
  'charge.balance_transaction',
  'charge.customer',
  'charge.payment_method',
  'payment_intent',
  'payment_intent.customer',
  'payment_intent.latest_charge',
  'payment_intent.payment_method',
] as const

const missing = (text: string): Reply => missingReply('dispute', text)
const scopeOf = (context: RequestContext) => ({ tenant: context.tenant, livemode: livemodeOf(context) })

const find = async (door: PaymentsDoor, context: RequestContext, text: string): Promise<Reply | null> => {
  const id = parseId(DISPUTE_PREFIX, text)
  const row = id === null ? null : await findRecord(door, context, disputes, id)
  if (row === null) return null
  const [shown] = await shownDisputes(door.read, scopeOf(context), [row])
  return shown === undefined ? null : objectReply(shown)
}

const againOf =
  (door: PaymentsDoor, context: RequestContext): Again =>
  (objectId) =>
    find(door, context, objectId)

const appliedOf = (door: PaymentsDoor, context: RequestContext): DisputeApplied => ({
  ids: disputeIds(door.clock),
  livemode: livemodeOf(context),
  request: { id: context.requestId, idempotencyKey: context.claim?.key ?? null },
  fee: door.settings.disputeFee,
})

/** Answers by the unit; what it leaves to be told to the rail is told before the answer goes out, or by the timer. */
const answerDispute = async (
  door: PaymentsDoor,
  context: RequestContext,
  unit: Unit<Dispute | null>,
): Promise<Reply | Replayed> => {
  const outcome = await door.commit.submit(unit)
  const { tenant } = context
  if (outcome.kind === 'decided' && outcome.answer !== null && outcome.answer.untold !== null) {
    await tellDesk(door, tenant, outcome.answer.id)
  }
  const reply = await replyOf(context, outcome, againOf(door, context))
  return expandAnswer(door, context, reply ?? missing(''))
}

const hasDesk =
  (door: PaymentsDoor) =>
  (rail: string): boolean =>
    railNamed(door.rails, rail).disputes !== undefined

const update = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'POST',
    path: `${PATH}/:id`,
    operation: 'updateDispute',
    summary: 'Answer a dispute',
    description:
      'Evidence is submitted with the request unless submit is false, and once: after that the rail decides. Sandboxes decide by the text: winning_evidence, losing_evidence, escalate_inquiry_evidence.',
    permission: 'disputes.write',
    idempotency: 'stored',
    params,
    body: disputeUpdateParameters,
    expandable: DISPUTE_PATHS,
    answer: disputeObject,
    errors: DISPUTE_REASONS,
    examples: { body: { evidence: { uncategorized_text: 'winning_evidence' } } },
    handle: async (context, { params: { id: text }, body }) => {
      const id = parseId(DISPUTE_PREFIX, text)
      if (id === null) return missing(text)
      const change = {
        evidence: (body.evidence ?? {}) as Readonly<Record<string, string>>,
        submit: body.submit ?? null,
        metadata: body.metadata,
        hasDesk: hasDesk(door),
      }
      const applied = appliedOf(door, context)
      return answerDispute(door, context, updateDisputeUnit(unitRequest(context), id, change, applied))
    },
  })

const close = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'POST',
    path: `${PATH}/:id/close`,
    operation: 'closeDispute',
    summary: 'Give a dispute up',
    description: 'A chargeback is lost with it, and cannot be taken up again; an inquiry is closed.',
    permission: 'disputes.write',
    idempotency: 'stored',
    params,
    expandable: DISPUTE_PATHS,
    answer: disputeObject,
    errors: DISPUTE_REASONS,
    handle: async (context, { params: { id: text } }) => {
      const id = parseId(DISPUTE_PREFIX, text)
      if (id === null) return missing(text)
      return answerDispute(
        door,
        context,
        closeDisputeUnit(unitRequest(context), id, appliedOf(door, context)),
      )
    },
  })

const retrieve = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'GET',
    path: `${PATH}/:id`,
    operation: 'retrieveDispute',
    summary: 'Show a dispute',
    description: 'A dispute as it stands, with what it moved on the balance.',
    permission: 'disputes.read',
    params,
    expandable: DISPUTE_PATHS,
    answer: disputeObject,
    errors: DISPUTE_REASONS,
    handle: async (context, { params: { id } }) =>
      expandAnswer(door, context, (await find(door, context, id)) ?? missing(id)),
  })

type Filters = { readonly charge?: string; readonly payment_intent?: string }

const filtersOf = ({ charge, payment_intent: intent }: Filters) => {
  const wanted: { column: string; value: Uuid | null }[] = []
  if (charge !== undefined) wanted.push({ column: 'charge', value: parseId(CHARGE_PREFIX, charge) })
  if (intent !== undefined) wanted.push({ column: 'intent', value: parseId(INTENT_PREFIX, intent) })
  return wanted
}

const list = (door: PaymentsDoor): Route =>
  defineRoute({
    method: 'GET',
    path: PATH,
    operation: 'listDisputes',
    summary: 'List disputes',
    description: 'Newest first.',
    permission: 'disputes.read',
    query: listQuery({
      charge: Type.Optional(Type.String({ description: 'Only those of this charge.' })),
      payment_intent: Type.Optional(Type.String({ description: 'Only those of this payment.' })),
      created: Type.Optional(rangeFilter('When it was made')),
    }),
    expandable: DISPUTE_PATHS,
    answer: listOf(disputeObject),
    errors: DISPUTE_REASONS,
    handle: async (context, { query }) => {
      const filters = filtersOf(query)
      const wrong = filters.find(({ value }) => value === null)
      if (wrong !== undefined) {
        const isCharge = wrong.column === 'charge'
        const param = isCharge ? 'charge' : 'payment_intent'
        return missingReply(param, query[param] ?? '', param)
      }
      const found = await listRecords(door, context, {
        records: disputes,
        prefix: DISPUTE_PREFIX,
        noun: 'dispute',
        url: PATH,
        query,
        filters,
        show: (row) => row,
      })
      if (!('data' in found)) return found
      const data = await shownDisputes(door.read, scopeOf(context), found.data)
      return expandList(door, context, { ...found, data })
    },
  })

export const disputeRoutes = (door: PaymentsDoor): Route[] => [
  list(door),
  retrieve(door),
  update(door),
  close(door),
]
