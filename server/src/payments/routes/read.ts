import type { RequestContext } from '../../http/index.ts'
import type { Uuid } from '../../kit/index.ts'
import { readIdOf, readMoneyCurrency, readNamedId, Unreadable } from '../../requests/index.ts'
import type { CardOptions, IntentInput } from '../core/change-intent.ts'
import type { Intent, Json } from '../core/model.ts'
import { PAYMENT_REASONS } from '../core/reasons.ts'
import type { ClientSecrets } from '../secrets.ts'
import { CHARGE_PREFIX, INTENT_PREFIX, LAUNCH_PREFIX } from '../views.ts'

export const readIntentId = (text: string, param = 'intent'): Uuid =>
  readIdOf('payment_intent', INTENT_PREFIX, text, param)
export const readChargeId = (text: string): Uuid => readIdOf('charge', CHARGE_PREFIX, text, 'charge')
export const readCustomerId = (text: string): Uuid => readNamedId('customer', 'cus', text, 'customer')
export const readLaunchId = (text: string): Uuid => readNamedId('launch', LAUNCH_PREFIX, text, 'launch')

const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/

export const readEmail = (text: string, param: string): string => {
  if (text === '' || EMAIL.test(text)) return text
  throw new Unreadable('email_invalid', param, `Invalid email address: ${text.slice(0, 100)}`)
}

const SCRIPTS = ['javascript:', 'data:', 'vbscript:', 'blob:', 'file:']

/** Web addresses, and the schemes that apps have of their own. */
const readReturnUrl = (text: string): string => {
  const url = URL.parse(text)
  if (url !== null && !SCRIPTS.includes(url.protocol)) return text
  throw new Unreadable(
    'url_invalid',
    'return_url',
    'Not a valid URL: return_url must be an absolute address.',
  )
}

const FORBIDDEN = /[<>\\'"*]/

export const readDescriptor = (text: string, param: string): string => {
  if (text === '' || (/\p{L}/u.test(text) && !FORBIDDEN.test(text))) return text
  throw new Unreadable(
    'statement_descriptor_invalid',
    param,
    `Invalid ${param}: ${PAYMENT_REASONS.statement_descriptor_invalid.message}`,
  )
}

/** The parameters as the schemas give them. */
export type Body = {
  readonly amount?: number
  readonly currency?: string
  readonly customer?: string
  readonly description?: string
  readonly receipt_email?: string
  readonly return_url?: string
  readonly shipping?: unknown
  readonly statement_descriptor?: string
  readonly statement_descriptor_suffix?: string
  readonly transfer_group?: string
  readonly setup_future_usage?: 'off_session' | 'on_session' | ''
  readonly capture_method?: Intent['captureMethod']
  readonly payment_method_types?: readonly string[]
  readonly payment_method_options?: { readonly card?: CardOptions }
}

const read = <From, To>(value: From | undefined, how: (value: From) => To): To | undefined =>
  value === undefined ? undefined : how(value)

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** Only what was sent. */
const compact = <T extends object>(fields: T): Partial<Defined<T>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Defined<T>>

export const readInput = (body: Body): IntentInput =>
  compact({
    amount: body.amount,
    currency: read(body.currency, (text) => readMoneyCurrency(text, 'currency')),
    customer: read(body.customer, readCustomerId),
    description: body.description,
    receipt_email: read(body.receipt_email, (text) => readEmail(text, 'receipt_email')),
    return_url: read(body.return_url, readReturnUrl),
    shipping: body.shipping as Json | undefined,
    statement_descriptor: read(body.statement_descriptor, (text) =>
      readDescriptor(text, 'statement_descriptor'),
    ),
    statement_descriptor_suffix: read(body.statement_descriptor_suffix, (text) =>
      readDescriptor(text, 'statement_descriptor_suffix'),
    ),
    transfer_group: body.transfer_group,
    setup_future_usage: body.setup_future_usage,
    capture_method: body.capture_method,
    payment_method_types: body.payment_method_types,
    payment_method_options: body.payment_method_options,
  })

/** A publishable key sees and confirms only the payment whose client_secret it has; a secret key need not send it. */
export const checkSecret = (
  secrets: ClientSecrets,
  context: Pick<RequestContext, 'tenant' | 'keyKind'>,
  intent: Uuid,
  sent: string | undefined,
): void => {
  if (sent === undefined && context.keyKind !== 'publishable') return
  if (sent !== undefined && secrets.isRight(context.tenant, intent, sent)) return
  throw new Unreadable(
    'client_secret_invalid',
    'client_secret',
    sent === undefined
      ? 'Missing required param: client_secret. A publishable key needs the client_secret of the payment.'
      : 'The client_secret provided does not match any associated PaymentIntent on this account.',
  )
}
