import { type TSchema, Type } from 'typebox'
import { expandable, expandableAlways } from './schemas.ts'

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const text = () => nullable(Type.String())
const { Optional: optional } = Type

const errorObject = () =>
  nullable(
    Type.Object({
      advice_code: optional(Type.String()),
      code: Type.String(),
      decline_code: optional(Type.String()),
      doc_url: Type.String(),
      message: Type.String(),
      network_decline_code: optional(Type.String()),
      payment_method: optional(Type.Record(Type.String(), Type.Unknown())),
      payment_method_type: optional(Type.String()),
      type: Type.String(),
    }),
  )

export const setupIntentObject = Type.Object({
  id: Type.String(),
  object: Type.Literal('setup_intent'),
  allowed_payment_method_types: Type.Null(),
  application: Type.Null(),
  automatic_payment_methods: nullable(
    Type.Object({ allow_redirects: Type.String(), enabled: Type.Boolean() }),
  ),
  cancellation_reason: text(),
  client_secret: text(),
  created: Type.Integer(),
  customer: expandable('Whose card it becomes.'),
  customer_account: Type.Null(),
  description: text(),
  excluded_payment_method_types: Type.Null(),
  flow_directions: Type.Null(),
  last_setup_error: errorObject(),
  latest_attempt: expandable('The last try.'),
  livemode: Type.Boolean(),
  mandate: Type.Null(),
  metadata: Type.Record(Type.String(), Type.String()),
  next_action: nullable(
    Type.Object({
      redirect_to_url: optional(Type.Object({ return_url: text(), url: Type.String() })),
      type: Type.String(),
      use_stripe_sdk: optional(Type.Record(Type.String(), Type.Unknown())),
    }),
  ),
  on_behalf_of: Type.Null(),
  payment_method: expandable('The card.'),
  payment_method_configuration_details: Type.Null(),
  payment_method_options: Type.Object({
    card: Type.Object({
      mandate_options: Type.Null(),
      network: Type.Null(),
      request_three_d_secure: Type.String(),
    }),
  }),
  payment_method_types: Type.Array(Type.String()),
  single_use_mandate: Type.Null(),
  status: Type.String({
    description:
      'requires_payment_method, requires_confirmation, requires_action, processing, succeeded or canceled.',
  }),
  usage: Type.String(),
})

export const setupAttemptObject = Type.Object({
  id: Type.String(),
  object: Type.Literal('setup_attempt'),
  application: Type.Null(),
  created: Type.Integer(),
  customer: expandable('Whose card it was to become.'),
  customer_account: Type.Null(),
  flow_directions: Type.Null(),
  livemode: Type.Boolean(),
  on_behalf_of: Type.Null(),
  payment_method: expandableAlways('The card.'),
  payment_method_details: Type.Object({
    card: Type.Object({
      brand: text(),
      checks: Type.Object({
        address_line1_check: text(),
        address_postal_code_check: text(),
        cvc_check: text(),
      }),
      country: text(),
      exp_month: Type.Integer(),
      exp_year: Type.Integer(),
      fingerprint: Type.String(),
      funding: text(),
      last4: text(),
      network: text(),
      three_d_secure: nullable(
        Type.Object({
          authentication_flow: text(),
          electronic_commerce_indicator: text(),
          result: text(),
          result_reason: text(),
          transaction_id: text(),
          version: text(),
        }),
      ),
      wallet: Type.Null(),
    }),
    type: Type.Literal('card'),
  }),
  setup_error: errorObject(),
  setup_intent: expandableAlways('What it is a try of.'),
  status: Type.String({ description: 'processing, requires_action, succeeded, failed or abandoned.' }),
  usage: Type.String(),
})
