import type { Replayed, RequestContext } from '../http/index.ts'
import { newUuid, type Reply, type Uuid } from '../kit/index.ts'
import { type Again, converse, livemodeOf, unitRequest } from '../requests/index.ts'
import type { RefundTold } from './core/refunds.ts'
import type { PaymentsDoor } from './door.ts'
import { askForRefund } from './refund-outside.ts'
import { moveIds } from './refund-timer.ts'
import { openRefundUnit, type RefundOrder, type RefundStep, tellRefundUnit } from './refund-units.ts'
import { disputes } from './store/tables.ts'

/** Disputes that one charge may have had: more than any rail opens. */
const DISPUTES_LOOKED_AT = 20

export type RefundWish = Pick<RefundOrder, 'of' | 'amount' | 'reason' | 'metadata'>

/**
 * A unit reads rows by their ids, and a charge names only its newest dispute. One that is opened between this look and
 * the unit is that newest one.
 */
const disputesOf = async (
  door: PaymentsDoor,
  { tenant }: RequestContext,
  { of }: RefundWish,
): Promise<Uuid[]> => {
  const filter =
    'charge' in of ? { column: 'charge', value: of.charge } : { column: 'intent', value: of.intent }
  const [rows = []] = await door.read(tenant, [
    disputes.list(tenant, {
      limit: DISPUTES_LOOKED_AT,
      cursor: null,
      direction: 'forward',
      filters: [filter],
    }),
  ])
  return rows.map((raw) => disputes.read(raw).id)
}

/** A refund from its request to the rail's answer: the money leaves the balance before the rail is asked. */
export const createRefund = async (
  door: PaymentsDoor,
  context: RequestContext,
  wish: RefundWish,
  again: Again,
): Promise<Reply | Replayed> => {
  const { tenant } = context
  const livemode = livemodeOf(context)
  const request = unitRequest(context)
  const order: RefundOrder = {
    ...wish,
    id: newUuid(door.clock.now()),
    ids: moveIds(door.clock),
    requestId: context.requestId,
    disputes: await disputesOf(door, context, wish),
  }
  return converse<RefundStep, RefundTold>(
    door,
    context,
    {
      open: (claim) => openRefundUnit({ ...request, claim }, order),
      outside: (step, isResumed) => askForRefund(door, tenant, step, isResumed),
      finish: (claim, step, told) =>
        tellRefundUnit(
          { ...request, claim },
          {
            refund: step.refund,
            told,
            applied: { ids: moveIds(door.clock), livemode },
            isAnswer: true,
          },
        ),
    },
    again,
  )
}
