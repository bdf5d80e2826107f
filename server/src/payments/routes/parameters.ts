import { type TSchema, Type } from 'typebox'
import { paymentMethodDataParameter } from '../../customers/index.ts'
import { listQuery, metadataParameter, rangeFilter } from '../../http/index.ts'
import { metadataUpdateParameter } from '../../requests/index.ts'
import {
  DESCRIPTION_LENGTH_MOST,
  DESCRIPTOR_LENGTH_MOST,
  EMAIL_LENGTH_MOST,
  SECRET_LENGTH_MOST,
  TEXT_LENGTH_MOST,
  URL_LENGTH_MOST,
} from '../limits.ts'
import { launchFilter } from './launched-schemas.ts'

const { Optional: optional } = Type

/** A closed list of words, as its type says them. */
export const oneOf = <const Word extends string>(words: readonly Word[], description: string) =>
  Type.Unsafe<Word>({ type: 'string', enum: [...words], description })

const emptyable = (maxLength: number, description: string) =>
  optional(Type.String({ minLength: 0, maxLength, description: `${description} Empty to take it away.` }))

const line = () => optional(Type.String({ minLength: 0, maxLength: TEXT_LENGTH_MOST }))

const shipping = () =>
  Type.Object(
    {
      address: Type.Object({
        city: line(),
        country: line(),
        line1: line(),
        line2: line(),
        postal_code: line(),
        state: line(),
      }),
      carrier: line(),
      name: Type.String({ maxLength: TEXT_LENGTH_MOST }),
      phone: line(),
      tracking_number: line(),
    },
    { description: 'Where the goods go.' },
  )

export const shippingParameter = () => optional(Type.Union([Type.Literal(''), shipping()]))

const amount = () =>
  Type.Integer({ description: 'In the smallest unit of the currency: 1099 is 10.99 EUR, and 1099 JPY.' })

const descriptor = (description: string) =>
  optional(Type.String({ minLength: 0, maxLength: DESCRIPTOR_LENGTH_MOST, description }))

const captureMethod = () =>
  optional(
    oneOf(
      ['automatic', 'automatic_async', 'manual'],
      'manual only holds the money; it is taken by a capture, within seven days.',
    ),
  )

const options = () =>
  optional(
    Type.Object({
      card: optional(
        Type.Object({
          capture_method: optional(oneOf(['manual', ''], 'As capture_method, for cards.')),
          request_three_d_secure: optional(
            oneOf(['automatic', 'any', 'challenge'], 'Whether the customer is asked to authenticate.'),
          ),
          setup_future_usage: optional(
            oneOf(['none', 'off_session', 'on_session', ''], 'As setup_future_usage, for cards.'),
          ),
        }),
      ),
    }),
  )

const method = {
  payment_method: optional(
    Type.String({ description: 'The card to pay with: pm_…, or a test name such as pm_card_visa.' }),
  ),
  payment_method_data: optional(paymentMethodDataParameter()),
  payment_method_options: options(),
}

const details = {
  receipt_email: emptyable(EMAIL_LENGTH_MOST, 'Where the receipt would go.'),
  shipping: shippingParameter(),
}

const described = {
  description: emptyable(DESCRIPTION_LENGTH_MOST, 'For yourself and the customer.'),
  statement_descriptor: descriptor('What the cardholder reads.'),
  statement_descriptor_suffix: descriptor('What the cardholder reads after your name.'),
  transfer_group: optional(Type.String({ maxLength: TEXT_LENGTH_MOST, description: 'Groups payments.' })),
}

const types = () =>
  optional(
    Type.Array(oneOf(['card'], 'Cards are what is supported.'), {
      minItems: 1,
      description: 'Ways to pay that the payment takes.',
    }),
  )

/** What only counts when a payment is confirmed. */
const confirmation = {
  error_on_requires_action: optional(
    Type.Boolean({ description: 'Decline instead of waiting for the customer to authenticate.' }),
  ),
  off_session: optional(
    Type.Union([Type.Boolean(), oneOf(['one_off', 'recurring'], 'The customer is not there.')], {
      description: 'The customer is not there: a card that wants him authenticated is declined.',
    }),
  ),
  return_url: optional(
    Type.String({
      maxLength: URL_LENGTH_MOST,
      description: 'Where the customer comes back to after authenticating.',
    }),
  ),
  use_stripe_sdk: optional(Type.Boolean({ description: 'Whether Stripe.js handles what comes next.' })),
}

