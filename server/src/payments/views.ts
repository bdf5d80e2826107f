import { assert, secondsOf, showId, stripeFromMinor, type Uuid } from '../kit/index.ts'
import { moneyOf } from './chart.ts'
import { isRefunded } from './core/charges.ts'
import { stampsOf } from './core/launched.ts'
import type { BalanceTransaction, Charge, Intent, Json, PaymentError, Stamp } from './core/model.ts'
import { outcomeOf } from './core/outcome.ts'
import { withSecret } from './secrets.ts'

export const INTENT_PREFIX = 'pi'
export const CHARGE_PREFIX = 'ch'
export const BALANCE_TRANSACTION_PREFIX = 'txn'
export const LAUNCH_PREFIX = 'launch'
const CUSTOMER_PREFIX = 'cus'
const PAYMENT_METHOD_PREFIX = 'pm'

export const shownOrNull = (prefix: string, id: Uuid | null): string | null =>
  id === null ? null : showId(prefix, id)

/** An amount as Stripe's resources write it. */
export const showAmount = (minor: bigint, currency: string): number => {
  const amount = stripeFromMinor(moneyOf(currency), minor)
  assert(typeof amount === 'bigint', `${minor} of ${currency} can be shown`)
  return Number(amount)
}

export const showCurrency = (code: string): string => code.toLowerCase()

const EMPTY_ADDRESS = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null }
const EMPTY_BILLING = { address: EMPTY_ADDRESS, email: null, name: null, phone: null, tax_id: null }

/** Stripe shows every part of an address, and nothing else than what it knows. */
export const showShipping = (shipping: Json): Json => {
  if (shipping === null || typeof shipping !== 'object' || Array.isArray(shipping)) return null
  const parts = shipping as Readonly<Record<string, Json>>
  const address = parts['address']
  return {
    address: { ...EMPTY_ADDRESS, ...(typeof address === 'object' && address !== null ? address : {}) },
    carrier: parts['carrier'] ?? null,
    name: parts['name'] ?? '',
    phone: parts['phone'] ?? null,
    tracking_number: parts['tracking_number'] ?? null,
  }
}

/** An error as it stands in the payment, and in the answer of the request that it ended. */
export const showError = (error: PaymentError, method: Json): Readonly<Record<string, unknown>> => ({
  ...(error.adviceCode === null ? {} : { advice_code: error.adviceCode }),
  ...(error.charge === null ? {} : { charge: showId(CHARGE_PREFIX, error.charge) }),
  code: error.code,
  ...(error.declineCode === null ? {} : { decline_code: error.declineCode }),
  doc_url: `/errors#${error.code}`,
  message: error.message,
  ...(error.networkDeclineCode === null ? {} : { network_decline_code: error.networkDeclineCode }),
  ...(method === null ? {} : { payment_method: method, payment_method_type: 'card' }),
  type: error.type,
})

const nextActionOf = ({ id, nextAction, returnUrl }: Intent, clientSecret: string) => {
  if (nextAction === null) return null
  const url = withSecret(nextAction.url, id, clientSecret)
  if (returnUrl !== null) {
    return {
      redirect_to_url: { return_url: returnUrl, url },
      type: 'redirect_to_url' as const,
    }
  }
  return {
    type: 'use_stripe_sdk' as const,
    use_stripe_sdk: {
      source: nextAction.authentication,
      stripe_js: url,
      type: 'three_d_secure_redirect',
    },
  }
}

const optionsOf = (options: Json) => {
  const card =
    (typeof options === 'object' && options !== null ? (options as { card?: Json }).card : {}) ?? {}
  return {
    card: {
      installments: null,
      mandate_options: null,
      network: null,
      request_three_d_secure: 'automatic',
      ...(card as Readonly<Record<string, Json>>),
    },
  }
}

export type IntentView = { readonly livemode: boolean; readonly clientSecret: string }

