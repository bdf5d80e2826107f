import type { Draft } from '../database/index.ts'
import { type EventRequest, recordEvent } from '../events/index.ts'
import type { Uuid } from '../kit/index.ts'
import type { PaymentMethod } from './core/model.ts'
import { paymentMethods } from './store/tables.ts'
import { showPaymentMethod } from './views.ts'

/** Whose doing it is, and whether it is live: what every event needs. */
export type Doing = { readonly request: EventRequest | null; readonly livemode: boolean }

/** Makes the card the customer's, with its event. What is the customer's already stays as it is. */
export const attachInDraft = (
  draft: Draft,
  row: PaymentMethod,
  customer: Uuid,
  { request, livemode }: Doing,
): PaymentMethod => {
  if (row.customer === customer) return row
  const attached = { ...row, customer, isSpent: false }
  draft.put(paymentMethods.table, row.id, attached)
  recordEvent(draft, {
    type: 'payment_method.attached',
    object: showPaymentMethod(attached, livemode),
    request,
  })
  return attached
}

/** Takes it from its customer: it may never be used again. */
export const detachInDraft = (
  draft: Draft,
  row: PaymentMethod,
  { request, livemode }: Doing,
): PaymentMethod => {
  const detached = { ...row, customer: null, isSpent: true }
  draft.put(paymentMethods.table, row.id, detached)
  recordEvent(draft, {
    type: 'payment_method.detached',
    object: showPaymentMethod(detached, livemode),
    previous: { customer: showPaymentMethod(row, livemode).customer },
    request,
  })
  return detached
}

/** A card that was used without a customer is used up. */
export const spendInDraft = (draft: Draft, row: PaymentMethod): PaymentMethod => {
  if (row.customer !== null || row.isSpent) return row
  const spent = { ...row, isSpent: true }
  draft.put(paymentMethods.table, row.id, spent)
  return spent
}
