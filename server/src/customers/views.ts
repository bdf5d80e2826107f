import { secondsOf, showId, type Uuid } from '../kit/index.ts'
import type {
  Address,
  CardDetails,
  Customer,
  PaymentMethod,
  SetupAttempt,
  SetupError,
  SetupIntent,
  Token,
} from './core/model.ts'

export const CUSTOMER_PREFIX = 'cus'
export const PAYMENT_METHOD_PREFIX = 'pm'
/** A card that came as a source, or stands in a token. */
export const CARD_PREFIX = 'card'
export const TOKEN_PREFIX = 'tok'
export const SETUP_INTENT_PREFIX = 'seti'
export const SETUP_ATTEMPT_PREFIX = 'setatt'

const shownOrNull = (prefix: string, id: Uuid | null): string | null =>
  id === null ? null : showId(prefix, id)

const INVOICE_PREFIX_LENGTH = 8

/** A customer that is not deleted. */
export const showLivingCustomer = (row: Customer, livemode: boolean) => ({
  id: showId(CUSTOMER_PREFIX, row.id),
  object: 'customer' as const,
  address: row.address,
  balance: 0,
  created: secondsOf(row.createdMicros),
  currency: null,
  default_source: shownOrNull(CARD_PREFIX, row.defaultSource),
  delinquent: false,
  description: row.description,
  discount: null,
  email: row.email,
  invoice_prefix: row.id.slice(-INVOICE_PREFIX_LENGTH).toUpperCase(),
  invoice_settings: {
    custom_fields: null,
    default_payment_method: shownOrNull(PAYMENT_METHOD_PREFIX, row.defaultPaymentMethod),
    footer: null,
    rendering_options: null,
  },
  livemode,
  metadata: row.metadata,
  name: row.name,
  next_invoice_sequence: 1,
  phone: row.phone,
  preferred_locales: [...row.preferredLocales],
  shipping: row.shipping,
  tax_exempt: row.taxExempt,
  test_clock: row.testClock,
})

const shownDeleted = (id: Uuid) => ({
  id: showId(CUSTOMER_PREFIX, id),
  object: 'customer' as const,
  deleted: true as const,
})

type ShownCustomer = ReturnType<typeof showLivingCustomer> | ReturnType<typeof shownDeleted>

export const showCustomer = (row: Customer, livemode: boolean): ShownCustomer =>
  row.deleted ? shownDeleted(row.id) : showLivingCustomer(row, livemode)

const BRANDS_WITH_3DS = new Set(['visa', 'mastercard', 'amex', 'discover', 'diners', 'jcb', 'unionpay'])

export const showPaymentMethod = (row: PaymentMethod, livemode: boolean) => {
  const { card } = row
  return {
    id: showId(PAYMENT_METHOD_PREFIX, row.id),
    object: 'payment_method' as const,
    allow_redisplay: row.allowRedisplay,
    billing_details: row.billingDetails,
    card: {
      brand: card.brand,
      checks: {
        address_line1_check: card.addressLine1Check,
        address_postal_code_check: card.postalCodeCheck,
        cvc_check: card.cvcCheck,
      },
      country: card.country,
      display_brand: card.brand,
      exp_month: card.expMonth,
      exp_year: card.expYear,
      fingerprint: card.fingerprint,
      funding: card.funding,
      generated_from: null,
      last4: card.last4,
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated' as const,
      three_d_secure_usage: { supported: BRANDS_WITH_3DS.has(card.brand) },
      wallet: null,
    },
    created: secondsOf(row.createdMicros),
    customer: shownOrNull(CUSTOMER_PREFIX, row.customer),
    customer_account: null,
    livemode,
    metadata: row.metadata,
    type: row.type,
  }
}

/** Stripe's older objects name a brand as people do. */
const BRAND_NAMES: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'MasterCard',
  amex: 'American Express',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
}

type CardObjectOf = {
  readonly id: Uuid
  readonly card: CardDetails
  readonly name: string | null
  readonly address: Address | null
  readonly metadata: Readonly<Record<string, string>>
}

const showCardObject = ({ id, card, name, address, metadata }: CardObjectOf) => ({
  id: showId(CARD_PREFIX, id),
  object: 'card' as const,
  address_city: address?.city ?? null,
  address_country: address?.country ?? null,
  address_line1: address?.line1 ?? null,
  address_line1_check: card.addressLine1Check,
  address_line2: address?.line2 ?? null,
  address_state: address?.state ?? null,
  address_zip: address?.postal_code ?? null,
  address_zip_check: card.postalCodeCheck,
  brand: BRAND_NAMES[card.brand] ?? 'Unknown',
  country: card.country,
  cvc_check: card.cvcCheck,
  dynamic_last4: null,
  exp_month: card.expMonth,
  exp_year: card.expYear,
  fingerprint: card.fingerprint,
  funding: card.funding,
  last4: card.last4,
  metadata,
  name,
  networks: { preferred: null },
  regulated_status: 'unregulated' as const,
  tokenization_method: null,
})

/** The card that a customer has as a source: the payment method of the same digits. */
export const showSource = (row: PaymentMethod) => ({
  ...showCardObject({
    id: row.id,
    card: row.card,
    name: row.billingDetails.name,
    address: row.billingDetails.address,
    metadata: row.metadata,
  }),
  customer: shownOrNull(CUSTOMER_PREFIX, row.customer),
})

