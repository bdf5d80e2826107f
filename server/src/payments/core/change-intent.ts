import { currencyOf, isMoney, type MoneyCurrency, stripeFromMinor, type Uuid } from '../../kit/index.ts'
import { readAmount } from './amounts.ts'
import { refuseChange } from './machine.ts'
import type { Intent, Json, Metadata } from './model.ts'
import type { Refused } from './refused.ts'

export type CardOptions = {
  readonly capture_method?: 'manual' | ''
  readonly request_three_d_secure?: 'automatic' | 'any' | 'challenge'
  readonly setup_future_usage?: 'none' | 'off_session' | 'on_session' | ''
}

/** What requests set on an intent, in the wire's names; an empty text takes back what was set. */
export type IntentInput = {
  readonly amount?: number
  readonly currency?: MoneyCurrency
  readonly customer?: Uuid
  readonly description?: string
  readonly metadata?: Metadata
  readonly receipt_email?: string
  readonly return_url?: string
  readonly shipping?: Json
  readonly statement_descriptor?: string
  readonly statement_descriptor_suffix?: string
  readonly transfer_group?: string
  readonly setup_future_usage?: 'off_session' | 'on_session' | ''
  readonly capture_method?: Intent['captureMethod']
  readonly payment_method_types?: readonly string[]
  readonly payment_method_options?: { readonly card?: CardOptions }
}

/** What may not change once money is held or moved, and how a refusal names it. */
const FIXED = [
  ['amount', 'amount'],
  ['currency', 'currency'],
  ['customer', 'customer'],
  ['setup_future_usage', 'setup_future_usage'],
  ['capture_method', 'capture_method'],
  ['payment_method_types', 'payment_method_types'],
  ['payment_method_options', 'payment_method_options'],
  ['return_url', 'return_url'],
  ['statement_descriptor', 'statement_descriptor'],
  ['statement_descriptor_suffix', 'statement_descriptor_suffix'],
] as const satisfies readonly (readonly [keyof IntentInput, string])[]

const refuseFixed = (intent: Intent, input: IntentInput): Refused | null => {
  for (const [field, name] of FIXED) {
    if (input[field] === undefined) continue
    const message = refuseChange(name, intent.status)
    if (message !== null)
      return { kind: 'precondition', code: 'payment_intent_unexpected_state', message, param: field }
  }
  return null
}

/** Only what is set, so that the rest of the old options stays. */
const withOptions = (before: Json, options: IntentInput['payment_method_options']): Json => {
  if (options?.card === undefined) return before
  const old = (typeof before === 'object' && before !== null ? (before as { card?: Json }).card : {}) ?? {}
  const merged = { ...(old as Readonly<Record<string, Json>>), ...options.card }
  return { card: Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== '')) as Json }
}

const unset = <T extends string>(sent: T | '' | undefined, before: T | null): T | null =>
  sent === undefined ? before : sent === '' ? null : sent

type Change = { readonly intent: Intent } | Refused

/** A new currency without an amount keeps the number that was sent; null where the currency stays. */
const amountInStripe = (intent: Intent, currency: MoneyCurrency): number | null => {
  if (intent.currency === '' || intent.currency === currency.code) return null
  const before = currencyOf(intent.currency)
  const amount = before === null || !isMoney(before) ? null : stripeFromMinor(before, intent.amount)
  return typeof amount === 'bigint' ? Number(amount) : null
}

const withAmount = (intent: Intent, currency: MoneyCurrency, sent: number | undefined): Change => {
  const wanted = sent ?? amountInStripe(intent, currency)
  if (wanted === null) return { intent: { ...intent, currency: currency.code } }
  const amount = readAmount(currency, wanted)
  if ('code' in amount) return { kind: 'invalid', ...amount, param: 'amount' }
  return { intent: { ...intent, amount: amount.minor, currency: currency.code } }
}

/** Everything but amount and currency. */
const withDetails = (intent: Intent, input: IntentInput): Intent => ({
  ...intent,
  customer: input.customer ?? intent.customer,
  description: unset(input.description, intent.description),
  metadata: input.metadata ?? intent.metadata,
  receiptEmail: unset(input.receipt_email, intent.receiptEmail),
  returnUrl: input.return_url ?? intent.returnUrl,
  shipping: input.shipping === undefined ? intent.shipping : input.shipping === '' ? null : input.shipping,
  statementDescriptor: unset(input.statement_descriptor, intent.statementDescriptor),
  statementDescriptorSuffix: unset(input.statement_descriptor_suffix, intent.statementDescriptorSuffix),
  transferGroup: unset(input.transfer_group, intent.transferGroup),
  setupFutureUsage: unset(input.setup_future_usage, intent.setupFutureUsage),
  captureMethod: input.capture_method ?? intent.captureMethod,
  paymentMethodTypes: input.payment_method_types ?? intent.paymentMethodTypes,
  paymentMethodOptions: withOptions(intent.paymentMethodOptions, input.payment_method_options),
})

/**
 * The intent with what a request sets, or why that may not be.
 *
 * @param currency that of the request, or the intent's own
 */
export const changeIntent = (intent: Intent, input: IntentInput, currency: MoneyCurrency): Change => {
  const refused = refuseFixed(intent, input)
  if (refused !== null) return refused
  if (
    input.customer !== undefined &&
    intent.customer !== null &&
    input.customer !== intent.customer &&
    intent.paymentMethod !== null
  ) {
    return {
      kind: 'precondition',
      code: 'payment_intent_invalid_parameter',
      message:
        'The customer cannot be changed while a payment method of another one is set: send a payment_method with it.',
      param: 'customer',
    }
  }
  const changed = withAmount(intent, currency, input.amount)
  return 'intent' in changed ? { intent: withDetails(changed.intent, input) } : changed
}

const cardOptions = (intent: Intent): CardOptions => {
  const { paymentMethodOptions: options } = intent
  return ((typeof options === 'object' && options !== null ? (options as { card?: Json }).card : null) ??
    {}) as CardOptions
}

/** Whether the money is only held, to be captured later. */
export const isManual = (intent: Intent): boolean =>
  intent.captureMethod === 'manual' || cardOptions(intent).capture_method === 'manual'

export const threeDSecureWanted = (intent: Intent): 'automatic' | 'any' | 'challenge' =>
  cardOptions(intent).request_three_d_secure ?? 'automatic'

/** Whether the card is to become the customer's once it has paid. */
export const isToBeSaved = (intent: Intent): boolean => {
  const own = cardOptions(intent).setup_future_usage
  return own === undefined || own === '' ? intent.setupFutureUsage !== null : own !== 'none'
}
