import { newUuid } from '../../../server/src/kit/index.ts'

export const PAYMENTS_PATH = '/v1/payment_intents'

/** What every payment of the benchmarks is about, in minor units, and the fee that the default settings make of it. */
export const PAYMENT_AMOUNT = 2_000
export const PAYMENT_FEE = 88

const post = (path: string, key: string, body: string): string =>
  `POST ${path} HTTP/1.1\r
Host: 127.0.0.1\r
Authorization: Bearer ${key}\r
Content-Type: application/x-www-form-urlencoded\r
Idempotency-Key: ${newUuid(Date.now())}\r
Content-Length: ${body.length}\r
\r
${body}`

const form = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString()

const PAYMENT = {
  amount: String(PAYMENT_AMOUNT),
  currency: 'eur',
  confirm: 'true',
  'payment_method_types[0]': 'card',
  description: 'Order of a benchmark',
  'metadata[order]': '6735',
}

/** A card payment made and confirmed in one request, as a shop sends it: with a key of its own. */
export const paymentRequest = (key: string): string =>
  post(PAYMENTS_PATH, key, form({ ...PAYMENT, payment_method: 'pm_card_visa' }))

export type SavedCard = { readonly customer: string; readonly paymentMethod: string }

/** The same of one customer's saved card, time after time. */
export const savedPaymentRequest = (key: string, saved: SavedCard): string =>
  post(
    PAYMENTS_PATH,
    key,
    form({ ...PAYMENT, customer: saved.customer, payment_method: saved.paymentMethod }),
  )

export const customerRequest = (key: string): string => post('/v1/customers', key, form({ name: 'Busy' }))

export const attachRequest = (key: string, customer: string): string =>
  post('/v1/payment_methods/pm_card_visa/attach', key, form({ customer }))

export const endpointRequest = (key: string, url: string): string =>
  post('/v1/webhook_endpoints', key, form({ url, 'enabled_events[0]': 'payment_intent.succeeded' }))