export const showToken = (row: Token, livemode: boolean) => ({
  id: showId(TOKEN_PREFIX, row.id),
  object: 'token' as const,
  card: showCardObject({
    id: row.cardId,
    card: row.card,
    name: row.name,
    address: row.address,
    metadata: {},
  }),
  client_ip: null,
  created: secondsOf(row.createdMicros),
  livemode,
  type: 'card' as const,
  used: row.isUsed,
})

/** An error as it stands in a resource, and with more beside it in the envelope. */
const showSetupError = (error: SetupError) => ({
  ...(error.adviceCode === null ? {} : { advice_code: error.adviceCode }),
  code: error.code,
  ...(error.declineCode === null ? {} : { decline_code: error.declineCode }),
  doc_url: `/errors#${error.code}`,
  message: error.message,
  ...(error.networkDeclineCode === null ? {} : { network_decline_code: error.networkDeclineCode }),
  ...(error.paymentMethod === null ? {} : { payment_method: error.paymentMethod }),
  ...(error.type === 'card_error' ? { payment_method_type: 'card' } : {}),
  type: error.type,
})

export const clientSecretOf = (row: Pick<SetupIntent, 'id' | 'secret'>): string =>
  `${showId(SETUP_INTENT_PREFIX, row.id)}_secret_${row.secret}`

const nextActionOf = (row: SetupIntent) => {
  const { nextAction, returnUrl } = row
  if (nextAction === null) return null
  if (returnUrl !== null)
    return {
      redirect_to_url: { return_url: returnUrl, url: nextAction.url },
      type: 'redirect_to_url' as const,
    }
  return {
    type: 'use_stripe_sdk' as const,
    use_stripe_sdk: { stripe_js: nextAction.url, type: 'three_d_secure_redirect' },
  }
}

export const showSetupIntent = (row: SetupIntent, livemode: boolean) => ({
  id: showId(SETUP_INTENT_PREFIX, row.id),
  object: 'setup_intent' as const,
  allowed_payment_method_types: null,
  application: null,
  automatic_payment_methods:
    row.automaticPaymentMethods === null
      ? null
      : {
          allow_redirects: row.automaticPaymentMethods.allowRedirects,
          enabled: row.automaticPaymentMethods.enabled,
        },
  cancellation_reason: row.cancellationReason,
  client_secret: clientSecretOf(row),
  created: secondsOf(row.createdMicros),
  customer: shownOrNull(CUSTOMER_PREFIX, row.customer),
  customer_account: null,
  description: row.description,
  excluded_payment_method_types: null,
  flow_directions: null,
  last_setup_error: row.lastError === null ? null : showSetupError(row.lastError),
  latest_attempt: shownOrNull(SETUP_ATTEMPT_PREFIX, row.latestAttempt),
  livemode,
  mandate: null,
  metadata: row.metadata,
  next_action: nextActionOf(row),
  on_behalf_of: null,
  payment_method: shownOrNull(PAYMENT_METHOD_PREFIX, row.paymentMethod),
  payment_method_configuration_details: null,
  payment_method_options: {
    card: {
      mandate_options: null,
      network: null,
      request_three_d_secure: row.requestThreeDSecure ?? 'automatic',
    },
  },
  payment_method_types: ['card'],
  single_use_mandate: null,
  status: row.status,
  usage: row.usage,
})

export const showSetupAttempt = (row: SetupAttempt, livemode: boolean) => ({
  id: showId(SETUP_ATTEMPT_PREFIX, row.id),
  object: 'setup_attempt' as const,
  application: null,
  created: secondsOf(row.createdMicros),
  customer: shownOrNull(CUSTOMER_PREFIX, row.customer),
  customer_account: null,
  flow_directions: null,
  livemode,
  on_behalf_of: null,
  payment_method: showId(PAYMENT_METHOD_PREFIX, row.paymentMethod),
  payment_method_details: {
    card: {
      brand: row.card.brand,
      checks: {
        address_line1_check: row.card.addressLine1Check,
        address_postal_code_check: row.card.postalCodeCheck,
        cvc_check: row.card.cvcCheck,
      },
      country: row.card.country,
      exp_month: row.card.expMonth,
      exp_year: row.card.expYear,
      fingerprint: row.card.fingerprint,
      funding: row.card.funding,
      last4: row.card.last4,
      network: row.card.brand,
      three_d_secure: threeDSecureOf(row),
      wallet: null,
    },
    type: 'card' as const,
  },
  setup_error: row.error === null ? null : showSetupError(row.error),
  setup_intent: showId(SETUP_INTENT_PREFIX, row.setupIntent),
  status: row.state,
  usage: row.usage,
})

/** The electronic commerce indicator of Visa, by what the authentication came to. */
const INDICATORS = { authenticated: '05', attempt_acknowledged: '06', exempted: null, failed: null } as const

const threeDSecureOf = ({ threeDSecure, authentication }: SetupAttempt) =>
  threeDSecure === null
    ? null
    : {
        authentication_flow: authentication === null ? 'frictionless' : 'challenge',
        electronic_commerce_indicator: INDICATORS[threeDSecure],
        result: threeDSecure,
        result_reason: threeDSecure === 'failed' ? 'rejected' : null,
        transaction_id: authentication,
        version: '2.2.0',
      }
