import {
  customers,
  declarePaymentMethod,
  type GivenMethod,
  type PaymentMethod,
  paymentMethods,
  usablePaymentMethod,
} from '../customers/index.ts'
import type { Draft, Round } from '../database/index.ts'
import { missingNamedReply, refusalReply } from '../http/index.ts'
import { Fault, type MoneyCurrency, type Reply, showId, type Uuid } from '../kit/index.ts'
import { type Metadata, mergeMetadata, noSuchReply } from '../requests/index.ts'
import { moneyOf } from './chart.ts'
import { declareCaps, declareWays } from './choose-way.ts'
import { changeIntent, type IntentInput } from './core/change-intent.ts'
import { refuseCommand } from './core/machine.ts'
import type { Intent } from './core/model.ts'
import { type NewIntent, newIntent } from './core/new-intent.ts'
import { PAYMENT_REASONS } from './core/reasons.ts'
import { isRefused } from './core/refused.ts'
import { declareGivingBack } from './give-back.ts'
import { attempts, intents } from './store/tables.ts'
import { INTENT_PREFIX } from './views.ts'
import { refusedReply, type World } from './world.ts'

/** A payment that is made or changed, and perhaps confirmed, by one request. */
export type Asked = {
  /** A new payment, or the one that is there. */
  readonly intent: Uuid
  readonly made: Pick<NewIntent, 'confirmationMethod' | 'automaticPaymentMethods'> | null
  readonly input: IntentInput
  /** Added to what stands there. */
  readonly metadata: Metadata | '' | undefined
  readonly method: GivenMethod
  readonly confirm: {
    readonly offSession: boolean
    readonly errorOnAction: boolean
  } | null
}

/** Somebody else is at it: nothing was done, and the same key may be tried again. */
export const locked = (): Fault =>
  new Fault(
    'This object cannot be accessed right now because another request is working on it. Nothing was done. It is safe to retry with the same Idempotency-Key.',
    { kind: 'exhausted', code: 'lock_timeout', retryAfterS: 1 },
  )

/** Whether a request is just now asking the rail. */
export const isAtWork = (draft: Draft, intent: Intent): boolean =>
  intent.latestAttempt !== null && draft.get(attempts.table, intent.latestAttempt)?.state === 'sent'

export const readsOf = (asked: Asked): Round[] => [
  (declare) => {
    declare(intents.table, asked.intent)
    declarePaymentMethod(declare, asked.method)
    if (asked.input.customer !== undefined) declare(customers.table, asked.input.customer)
    if (asked.confirm !== null) declareWays(declare)
  },
  (declare, found) => {
    if (asked.confirm !== null) declareCaps(declare, found)
    const row = found(intents.table, asked.intent)
    if (row === undefined) return
    if (row.paymentMethod !== null) declare(paymentMethods.table, row.paymentMethod)
    if (row.latestAttempt !== null) declare(attempts.table, row.latestAttempt)
  },
  (declare, found) => {
    const latest = found(intents.table, asked.intent)?.latestAttempt ?? null
    if (latest !== null) declareGivingBack(declare, found(attempts.table, latest))
  },
]

export type Ready = {
  readonly intent: Intent
  /** The card that it would be paid with; where it comes with the request, it is not written yet. */
  readonly method: PaymentMethod | null
  readonly isNew: boolean
}
export type Stopped = { readonly reply: Reply }

export const isStopped = (value: object): value is Stopped => 'reply' in value

/** The payment as it stands, or a new one with nothing set. */
const startingPoint = (draft: Draft, asked: Asked): Intent | undefined => {
  const { made } = asked
  if (made === null) return draft.get(intents.table, asked.intent)
  return newIntent({ id: asked.intent, createdMicros: draft.nextTime(), ...made })
}

const currencyOf = (asked: Asked, intent: Intent): MoneyCurrency =>
  asked.input.currency ?? moneyOf(intent.currency)

/** Which card the payment has after the request; where it is not there or not his, the refusal. */
const methodOf = (draft: Draft, asked: Asked, intent: Intent): PaymentMethod | null | Stopped => {
  const given: GivenMethod =
    asked.method.kind === 'none' && intent.paymentMethod !== null
      ? { kind: 'existing', id: intent.paymentMethod, param: 'payment_method' }
      : asked.method
  const isUnchanged = asked.method.kind === 'none' && asked.confirm === null
  if (isUnchanged) return null
  const usable = usablePaymentMethod(draft, given, intent.customer)
  if (usable === null) return null
  return usable.kind === 'refused' ? { reply: usable.reply } : usable.row
}

const setMethod = (intent: Intent, method: PaymentMethod | null): Intent => {
  if (method === null) return intent
  const waits = intent.status === 'requires_payment_method' || intent.status === 'requires_action'
  return {
    ...intent,
    paymentMethod: method.id,
    status: waits ? 'requires_confirmation' : intent.status,
    nextAction: waits ? null : intent.nextAction,
  }
}

const refuseCustomer = (draft: Draft, { input }: Asked): Stopped | null => {
  if (input.customer === undefined) return null
  const customer = draft.get(customers.table, input.customer)
  if (customer !== undefined && !customer.deleted) return null
  return { reply: missingNamedReply('customer', showId('cus', input.customer), 'customer') }
}

const TOO_MUCH_METADATA = { ...PAYMENT_REASONS.metadata_too_many_keys, code: 'metadata_too_many_keys' }

const refuseState = (draft: Draft, world: World, asked: Asked, before: Intent): Stopped | null => {
  const isConfirm = asked.confirm !== null
  if (!isConfirm && asked.method.kind === 'none') return null
  if (isConfirm && before.status === 'processing' && isAtWork(draft, before)) throw locked()
  const message = refuseCommand(isConfirm ? 'confirm' : 'update', before.status)
  if (message === null) return null
  const refused = { kind: 'precondition', code: 'payment_intent_unexpected_state', message } as const
  return { reply: refusedReply(world, refused, before) }
}

/** Everything that a request sets, checked; nothing is written yet. */
export const prepare = (draft: Draft, world: World, asked: Asked): Ready | Stopped => {
  const before = startingPoint(draft, asked)
  if (before === undefined) {
    return { reply: noSuchReply('payment_intent', showId(INTENT_PREFIX, asked.intent), 'intent') }
  }
  const refusedCustomer = refuseCustomer(draft, asked)
  if (refusedCustomer !== null) return refusedCustomer
  const refused = refuseState(draft, world, asked, before)
  if (refused !== null) return refused
  const metadata = mergeMetadata(before.metadata, asked.metadata)
  if (metadata === null) return { reply: refusalReply(TOO_MUCH_METADATA) }
  const changed = changeIntent(before, { ...asked.input, metadata }, currencyOf(asked, before))
  if (isRefused(changed)) return { reply: refusedReply(world, changed, before) }
  const method = methodOf(draft, asked, changed.intent)
  if (method !== null && isStopped(method)) return method
  return { intent: setMethod(changed.intent, method), method, isNew: asked.made !== null }
}