/** What everybody sees who has the payment's client_secret. */
const openPart = (row: Intent, { livemode, clientSecret }: IntentView) => ({
  id: showId(INTENT_PREFIX, row.id),
  object: 'payment_intent' as const,
  amount: showAmount(row.amount, row.currency),
  amount_details: { tip: {} },
  automatic_payment_methods:
    row.automaticPaymentMethods === null
      ? null
      : {
          enabled: row.automaticPaymentMethods.enabled,
          ...(row.automaticPaymentMethods.allowRedirects === null
            ? {}
            : { allow_redirects: row.automaticPaymentMethods.allowRedirects }),
        },
  canceled_at: row.canceledAtMicros === null ? null : Math.floor(row.canceledAtMicros / 1_000_000),
  cancellation_reason: row.cancellationReason,
  capture_method: row.captureMethod,
  client_secret: clientSecret,
  confirmation_method: row.confirmationMethod,
  created: secondsOf(row.createdMicros),
  currency: showCurrency(row.currency),
  description: row.description,
  last_payment_error: row.lastError === null ? null : showError(row.lastError, row.lastErrorMethod),
  livemode,
  next_action: nextActionOf(row, clientSecret),
  payment_method: shownOrNull(PAYMENT_METHOD_PREFIX, row.paymentMethod),
  payment_method_configuration_details: null,
  payment_method_types: [...row.paymentMethodTypes],
  processing: null,
  receipt_email: row.receiptEmail,
  setup_future_usage: row.setupFutureUsage,
  shipping: showShipping(row.shipping),
  source: null,
  status: row.status,
})

/** With a publishable key: nothing of customer, metadata, charge and money moved. */
export const showIntentToClient = openPart

export const showIntent = (row: Intent, view: IntentView) => ({
  ...openPart(row, view),
  allowed_payment_method_types: null,
  amount_capturable: showAmount(row.amountCapturable, row.currency),
  amount_received: showAmount(row.amountReceived, row.currency),
  application: null,
  application_fee_amount: null,
  customer: shownOrNull(CUSTOMER_PREFIX, row.customer),
  customer_account: null,
  excluded_payment_method_types: null,
  latest_charge: shownOrNull(CHARGE_PREFIX, row.latestCharge),
  managed_payments: null,
  metadata: row.metadata,
  on_behalf_of: null,
  payment_method_options: optionsOf(row.paymentMethodOptions),
  payment_record: null,
  review: null,
  statement_descriptor: row.statementDescriptor,
  statement_descriptor_suffix: row.statementDescriptorSuffix,
  transfer_data: null,
  transfer_group: row.transferGroup,
})

const DESCRIPTOR_PREFIX = 'EVENKEEL'
const DESCRIPTOR_LENGTH = 22

/** What the cardholder reads. */
export const calculatedDescriptor = (
  row: Pick<Intent, 'statementDescriptor' | 'statementDescriptorSuffix'>,
): string => {
  const { statementDescriptor: whole, statementDescriptorSuffix: suffix } = row
  if (suffix !== null) return `${whole ?? DESCRIPTOR_PREFIX}* ${suffix}`.slice(0, DESCRIPTOR_LENGTH)
  return whole ?? DESCRIPTOR_PREFIX
}

const INDICATORS: Readonly<Record<string, string>> = { authenticated: '05', attempt_acknowledged: '06' }

const threeDSecureOf = (result: string | null) =>
  result === null
    ? null
    : {
        authentication_flow: result === 'authenticated' ? ('challenge' as const) : ('frictionless' as const),
        electronic_commerce_indicator: INDICATORS[result] ?? null,
        exemption_indicator: result === 'exempted' ? ('low_risk' as const) : null,
        result,
        result_reason: null,
        transaction_id: null,
        version: '2.2.0' as const,
      }

const showCard = (row: Charge) => {
  const { card } = row
  return {
    amount_authorized: row.status === 'failed' ? null : showAmount(row.amount, row.currency),
    authorization_code: card.authorisationCode,
    brand: card.brand,
    ...(row.hold === null || row.captureBeforeMicros === null
      ? {}
      : { capture_before: Math.floor(row.captureBeforeMicros / 1_000_000) }),
    checks: {
      address_line1_check: card.addressLine1Check,
      address_postal_code_check: card.postalCodeCheck,
      cvc_check: card.cvcCheck,
    },
    country: card.country,
    electronic_commerce_indicator:
      card.threeDSecure === null ? null : (INDICATORS[card.threeDSecure] ?? null),
    exp_month: card.expMonth,
    exp_year: card.expYear,
    extended_authorization: { status: 'disabled' as const },
    fingerprint: card.fingerprint,
    funding: card.funding,
    incremental_authorization: { status: 'unavailable' as const },
    installments: null,
    last4: card.last4,
    mandate: null,
    multicapture: { status: 'unavailable' as const },
    network: card.brand,
    network_token: { used: false },
    network_transaction_id: card.networkTransactionId,
    overcapture: {
      maximum_amount_capturable: showAmount(row.amount, row.currency),
      status: 'unavailable' as const,
    },
    regulated_status: 'unregulated' as const,
    three_d_secure: threeDSecureOf(card.threeDSecure),
    transaction_link_id: null,
    wallet: null,
  }
}

