import { type TSchema, Type } from 'typebox'
import { launchesField } from './launched-schemas.ts'
import { nullable } from './parameters.ts'

/*
 * What the API shows. Values are said loosely where Stripe's list of them is open; views.ts says what is really there, and
 * the conformance tests compare it with Stripe's contract.
 */

const { Optional: optional } = Type
const text = () => Type.String()
const count = () => Type.Integer()
const maybe = (schema: TSchema = Type.String()) => nullable(schema)
const anything = () => Type.Unsafe<unknown>({})
/** An id, or the object itself where it was expanded. */
const link = () => Type.Unsafe<unknown>({ description: 'An id; the object where expand[] names it.' })
const money = (description: string) => Type.Integer({ description })
const map = () => Type.Record(Type.String(), Type.String())
const never = () => Type.Null()

/** What a publishable key does not see is left out of its answers. */
const hidden = <T extends TSchema>(schema: T) => optional(schema)

export const intentObject = Type.Object({
  id: Type.String({ description: 'pi_…' }),
  object: Type.Literal('payment_intent'),
  allowed_payment_method_types: hidden(never()),
  amount: money('What the customer is to pay, in the smallest unit of the currency.'),
  amount_capturable: hidden(money('What is held and can be captured.')),
  amount_details: anything(),
  amount_received: hidden(money('What was taken.')),
  application: hidden(never()),
  application_fee_amount: hidden(never()),
  automatic_payment_methods: maybe(
    Type.Object({ allow_redirects: optional(text()), enabled: Type.Boolean() }),
  ),
  canceled_at: maybe(count()),
  cancellation_reason: maybe(),
  capture_method: text(),
  client_secret: text(),
  confirmation_method: text(),
  created: count(),
  currency: text(),
  customer: hidden(link()),
  customer_account: hidden(never()),
  description: maybe(),
  excluded_payment_method_types: hidden(never()),
  last_payment_error: anything(),
  latest_charge: hidden(link()),
  livemode: Type.Boolean(),
  managed_payments: hidden(never()),
  metadata: hidden(map()),
  next_action: anything(),
  on_behalf_of: hidden(never()),
  payment_method: link(),
  payment_method_configuration_details: never(),
  payment_method_options: hidden(anything()),
  payment_method_types: Type.Array(text()),
  payment_record: hidden(never()),
  processing: never(),
  receipt_email: maybe(),
  review: hidden(never()),
  setup_future_usage: maybe(),
  shipping: anything(),
  source: never(),
  statement_descriptor: hidden(maybe()),
  statement_descriptor_suffix: hidden(maybe()),
  status: Type.String({
    description:
      'requires_payment_method, requires_confirmation, requires_action, processing, requires_capture, succeeded or canceled.',
  }),
  transfer_data: hidden(never()),
  transfer_group: hidden(maybe()),
})

export const chargeObject = Type.Object({
  id: Type.String({ description: 'ch_…' }),
  object: Type.Literal('charge'),
  amount: money('What was to be taken.'),
  amount_captured: money('What was taken.'),
  amount_refunded: money('What was given back of it.'),
  application: never(),
  application_fee: never(),
  application_fee_amount: never(),
  balance_transaction: link(),
  billing_details: anything(),
  calculated_statement_descriptor: maybe(),
  captured: Type.Boolean(),
  created: count(),
  currency: text(),
  customer: link(),
  description: maybe(),
  disputed: Type.Boolean(),
  failure_balance_transaction: never(),
  failure_code: maybe(),
  failure_message: maybe(),
  fallback_of: maybe(
    Type.String({
      description:
        'The charge that it stands in for: another rail refused that one before it reached the issuer.',
    }),
  ),
  fraud_details: anything(),
  launches: launchesField(),
  livemode: Type.Boolean(),
  metadata: map(),
  on_behalf_of: never(),
  outcome: anything(),
  paid: Type.Boolean(),
  payment_intent: link(),
  payment_method: text(),
  payment_method_details: anything(),
  radar_options: anything(),
  rail: Type.String({ description: 'The rail that was asked.' }),
  rail_latency_ms: maybe(
    Type.Integer({ description: 'From sending the order to the commit of its outcome; null until then.' }),
  ),
  receipt_email: maybe(),
  receipt_number: never(),
  receipt_url: never(),
  refunded: Type.Boolean(),
  refunds: optional(anything()),
  review: never(),
  shipping: anything(),
  source: never(),
  source_transfer: never(),
  statement_descriptor: maybe(),
  statement_descriptor_suffix: maybe(),
  status: Type.String({ description: 'succeeded, pending or failed.' }),
  transfer_data: never(),
  transfer_group: maybe(),
})