export const createParameters = Type.Object(
  {
    amount: amount(),
    automatic_payment_methods: optional(
      Type.Object({
        allow_redirects: optional(oneOf(['always', 'never'], 'Whether ways to pay that redirect are taken.')),
        enabled: Type.Boolean(),
      }),
    ),
    capture_method: captureMethod(),
    confirm: optional(Type.Boolean({ description: 'Confirm at once.' })),
    confirmation_method: optional(
      oneOf(['automatic', 'manual'], 'manual: after the customer has authenticated you confirm again.'),
    ),
    currency: Type.String({ description: 'Three letters, ISO 4217.' }),
    customer: optional(Type.String({ description: 'cus_…' })),
    metadata: optional(metadataParameter()),
    payment_method_types: types(),
    setup_future_usage: optional(
      oneOf(['off_session', 'on_session'], 'Keep the card for the customer once it has paid.'),
    ),
    ...confirmation,
    ...described,
    ...details,
    ...method,
  },
  { 'x-exclusive': [['automatic_payment_methods', 'payment_method_types']] },
)

const usage = () =>
  optional(oneOf(['off_session', 'on_session', ''], 'Keep the card for the customer once it has paid.'))

export const updateParameters = Type.Object({
  amount: optional(amount()),
  capture_method: captureMethod(),
  currency: optional(Type.String({ description: 'Three letters, ISO 4217.' })),
  customer: optional(Type.String({ description: 'cus_…' })),
  metadata: optional(metadataUpdateParameter()),
  payment_method_types: types(),
  setup_future_usage: usage(),
  ...described,
  ...details,
  ...method,
})

export const clientSecretParameter = () =>
  optional(
    Type.String({
      maxLength: SECRET_LENGTH_MOST,
      description: 'The payment’s client_secret; with a publishable key it must be there.',
    }),
  )

export const confirmParameters = Type.Object({
  capture_method: captureMethod(),
  client_secret: clientSecretParameter(),
  setup_future_usage: usage(),
  ...confirmation,
  ...details,
  ...method,
})

export const captureParameters = Type.Object({
  amount_to_capture: optional(
    Type.Integer({ description: 'Less than all is possible; the rest is released.' }),
  ),
  final_capture: optional(
    Type.Literal(true, { description: 'A payment is captured once: what is left is released.' }),
  ),
  metadata: optional(metadataUpdateParameter()),
  statement_descriptor: descriptor('What the cardholder reads.'),
  statement_descriptor_suffix: descriptor('What the cardholder reads after your name.'),
})

export const cancelParameters = Type.Object({
  cancellation_reason: optional(
    oneOf(['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'], 'Why it is canceled.'),
  ),
})

export const intentListQuery = listQuery({
  created: optional(rangeFilter('When it was made')),
  customer: optional(Type.String({ description: 'Only those of this customer.' })),
  launch: launchFilter(),
})

export const chargeListQuery = listQuery({
  created: optional(rangeFilter('When it was made')),
  customer: optional(Type.String({ description: 'Only those of this customer.' })),
  launch: launchFilter(),
  payment_intent: optional(Type.String({ description: 'Only those of this payment.' })),
})

export const chargeUpdateParameters = Type.Object({
  customer: optional(Type.String({ description: 'cus_…, where the charge has none.' })),
  description: emptyable(DESCRIPTION_LENGTH_MOST, 'For yourself and the customer.'),
  fraud_details: optional(
    Type.Object({
      user_report: oneOf(['fraudulent', 'safe', ''], 'What you think of it. Empty to take it back.'),
    }),
  ),
  metadata: optional(metadataUpdateParameter()),
  receipt_email: emptyable(EMAIL_LENGTH_MOST, 'Where the receipt would go.'),
  shipping: optional(shipping()),
  transfer_group: optional(Type.String({ maxLength: TEXT_LENGTH_MOST, description: 'Groups payments.' })),
})

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
