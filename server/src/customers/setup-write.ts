import type { Declare, Draft } from '../database/index.ts'
import { recordEvent } from '../events/index.ts'
import { refusalReply } from '../http/index.ts'
import type { Reply, Uuid } from '../kit/index.ts'
import { type Metadata, mergeMetadata, objectReply } from '../requests/index.ts'
import type { Doing } from './attaching.ts'
import { orNull } from './core/customer-fields.ts'
import type { PaymentMethod, SetupIntent } from './core/model.ts'
import { isSetupOver, nextSetupStatus } from './core/setup-machine.ts'
import { missingCustomer, tooManyKeys } from './customer-units.ts'
import {
  declarePaymentMethod,
  type GivenMethod,
  isReply,
  putPaymentMethod,
  usablePaymentMethod,
} from './payment-method-source.ts'
import { abandonLatest, unexpectedState } from './setup-begin.ts'
import { customers, paymentMethods, setupIntents } from './store/tables.ts'
import { showSetupIntent } from './views.ts'

/** An intent that is to be made. Plain JSON: with confirm it is within the durable step. */
export type NewSetupIntent = Pick<
  SetupIntent,
  | 'id'
  | 'automaticPaymentMethods'
  | 'customer'
  | 'description'
  | 'metadata'
  | 'requestThreeDSecure'
  | 'returnUrl'
  | 'secret'
  | 'usage'
>

export const declareNew = (declare: Declare, wanted: NewSetupIntent, given: GivenMethod): void => {
  declarePaymentMethod(declare, given)
  if (wanted.customer !== null) declare(customers.table, wanted.customer)
}

export const refuseCustomer = (draft: Draft, customer: Uuid | null): Reply | null => {
  if (customer === null) return null
  const row = draft.get(customers.table, customer)
  return row === undefined || row.deleted ? missingCustomer(customer, 'customer') : null
}

type MadeIntent = { readonly intent: SetupIntent; readonly method: PaymentMethod | null }

/** Makes the intent, with its card where one is given, and tells of it. */
export const makeIntent = (
  draft: Draft,
  wanted: NewSetupIntent,
  given: GivenMethod,
  { livemode, request }: Doing,
): MadeIntent | Reply => {
  const refused = refuseCustomer(draft, wanted.customer)
  if (refused !== null) return refused
  const usable = usablePaymentMethod(draft, given, wanted.customer)
  if (usable?.kind === 'refused') return usable.reply
  const method = usable === null ? null : putPaymentMethod(draft, given, usable.row)
  const intent: SetupIntent = {
    ...wanted,
    createdMicros: draft.nextTime(),
    status: method === null ? 'requires_payment_method' : 'requires_confirmation',
    cancellationReason: null,
    lastError: null,
    latestAttempt: null,
    nextAction: null,
    paymentMethod: method?.id ?? null,
  }
  draft.put(setupIntents.table, intent.id, intent)
  recordEvent(draft, { type: 'setup_intent.created', object: showSetupIntent(intent, livemode), request })
  return { intent, method }
}

type SetupChange = {
  readonly customer: Uuid | null
  readonly description: string | null
  readonly metadata: Metadata | '' | null
  readonly given: GivenMethod
  /** An empty payment_method takes the card away. */
  readonly takesCard: boolean
  readonly requestThreeDSecure: SetupIntent['requestThreeDSecure']
}

const cardAfter = (
  draft: Draft,
  intent: SetupIntent,
  change: SetupChange,
): Pick<SetupIntent, 'status' | 'paymentMethod'> | Reply => {
  const { given, takesCard } = change
  if (takesCard)
    return { status: nextSetupStatus(intent.status, 'take') ?? intent.status, paymentMethod: null }
  const customer = change.customer ?? intent.customer
  const own = intent.paymentMethod
  const kept: GivenMethod =
    own === null ? { kind: 'none' } : { kind: 'existing', id: own, param: 'payment_method' }
  const usable = usablePaymentMethod(draft, given.kind === 'none' ? kept : given, customer)
  if (usable === null) return { status: intent.status, paymentMethod: null }
  if (usable.kind === 'refused') return usable.reply
  if (given.kind === 'none') return { status: intent.status, paymentMethod: own }
  const { id } = putPaymentMethod(draft, given, usable.row)
  return { status: nextSetupStatus(intent.status, 'give') ?? intent.status, paymentMethod: id }
}

const touchesMore = (change: SetupChange): boolean =>
  change.customer !== null ||
  change.given.kind !== 'none' ||
  change.takesCard ||
  change.requestThreeDSecure !== null

export const declareOwnCard = (
  declare: Declare,
  found: (table: typeof setupIntents.table, id: string) => SetupIntent | undefined,
  id: Uuid,
): void => {
  const own = found(setupIntents.table, id)?.paymentMethod ?? null
  if (own !== null) declare(paymentMethods.table, own)
}

/** Changes an intent. Once it is over, or at its rail, only what people wrote to it changes. */
export const updateIntent = (draft: Draft, intent: SetupIntent, change: SetupChange, doing: Doing): Reply => {
  if (touchesMore(change) && (isSetupOver(intent.status) || intent.status === 'processing')) {
    return unexpectedState(
      intent,
      `This SetupIntent could not be updated because it has a status of ${intent.status}. You may only update its description and metadata now.`,
      doing.livemode,
    )
  }
  const metadata = mergeMetadata(intent.metadata, change.metadata ?? undefined)
  if (metadata === null) return tooManyKeys()
  const refused = refuseCustomer(draft, change.customer)
  if (refused !== null) return refused
  const card = touchesMore(change)
    ? cardAfter(draft, intent, change)
    : { status: intent.status, paymentMethod: intent.paymentMethod }
  if (isReply(card)) return card
  if (intent.status === 'requires_action' && card.status !== 'requires_action') abandonLatest(draft, intent)
  const after: SetupIntent = {
    ...intent,
    ...card,
    nextAction: card.status === 'requires_action' ? intent.nextAction : null,
    customer: change.customer ?? intent.customer,
    description: change.description === null ? intent.description : orNull(change.description),
    metadata,
    requestThreeDSecure: change.requestThreeDSecure ?? intent.requestThreeDSecure,
  }
  draft.put(setupIntents.table, after.id, after)
  return objectReply(showSetupIntent(after, doing.livemode))
}

export const cancelIntent = (
  draft: Draft,
  intent: SetupIntent,
  reason: SetupIntent['cancellationReason'],
  { livemode, request }: Doing,
): Reply => {
  const status = nextSetupStatus(intent.status, 'cancel')
  if (status === null) {
    return unexpectedState(
      intent,
      `You cannot cancel this SetupIntent because it has a status of ${intent.status}. Only a SetupIntent with one of the following statuses may be canceled: requires_payment_method, requires_confirmation, requires_action.`,
      livemode,
    )
  }
  abandonLatest(draft, intent)
  const after: SetupIntent = { ...intent, status, cancellationReason: reason, nextAction: null }
  draft.put(setupIntents.table, after.id, after)
  const shown = showSetupIntent(after, livemode)
  recordEvent(draft, { type: 'setup_intent.canceled', object: shown, request })
  return objectReply(shown)
}

/** For publishable keys: the secret is the intent's, or nothing is said about it. */
export const refuseSecret = (): Reply =>
  refusalReply({
    kind: 'invalid',
    code: 'client_secret_invalid',
    message:
      'The client_secret provided does not match any associated SetupIntent on this account. Ensure the publishable key used belongs to the same account that created the SetupIntent.',
    param: 'client_secret',
  })
