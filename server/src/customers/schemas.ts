import { type TSchema, Type } from 'typebox'
import { metadataParameter } from '../http/index.ts'
import { metadataUpdateParameter } from '../requests/index.ts'
import {
  ADDRESS_LINE_LENGTH,
  DESCRIPTION_LENGTH,
  EMAIL_LENGTH,
  LOCALES_MOST,
  NAME_LENGTH,
  PHONE_LENGTH,
  URL_LENGTH,
} from './limits.ts'

const { Optional: optional } = Type

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** A text that an empty one takes away. */
const emptyable = (maxLength: number, description: string) =>
  optional(Type.String({ minLength: 0, maxLength, description: `${description} Empty to take it away.` }))

const line = () => optional(Type.String({ minLength: 0, maxLength: ADDRESS_LINE_LENGTH }))

const addressParameter = () =>
  Type.Object({
    city: line(),
    country: optional(
      Type.String({ minLength: 0, maxLength: 2, description: 'Two letters, ISO 3166-1 alpha-2.' }),
    ),
    line1: line(),
    line2: line(),
    postal_code: line(),
    state: line(),
  })

const addressOrNone = () => optional(Type.Union([Type.Literal(''), addressParameter()]))

const shippingParameter = () =>
  optional(
    Type.Union([
      Type.Literal(''),
      Type.Object({
        address: addressParameter(),
        name: Type.String({ maxLength: NAME_LENGTH }),
        phone: optional(Type.String({ minLength: 0, maxLength: PHONE_LENGTH })),
      }),
    ]),
  )

const customerFields = {
  address: addressOrNone(),
  description: emptyable(DESCRIPTION_LENGTH, 'For yourself.'),
  email: emptyable(EMAIL_LENGTH, 'Where the customer gets mail.'),
  invoice_settings: optional(
    Type.Object({
      default_payment_method: optional(
        Type.String({
          minLength: 0,
          description: 'A card that is attached to the customer. Empty to take it away.',
        }),
      ),
    }),
  ),
  metadata: optional(metadataUpdateParameter()),
  name: emptyable(NAME_LENGTH, 'Full name, or the name of the business.'),
  phone: emptyable(PHONE_LENGTH, 'With the country’s code.'),
  preferred_locales: optional(
    Type.Array(Type.String({ maxLength: 35 }), {
      maxItems: LOCALES_MOST,
      description: 'Languages, the preferred one first.',
    }),
  ),
  shipping: shippingParameter(),
  source: optional(
    Type.String({
      description: 'A token tok_…: its card becomes a card of the customer, and the default source.',
    }),
  ),
  tax_exempt: optional(
    Type.Unsafe<'none' | 'exempt' | 'reverse' | ''>({
      type: 'string',
      enum: ['none', 'exempt', 'reverse', ''],
      description: 'Whether the customer pays taxes.',
    }),
  ),
}

export const customerParameters = Type.Object({
  ...customerFields,
  payment_method: optional(
    Type.String({ description: 'A card to attach: pm_…, or a test name such as pm_card_visa.' }),
  ),
  test_clock: optional(Type.String({ description: 'The sandbox’s clock, clock_….' })),
})

export const customerUpdateParameters = Type.Object({
  ...customerFields,
  default_source: optional(Type.String({ description: 'A card that is attached to the customer.' })),
})

const cardParameter = () =>
  Type.Object({
    number: optional(
      Type.String({ maxLength: 40, description: 'In a sandbox, one of the published test numbers.' }),
    ),
    exp_month: optional(Type.Integer()),
    exp_year: optional(Type.Integer({ description: 'Two or four digits.' })),
    cvc: optional(Type.String({ maxLength: 10 })),
    token: optional(Type.String({ description: 'tok_…, in place of all others.' })),
  })

const billingDetailsParameter = () =>
  Type.Object({
    address: addressOrNone(),
    email: emptyable(EMAIL_LENGTH, 'Of whom the card belongs to.'),
    name: emptyable(NAME_LENGTH, 'As on the card.'),
    phone: emptyable(PHONE_LENGTH, 'With the country’s code.'),
    tax_id: emptyable(NAME_LENGTH, 'Of whom the card belongs to.'),
  })

const allowRedisplay = () =>
  Type.Unsafe<'always' | 'limited' | 'unspecified'>({
    type: 'string',
    enum: ['always', 'limited', 'unspecified'],
    description: 'Whether the card may be shown to the customer again.',
  })

