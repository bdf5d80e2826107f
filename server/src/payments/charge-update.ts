import { customers } from '../customers/index.ts'
import type { Draft, Round } from '../database/index.ts'
import { recordEvent } from '../events/index.ts'
import { missingReply, type RequestContext, refusalReply } from '../http/index.ts'
import { type Reply, showId, type Uuid } from '../kit/index.ts'
import {
  livemodeOf,
  type Metadata,
  mergeMetadata,
  objectReply,
  previousAttributes,
  replyUnit,
} from '../requests/index.ts'
import type { Charge, Json } from './core/model.ts'
import { PAYMENT_REASONS } from './core/reasons.ts'
import { charges } from './store/tables.ts'
import { CHARGE_PREFIX, showCharge } from './views.ts'

export type ChargeChange = {
  readonly customer: Uuid | undefined
  readonly description: string | undefined
  readonly metadata: Metadata | '' | undefined
  readonly receiptEmail: string | undefined
  readonly shipping: Json | undefined
  readonly transferGroup: string | undefined
  readonly userReport: string | undefined
}

const HAS_CUSTOMER =
  'The charge has a customer already, which cannot be changed. A customer can be set where there is none.'

const unset = (sent: string | undefined, before: string | null): string | null =>
  sent === undefined ? before : sent === '' ? null : sent

const changed = (row: Charge, change: ChargeChange, metadata: Metadata): Charge => ({
  ...row,
  metadata,
  customer: change.customer ?? row.customer,
  description: unset(change.description, row.description),
  receiptEmail: unset(change.receiptEmail, row.receiptEmail),
  shipping: change.shipping ?? row.shipping,
  transferGroup: unset(change.transferGroup, row.transferGroup),
  fraudDetails: { ...row.fraudDetails, userReport: unset(change.userReport, row.fraudDetails.userReport) },
})

const refuse = (draft: Draft, row: Charge, { customer }: ChargeChange): Reply | null => {
  if (customer === undefined || customer === row.customer) return null
  if (row.customer !== null) {
    return refusalReply({
      kind: 'precondition',
      code: 'charge_invalid_parameter',
      message: HAS_CUSTOMER,
      param: 'customer',
    })
  }
  const found = draft.get(customers.table, customer)
  return found === undefined || found.deleted
    ? missingReply('customer', showId('cus', customer), 'customer')
    : null
}

/** What a charge says about itself may change; money and card never do. */
export const updateChargeUnit = (context: RequestContext, id: Uuid, change: ChargeChange) => {
  const reads: Round[] = [
    (declare) => {
      declare(charges.table, id)
      if (change.customer !== undefined) declare(customers.table, change.customer)
    },
  ]
  return replyUnit(context, 'payments.charges.update', reads, (draft) => {
    const before = draft.get(charges.table, id)
    if (before === undefined) return missingReply('charge', showId(CHARGE_PREFIX, id), 'charge')
    const refused = refuse(draft, before, change)
    if (refused !== null) return refused
    const metadata = mergeMetadata(before.metadata, change.metadata)
    if (metadata === null) {
      const { metadata_too_many_keys: reason } = PAYMENT_REASONS
      return refusalReply({ ...reason, code: 'metadata_too_many_keys' })
    }
    const livemode = livemodeOf(context)
    const row = changed(before, change, metadata)
    const object = showCharge(row, livemode)
    const previous = previousAttributes(showCharge(before, livemode), object)
    if (previous === null) return objectReply(object)
    draft.put(charges.table, id, row)
    const request = { id: context.requestId, idempotencyKey: context.claim?.key ?? null }
    recordEvent(draft, { type: 'charge.updated', object, previous, request })
    return objectReply(object)
  })
}