/** Which launches the attempt was counted for, and whose way it went. */
export const showLaunches = (row: { readonly stamps?: readonly Stamp[] }) =>
  stampsOf(row).map((stamp) => ({
    launch: showId(LAUNCH_PREFIX, stamp.launch),
    stage: stamp.stage,
    exposed: stamp.exposed,
    reason: stamp.reason,
    exposure_bp: stamp.exposureBp,
    version: stamp.version,
    bucket: stamp.bucket,
  }))

export const showCharge = (row: Charge, livemode: boolean) => ({
  id: showId(CHARGE_PREFIX, row.id),
  object: 'charge' as const,
  amount: showAmount(row.amount, row.currency),
  amount_captured: showAmount(row.amountCaptured, row.currency),
  amount_refunded: showAmount(row.amountRefunded, row.currency),
  application: null,
  application_fee: null,
  application_fee_amount: null,
  balance_transaction: shownOrNull(BALANCE_TRANSACTION_PREFIX, row.balanceTransaction),
  billing_details: { ...EMPTY_BILLING, ...(row.billingDetails as Readonly<Record<string, Json>> | null) },
  calculated_statement_descriptor: calculatedDescriptor(row),
  captured: row.captured,
  created: secondsOf(row.createdMicros),
  currency: showCurrency(row.currency),
  customer: shownOrNull(CUSTOMER_PREFIX, row.customer),
  description: row.description,
  disputed: row.disputed,
  failure_balance_transaction: null,
  failure_code: row.failure?.code ?? null,
  failure_message: row.failure?.message ?? null,
  fallback_of: shownOrNull(CHARGE_PREFIX, row.fallbackOf ?? null),
  fraud_details: {
    ...(row.fraudDetails.stripeReport === null ? {} : { stripe_report: row.fraudDetails.stripeReport }),
    ...(row.fraudDetails.userReport === null ? {} : { user_report: row.fraudDetails.userReport }),
  },
  launches: showLaunches(row),
  livemode,
  metadata: row.metadata,
  on_behalf_of: null,
  outcome: outcomeOf(row),
  paid: row.status === 'succeeded',
  payment_intent: showId(INTENT_PREFIX, row.intent),
  payment_method: showId(PAYMENT_METHOD_PREFIX, row.paymentMethod),
  payment_method_details: { card: showCard(row), type: 'card' as const },
  radar_options: {},
  rail: row.rail,
  rail_latency_ms: row.railLatencyMs ?? null,
  receipt_email: row.receiptEmail,
  receipt_number: null,
  receipt_url: null,
  refunded: isRefunded(row),
  review: null,
  shipping: showShipping(row.shipping),
  source: null,
  source_transfer: null,
  statement_descriptor: row.statementDescriptor,
  statement_descriptor_suffix: row.statementDescriptorSuffix,
  status: row.status,
  transfer_data: null,
  transfer_group: row.transferGroup,
})

/** @param nowMicros the tenant's time, by which it is available or not yet */
export const showBalanceTransaction = (row: BalanceTransaction, nowMicros: bigint) => ({
  id: showId(BALANCE_TRANSACTION_PREFIX, row.id),
  object: 'balance_transaction' as const,
  amount: showAmount(row.amount, row.currency),
  available_on: secondsOf(row.availableOnMicros),
  balance_type: 'payments' as const,
  created: secondsOf(row.createdMicros),
  currency: showCurrency(row.currency),
  description: row.description,
  exchange_rate: null,
  fee: showAmount(row.fee, row.currency),
  fee_details: row.feeDetails.map((each) => ({
    amount: each.amount,
    application: null,
    currency: showCurrency(row.currency),
    description: each.description,
    type: each.type,
  })),
  net: showAmount(row.net, row.currency),
  reporting_category: row.reportingCategory,
  source: row.source,
  status: row.availableOnMicros <= nowMicros ? ('available' as const) : ('pending' as const),
  type: row.type,
})