const dataFields = {
  allow_redisplay: optional(allowRedisplay()),
  billing_details: optional(billingDetailsParameter()),
  card: optional(cardParameter()),
  metadata: optional(metadataParameter()),
}

/** The parameter payment_method_data, of intents of both kinds. */
export const paymentMethodDataParameter = () =>
  Type.Object({ ...dataFields, type: Type.String({ description: 'card.' }) })

export const paymentMethodParameters = Type.Object({
  ...dataFields,
  type: optional(Type.String({ description: 'card.' })),
})

export const paymentMethodUpdateParameters = Type.Object({
  allow_redisplay: optional(allowRedisplay()),
  billing_details: optional(billingDetailsParameter()),
  card: optional(Type.Object({ exp_month: optional(Type.Integer()), exp_year: optional(Type.Integer()) })),
  metadata: optional(metadataUpdateParameter()),
})

export const tokenParameters = Type.Object({
  card: optional(
    Type.Object({
      number: Type.String({ maxLength: 40 }),
      exp_month: Type.Integer(),
      exp_year: Type.Integer(),
      cvc: optional(Type.String({ maxLength: 10 })),
      name: optional(Type.String({ maxLength: NAME_LENGTH })),
      address_city: line(),
      address_country: line(),
      address_line1: line(),
      address_line2: line(),
      address_state: line(),
      address_zip: line(),
      currency: optional(
        Type.String({ maxLength: 3, description: 'For cards that are paid out to; of no meaning here.' }),
      ),
    }),
  ),
})

const url = () =>
  optional(Type.String({ maxLength: URL_LENGTH, description: 'Where the customer comes back to.' }))

const paymentMethodOptions = () =>
  optional(
    Type.Object({
      card: optional(
        Type.Object({
          request_three_d_secure: optional(
            Type.Unsafe<'automatic' | 'any' | 'challenge'>({
              type: 'string',
              enum: ['automatic', 'any', 'challenge'],
              description: 'Whether the customer should authenticate though the card does not ask for it.',
            }),
          ),
        }),
      ),
    }),
  )

const namedMethod = {
  payment_method: optional(Type.String({ description: 'pm_…, or a test name such as pm_card_visa.' })),
  payment_method_data: optional(paymentMethodDataParameter()),
  payment_method_options: paymentMethodOptions(),
}

export const setupIntentParameters = Type.Object({
  ...namedMethod,
  automatic_payment_methods: optional(
    Type.Object({
      enabled: Type.Boolean(),
      allow_redirects: optional(
        Type.Unsafe<'always' | 'never'>({ type: 'string', enum: ['always', 'never'] }),
      ),
    }),
  ),
  confirm: optional(Type.Boolean({ description: 'Confirms it at once.' })),
  customer: optional(Type.String({ description: 'The card becomes this customer’s when it is set up.' })),
  description: optional(Type.String({ maxLength: DESCRIPTION_LENGTH })),
  metadata: optional(metadataParameter()),
  payment_method_types: optional(
    Type.Array(Type.String(), { minItems: 1, maxItems: 20, description: 'card is the only one there is.' }),
  ),
  return_url: url(),
  usage: optional(
    Type.Unsafe<'off_session' | 'on_session'>({
      type: 'string',
      enum: ['off_session', 'on_session'],
      description: 'Whether the card will be used while the customer is not there.',
    }),
  ),
  use_stripe_sdk: optional(
    Type.Boolean({ description: 'Leaves the way to the card issuer to the client’s SDK.' }),
  ),
})

export const setupIntentUpdateParameters = Type.Object({
  ...namedMethod,
  payment_method: optional(
    Type.String({ minLength: 0, description: 'pm_…, or a test name. Empty to take the card away.' }),
  ),
  customer: optional(Type.String()),
  description: emptyable(DESCRIPTION_LENGTH, 'For yourself.'),
  metadata: optional(metadataUpdateParameter()),
  payment_method_types: optional(Type.Array(Type.String(), { minItems: 1, maxItems: 20 })),
})

export const setupIntentConfirmParameters = Type.Object({
  ...namedMethod,
  client_secret: optional(Type.String({ description: 'With a publishable key.' })),
  return_url: url(),
  use_stripe_sdk: optional(Type.Boolean()),
})

export const setupIntentCancelParameters = Type.Object({
  cancellation_reason: optional(
    Type.Unsafe<'abandoned' | 'duplicate' | 'requested_by_customer'>({
      type: 'string',
      enum: ['abandoned', 'duplicate', 'requested_by_customer'],
    }),
  ),
})

