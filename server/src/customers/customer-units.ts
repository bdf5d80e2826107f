import type { Declare, Draft } from '../database/index.ts'
import { recordEvent } from '../events/index.ts'
import { missingReply, refusalReply } from '../http/index.ts'
import { type Reply, showId, type Uuid } from '../kit/index.ts'
import { type Metadata, mergeMetadata, objectReply, previousAttributes } from '../requests/index.ts'
import { attachInDraft, type Doing } from './attaching.ts'
import { type CustomerData, changeCustomer, deletedCustomer, emptyCustomer } from './core/customer-fields.ts'
import type { Customer, PaymentMethod } from './core/model.ts'
import { CUSTOMER_REASONS } from './errors.ts'
import {
  declarePaymentMethod,
  type GivenMethod,
  isReply,
  putPaymentMethod,
  usablePaymentMethod,
} from './payment-method-source.ts'
import { customers, paymentMethods } from './store/tables.ts'
import { CUSTOMER_PREFIX, PAYMENT_METHOD_PREFIX, showCustomer, showSource } from './views.ts'

/** Which card becomes the default: the one that comes with the request, one that the customer has, or none. */
export type DefaultMethod =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'none' }
  | { readonly kind: 'given' }
  | { readonly kind: 'own'; readonly id: Uuid; readonly param: string }

/** A customer that is made or changed. Plain JSON: it is the durable step while its card is verified. */
export type CustomerWrite = {
  readonly id: Uuid
  readonly isNew: boolean
  readonly data: CustomerData
  readonly metadata: Metadata | '' | null
  readonly testClock: string | null
  readonly method: GivenMethod
  /** The card came as `source`: it becomes the default source. */
  readonly isSource: boolean
  readonly defaultMethod: DefaultMethod
  readonly defaultSource: { readonly id: Uuid; readonly param: string } | null
}

export const missingCustomer = (id: Uuid, param = 'id'): Reply =>
  missingReply('customer', showId(CUSTOMER_PREFIX, id), param)

export const tooManyKeys = (): Reply =>
  refusalReply({ ...CUSTOMER_REASONS.metadata_too_many_keys, code: 'metadata_too_many_keys' })

const notTheCustomers = (id: Uuid, param: string): Reply =>
  refusalReply({
    kind: 'not_found',
    code: 'resource_missing',
    message: `The customer does not have a payment method with the ID ${showId(PAYMENT_METHOD_PREFIX, id)}. The payment method must be attached to the customer.`,
    param,
  })

export const declareCustomer = (declare: Declare, write: CustomerWrite): void => {
  declare(customers.table, write.id)
  declarePaymentMethod(declare, write.method)
  if (write.defaultMethod.kind === 'own') declare(paymentMethods.table, write.defaultMethod.id)
  if (write.defaultSource !== null) declare(paymentMethods.table, write.defaultSource.id)
}

type CheckedCustomer = {
  readonly before: Customer | null
  readonly after: Customer
  /** The card that comes with the request, not written yet. */
  readonly method: PaymentMethod | null
}

const refuseOwn = (draft: Draft, customer: Uuid, own: { id: Uuid; param: string } | null): Reply | null => {
  if (own === null) return null
  const row = draft.get(paymentMethods.table, own.id)
  return row?.customer === customer ? null : notTheCustomers(own.id, own.param)
}

const defaultAfter = (write: CustomerWrite, before: Uuid | null): Uuid | null => {
  const { defaultMethod, method } = write
  switch (defaultMethod.kind) {
    case 'unchanged':
      return before
    case 'none':
      return null
    case 'own':
      return defaultMethod.id
    case 'given':
      return method.kind === 'none' ? before : method.id
  }
}

const defaultSourceAfter = (write: CustomerWrite, before: Uuid | null): Uuid | null => {
  if (write.defaultSource !== null) return write.defaultSource.id
  return write.isSource && write.method.kind !== 'none' ? write.method.id : before
}

/** Everything that can be refused, and what would stand then. Nothing is written. */
export const checkCustomer = (draft: Draft, write: CustomerWrite): CheckedCustomer | Reply => {
  const before = write.isNew ? null : (draft.get(customers.table, write.id) ?? null)
  if (!write.isNew && (before === null || before.deleted)) return missingCustomer(write.id)
  const base = before ?? { ...emptyCustomer(write.id, 0n), testClock: write.testClock }
  const metadata = mergeMetadata(base.metadata, write.metadata ?? undefined)
  if (metadata === null) return tooManyKeys()
  const usable = usablePaymentMethod(draft, write.method, write.id)
  if (usable?.kind === 'refused') return usable.reply
  const own = write.defaultMethod.kind === 'own' ? write.defaultMethod : null
  const refused = refuseOwn(draft, write.id, own) ?? refuseOwn(draft, write.id, write.defaultSource)
  if (refused !== null) return refused
  const after: Customer = {
    ...changeCustomer(base, write.data, metadata),
    defaultPaymentMethod: defaultAfter(write, base.defaultPaymentMethod),
    defaultSource: defaultSourceAfter(write, base.defaultSource),
  }
  return { before, after, method: usable?.row ?? null }
}

const recordChange = (draft: Draft, before: Customer, after: Customer, doing: Doing): void => {
  const shown = showCustomer(after, doing.livemode)
  const previous = previousAttributes(showCustomer(before, doing.livemode), shown)
  if (previous === null) return
  recordEvent(draft, { type: 'customer.updated', object: shown, previous, request: doing.request })
}

/** Changes a customer from within another decision, with its event. */
export const putCustomerChange = (draft: Draft, before: Customer, after: Customer, doing: Doing): void => {
  draft.put(customers.table, after.id, after)
  recordChange(draft, before, after, doing)
}

/** Makes or changes the customer, and attaches its card. `change` notes what the rail found of the card. */
export const writeCustomer = (
  draft: Draft,
  write: CustomerWrite,
  doing: Doing,
  change: (row: PaymentMethod) => PaymentMethod = (row) => row,
): Reply => {
  const checked = checkCustomer(draft, write)
  if (isReply(checked)) return checked
  const { before } = checked
  const after = before === null ? { ...checked.after, createdMicros: draft.nextTime() } : checked.after
  const shown = showCustomer(after, doing.livemode)
  draft.put(customers.table, after.id, after)
  if (before === null) recordEvent(draft, { type: 'customer.created', object: shown, request: doing.request })
  if (checked.method !== null) {
    const made = putPaymentMethod(draft, write.method, checked.method)
    const attached = attachInDraft(draft, change(made), after.id, doing)
    if (write.isSource) {
      recordEvent(draft, {
        type: 'customer.source.created',
        object: showSource(attached),
        request: doing.request,
      })
    }
  }
  if (before !== null) recordChange(draft, before, after, doing)
  return objectReply(shown)
}

/** Deletes the customer. The cards that are declared and still its own are detached, in silence as Stripe does it. */
export const deleteCustomer = (draft: Draft, id: Uuid, cards: readonly Uuid[], doing: Doing): Reply => {
  const before = draft.get(customers.table, id)
  if (before === undefined || before.deleted) return missingCustomer(id)
  for (const card of cards) {
    const row = draft.get(paymentMethods.table, card)
    if (row?.customer === id) draft.put(paymentMethods.table, card, { ...row, customer: null, isSpent: true })
  }
  const after = deletedCustomer(before)
  draft.put(customers.table, id, after)
  recordEvent(draft, {
    type: 'customer.deleted',
    object: showCustomer(before, doing.livemode),
    request: doing.request,
  })
  return objectReply(showCustomer(after, doing.livemode))
}
