import { setTimeout as pause } from 'node:timers/promises'
import { showId, type TenantId, type Uuid } from '../kit/index.ts'
import type { Authorised, FollowUp, Rail } from '../rails/index.ts'
import { careful, within } from './ask-rail.ts'
import type { RefundTold } from './core/refunds.ts'
import type { PaymentsDoor } from './door.ts'
import { railNamed } from './door.ts'
import { ANSWER_BUDGET_MS, ENQUIRY_PAUSES_MS } from './limits.ts'
import type { RefundStep } from './refund-units.ts'
import { REFUND_PREFIX } from './views-refunds.ts'

/** A refund's name at the rail: one for ever, so that whatever is sent how often is one order. */
export const refundReference = (id: Uuid): string => showId(REFUND_PREFIX, id)

/** Stripe's failure reasons, as far as a rail's decline says one. */
const reasonOf = (declineCode: string | null): string => {
  switch (declineCode) {
    case 'lost_card':
    case 'stolen_card':
      return 'lost_or_stolen_card'
    case 'expired_card':
      return 'expired_or_canceled_card'
    case 'insufficient_funds':
      return 'insufficient_funds'
    default:
      return 'declined'
  }
}

/** What a rail's answer says of a refund. An answer that makes no sense for one is no answer. */
export const toldBy = (answer: Authorised): RefundTold => {
  switch (answer.kind) {
    case 'succeeded':
    case 'pending':
      return { kind: answer.kind, railReference: answer.railReference }
    case 'declined':
      return { kind: 'failed', reason: reasonOf(answer.declineCode) }
    case 'unknown':
    case 'requires_action':
      return { kind: 'unknown' }
  }
}

const orderOf = (tenant: TenantId, step: RefundStep): FollowUp => ({
  tenant,
  reference: refundReference(step.refund),
  of: step.authorisation,
  amount: BigInt(step.amount),
  currency: step.currency,
})

/** Sent again only where the rail says that it never came, and then under the same reference. */
const enquireOrSend = async (rail: Rail, order: FollowUp): Promise<Authorised> => {
  const found = await careful(() => rail.enquire(order.tenant, order.reference))
  return found.kind === 'not_found' ? careful(() => rail.refund(order) as Promise<Authorised>) : found
}

/**
 * Gives the order to the rail, outside every transaction, and asks again for a while where no answer came.
 * @param isResumed somebody may have sent it before: the rail is asked first
 */
export const askForRefund = async (
  { rails, clock }: Pick<PaymentsDoor, 'rails' | 'clock'>,
  tenant: TenantId,
  step: RefundStep,
  isResumed: boolean,
): Promise<RefundTold> => {
  const rail = railNamed(rails, step.rail)
  const order = orderOf(tenant, step)
  const untilMs = clock.now() + ANSWER_BUDGET_MS
  const left = (): number => Math.max(0, untilMs - clock.now())
  const first = isResumed
    ? enquireOrSend(rail, order)
    : careful(() => rail.refund(order) as Promise<Authorised>)
  let answer = await within(first, left())
  for (const pauseMs of ENQUIRY_PAUSES_MS) {
    if (answer.kind !== 'unknown' || left() <= pauseMs) break
    await pause(pauseMs)
    answer = await within(enquireOrSend(rail, order), left())
  }
  return toldBy(answer)
}
