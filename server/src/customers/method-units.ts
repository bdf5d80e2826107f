import type { Declare, Draft, Found } from '../database/index.ts'
import { recordEvent } from '../events/index.ts'
import { missingReply, refusalReply } from '../http/index.ts'
import { type Reply, showId, type Uuid } from '../kit/index.ts'
import { type Metadata, mergeMetadata, objectReply, previousAttributes } from '../requests/index.ts'
import { attachInDraft, type Doing, detachInDraft } from './attaching.ts'
import type { AllowRedisplay, Customer, PaymentMethod } from './core/model.ts'
import { missingCustomer, putCustomerChange, tooManyKeys } from './customer-units.ts'
import {
  type BillingDetailsData,
  declarePaymentMethod,
  type GivenMethod,
  isReply,
  putPaymentMethod,
  readBillingDetails,
  usablePaymentMethod,
} from './payment-method-source.ts'
import { customers, paymentMethods } from './store/tables.ts'
import { PAYMENT_METHOD_PREFIX, showPaymentMethod } from './views.ts'

export const missingMethod = (id: Uuid): Reply =>
  missingReply('PaymentMethod', showId(PAYMENT_METHOD_PREFIX, id))

const unexpected = (message: string): Reply =>
  refusalReply({ kind: 'precondition', code: 'payment_method_unexpected_state', message })

/** A payment method that comes into being by itself, attached to nobody. */
export const createMethod = (draft: Draft, given: GivenMethod, livemode: boolean): Reply => {
  const usable = usablePaymentMethod(draft, given, null)
  if (usable === null) return unexpected('The request gives no card.')
  if (usable.kind === 'refused') return usable.reply
  return objectReply(showPaymentMethod(putPaymentMethod(draft, given, usable.row), livemode))
}

export const declareAttach = (declare: Declare, given: GivenMethod, customer: Uuid): void => {
  declarePaymentMethod(declare, given)
  declare(customers.table, customer)
}

/** The row that would be attached, or why it cannot be. */
export const checkAttach = (draft: Draft, given: GivenMethod, customer: Uuid): PaymentMethod | Reply => {
  if (given.kind === 'existing') {
    const row = draft.get(paymentMethods.table, given.id)
    if (row === undefined) return missingMethod(given.id)
    if (row.customer !== null)
      return unexpected('The payment method you provided has already been attached to a customer.')
  }
  const owner = draft.get(customers.table, customer)
  if (owner === undefined || owner.deleted) return missingCustomer(customer, 'customer')
  const usable = usablePaymentMethod(draft, given, customer)
  if (usable === null) return unexpected('The request gives no card.')
  return usable.kind === 'refused' ? usable.reply : usable.row
}

export const attachMethod = (
  draft: Draft,
  { given, customer }: { readonly given: GivenMethod; readonly customer: Uuid },
  doing: Doing,
  change: (row: PaymentMethod) => PaymentMethod,
): Reply => {
  const row = checkAttach(draft, given, customer)
  if (isReply(row)) return row
  const attached = attachInDraft(draft, change(putPaymentMethod(draft, given, row)), customer, doing)
  return objectReply(showPaymentMethod(attached, doing.livemode))
}

/** A card's customer, for the round after the card is known. */
export const declareOwner = (declare: Declare, found: Found, id: Uuid): void => {
  const owner = found(paymentMethods.table, id)?.customer ?? null
  if (owner !== null) declare(customers.table, owner)
}

const withoutCard = (customer: Customer, card: Uuid): Customer => ({
  ...customer,
  defaultPaymentMethod: customer.defaultPaymentMethod === card ? null : customer.defaultPaymentMethod,
  defaultSource: customer.defaultSource === card ? null : customer.defaultSource,
})

/** Takes the card from its customer; where it was the default, there is none then. */
export const detachMethod = (draft: Draft, id: Uuid, doing: Doing): Reply => {
  const row = draft.get(paymentMethods.table, id)
  if (row === undefined) return missingMethod(id)
  if (row.customer === null) {
    return unexpected(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
    )
  }
  const owner = draft.get(customers.table, row.customer)
  const detached = detachInDraft(draft, row, doing)
  if (
    owner !== undefined &&
    !owner.deleted &&
    (owner.defaultPaymentMethod === id || owner.defaultSource === id)
  )
    putCustomerChange(draft, owner, withoutCard(owner, id), doing)
  return objectReply(showPaymentMethod(detached, doing.livemode))
}

export type MethodChange = {
  readonly allow_redisplay?: AllowRedisplay
  readonly billing_details?: BillingDetailsData
  readonly card?: { readonly exp_month?: number; readonly exp_year?: number }
  readonly metadata?: Metadata | ''
}

const changed = (row: PaymentMethod, change: MethodChange, metadata: Metadata): PaymentMethod => ({
  ...row,
  allowRedisplay: change.allow_redisplay ?? row.allowRedisplay,
  billingDetails: readBillingDetails(change.billing_details, row.billingDetails),
  card: {
    ...row.card,
    expMonth: change.card?.exp_month ?? row.card.expMonth,
    expYear: change.card?.exp_year ?? row.card.expYear,
  },
  metadata,
})

export const updateMethod = (draft: Draft, id: Uuid, change: MethodChange, doing: Doing): Reply => {
  const row = draft.get(paymentMethods.table, id)
  if (row === undefined) return missingMethod(id)
  if (row.customer === null)
    return unexpected('You must save this PaymentMethod to a customer before you can update it.')
  const metadata = mergeMetadata(row.metadata, change.metadata)
  if (metadata === null) return tooManyKeys()
  const after = changed(row, change, metadata)
  const shown = showPaymentMethod(after, doing.livemode)
  const previous = previousAttributes(showPaymentMethod(row, doing.livemode), shown)
  if (previous !== null) {
    draft.put(paymentMethods.table, id, after)
    recordEvent(draft, { type: 'payment_method.updated', object: shown, previous, request: doing.request })
  }
  return objectReply(shown)
}
