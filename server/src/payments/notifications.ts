import { recordEvent } from '../events/index.ts'
import { parseId, type TenantId } from '../kit/index.ts'
import type { Notification, Rail } from '../rails/index.ts'
import { previousAttributes } from '../requests/index.ts'
import type { RefundTold } from './core/refunds.ts'
import { appliedByItself } from './dispute-desk.ts'
import { type DisputeNotification, tellDisputeUnit } from './dispute-units.ts'
import type { PaymentsDoor } from './door.ts'
import { paymentNotified } from './notified.ts'
import { toldBy } from './refund-outside.ts'
import { moveIds } from './refund-timer.ts'
import { tellRefundUnit, workRequest } from './refund-units.ts'
import { takeSettlement } from './settlement.ts'
import { attempts, charges } from './store/tables.ts'
import { showCharge } from './views.ts'
import { REFUND_PREFIX } from './views-refunds.ts'

type Of<Type extends Notification['type']> = Extract<Notification, { readonly type: Type }>

/** Thrown, so that the rail tells it again: what it is about has not been committed yet. */
const tooEarly = (what: string): Error =>
  new Error(`${what} is not there yet, so what was told of it was not taken in`)

const refundIdOf = (reference: string) =>
  reference.startsWith(`${REFUND_PREFIX}_`) ? parseId(REFUND_PREFIX, reference) : null

/** False where the reference is no refund's. */
const onRefund = async (
  door: PaymentsDoor,
  rail: Rail,
  { tenant, reference }: { readonly tenant: TenantId; readonly reference: string },
  told: RefundTold,
): Promise<boolean> => {
  const refund = refundIdOf(reference)
  if (refund === null) return false
  await door.commit.submit(
    tellRefundUnit(workRequest(tenant, door.clock.now()), {
      refund,
      told,
      applied: { ids: moveIds(door.clock), livemode: rail.isLive },
      isAnswer: false,
    }),
  )
  return true
}

const onDispute = async (door: PaymentsDoor, rail: Rail, told: DisputeNotification): Promise<boolean> => {
  const authorisation = parseId('', told.of)
  if (authorisation === null) return false
  const outcome = await door.commit.submit(
    tellDisputeUnit(workRequest(told.tenant, door.clock.now()), {
      rail: rail.name,
      told,
      authorisation,
      applied: appliedByItself(door, rail),
    }),
  )
  if (outcome.kind === 'decided' && outcome.answer.kind === 'early') throw tooEarly('The disputed charge')
  return true
}

/** There is no object for such a warning: the charge says what the rail reported. */
const onFraudWarning = async (
  door: PaymentsDoor,
  rail: Rail,
  { tenant, of }: Of<'early_fraud_warning'>,
): Promise<boolean> => {
  const id = parseId('', of)
  if (id === null) return false
  const outcome = await door.commit.submit({
    ...workRequest(tenant, door.clock.now()),
    name: 'payments.charges.warned',
    items: 1,
    duringAdvance: true,
    reads: [
      (declare) => declare(attempts.table, id),
      (declare, found) => {
        const attempt = found(attempts.table, id)
        if (attempt !== undefined) declare(charges.table, attempt.charge)
      },
    ],
    decide: (draft) => {
      const attempt = draft.get(attempts.table, id)
      const charge = attempt === undefined ? undefined : draft.get(charges.table, attempt.charge)
      if (charge === undefined) return { kind: 'answer', answer: false, reply: null }
      const after = { ...charge, fraudDetails: { ...charge.fraudDetails, stripeReport: 'fraudulent' } }
      const object = showCharge(after, rail.isLive)
      const previous = previousAttributes(showCharge(charge, rail.isLive), object)
      if (previous !== null) {
        draft.put(charges.table, charge.id, after)
        recordEvent(draft, { type: 'charge.updated', object, previous, request: null })
      }
      return { kind: 'answer', answer: true, reply: null }
    },
  })
  if (outcome.kind === 'decided' && !outcome.answer) throw tooEarly('The reported charge')
  return true
}

/**
 * Takes in what a rail tells by itself. The same thing told twice, late or in another order changes nothing more; what
 * cannot be taken in yet throws, and is told again.
 *
 * @returns whether it was about a payment
 */
export const onNotification =
  (door: PaymentsDoor, rail: Rail) =>
  async (told: Notification): Promise<boolean> => {
    switch (told.type) {
      case 'authentication':
        return await paymentNotified(door, told)
      case 'order':
        return (await onRefund(door, rail, told, toldBy(told.outcome))) || (await paymentNotified(door, told))
      case 'refund_failed':
        return await onRefund(door, rail, told, { kind: 'failed', reason: told.reason })
      case 'dispute':
        return await onDispute(door, rail, told)
      case 'early_fraud_warning':
        return await onFraudWarning(door, rail, told)
      case 'settlement':
        await takeSettlement(door, told.tenant, rail.name, told.settlement)
        return true
    }
  }