/** An id, or the object that it was expanded to. */
export const expandable = (description: string) =>
  Type.Union([Type.String(), Type.Record(Type.String(), Type.Unknown()), Type.Null()], { description })

/** Of what is always there. */
export const expandableAlways = (description: string) =>
  Type.Union([Type.String(), Type.Record(Type.String(), Type.Unknown())], { description })

const text = () => nullable(Type.String())
const metadataObject = () => Type.Record(Type.String(), Type.String())

const address = () =>
  Type.Object({
    city: text(),
    country: text(),
    line1: text(),
    line2: text(),
    postal_code: text(),
    state: text(),
  })

const addressObject = () => nullable(address())

export const customerObject = Type.Object({
  id: Type.String(),
  object: Type.Literal('customer'),
  address: addressObject(),
  balance: Type.Integer(),
  created: Type.Integer(),
  currency: text(),
  default_source: expandable('The card that came as a source.'),
  delinquent: Type.Boolean(),
  description: text(),
  discount: Type.Null(),
  email: text(),
  invoice_prefix: text(),
  invoice_settings: Type.Object({
    custom_fields: Type.Null(),
    default_payment_method: expandable('The card that is used where none is named.'),
    footer: Type.Null(),
    rendering_options: Type.Null(),
  }),
  livemode: Type.Boolean(),
  metadata: metadataObject(),
  name: text(),
  next_invoice_sequence: Type.Integer(),
  phone: text(),
  preferred_locales: Type.Array(Type.String()),
  shipping: nullable(Type.Object({ address: address(), name: Type.String(), phone: text() })),
  tax_exempt: Type.String(),
  test_clock: expandable('The sandbox’s clock, where the customer was made with it.'),
})

export const deletedCustomerObject = Type.Object(
  { id: Type.String(), object: Type.Literal('customer'), deleted: Type.Literal(true) },
  { title: 'DeletedCustomer' },
)

export const anyCustomerObject = Type.Union([customerObject, deletedCustomerObject])

const check = text

export const paymentMethodObject = Type.Object({
  id: Type.String(),
  object: Type.Literal('payment_method'),
  allow_redisplay: Type.String(),
  billing_details: Type.Object({
    address: addressObject(),
    email: text(),
    name: text(),
    phone: text(),
    tax_id: text(),
  }),
  card: Type.Object({
    brand: Type.String(),
    checks: Type.Object({
      address_line1_check: check(),
      address_postal_code_check: check(),
      cvc_check: check(),
    }),
    country: text(),
    display_brand: text(),
    exp_month: Type.Integer(),
    exp_year: Type.Integer(),
    fingerprint: Type.String({ description: 'The same card has the same one.' }),
    funding: Type.String(),
    generated_from: Type.Null(),
    last4: Type.String(),
    networks: Type.Object({ available: Type.Array(Type.String()), preferred: text() }),
    regulated_status: Type.String(),
    three_d_secure_usage: Type.Object({ supported: Type.Boolean() }),
    wallet: Type.Null(),
  }),
  created: Type.Integer(),
  customer: expandable('Whose card it is.'),
  customer_account: Type.Null(),
  livemode: Type.Boolean(),
  metadata: metadataObject(),
  type: Type.Literal('card'),
})

const cardObject = Type.Object({
  id: Type.String(),
  object: Type.Literal('card'),
  address_city: text(),
  address_country: text(),
  address_line1: text(),
  address_line1_check: check(),
  address_line2: text(),
  address_state: text(),
  address_zip: text(),
  address_zip_check: check(),
  brand: Type.String(),
  country: text(),
  cvc_check: check(),
  dynamic_last4: Type.Null(),
  exp_month: Type.Integer(),
  exp_year: Type.Integer(),
  fingerprint: Type.String(),
  funding: Type.String(),
  last4: Type.String(),
  metadata: metadataObject(),
  name: text(),
  networks: Type.Object({ preferred: text() }),
  regulated_status: Type.String(),
  tokenization_method: Type.Null(),
})

export const tokenObject = Type.Object({
  id: Type.String(),
  object: Type.Literal('token'),
  card: cardObject,
  client_ip: text(),
  created: Type.Integer(),
  livemode: Type.Boolean(),
  type: Type.Literal('card'),
  used: Type.Boolean(),
})
