import type { Desk } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'
import { CARD, cardMethod, chargeOf, pay } from './paying.ts'

/** Stripe's test cards: https://docs.stripe.com/testing */

const BRANDS = [
  ['4242424242424242', 'pm_card_visa', 'visa', '4242', 'credit', 'US'],
  ['4000056655665556', 'pm_card_visa_debit', 'visa', '5556', 'debit', 'US'],
  ['5555555555554444', 'pm_card_mastercard', 'mastercard', '4444', 'credit', 'US'],
  ['5200828282828210', 'pm_card_mastercard_debit', 'mastercard', '8210', 'debit', 'US'],
  ['5105105105105100', 'pm_card_mastercard_prepaid', 'mastercard', '5100', 'prepaid', 'US'],
  ['378282246310005', 'pm_card_amex', 'amex', '0005', 'credit', 'US'],
  ['6011111111111117', 'pm_card_discover', 'discover', '1117', 'credit', 'US'],
  ['3056930009020004', 'pm_card_diners', 'diners', '0004', 'credit', 'US'],
  ['3566002020360505', null, 'jcb', '0505', 'credit', 'JP'],
  ['6200000000000005', 'pm_card_unionpay', 'unionpay', '0005', 'credit', 'CN'],
  ['2223003122003222', null, 'mastercard', '3222', 'credit', 'US'],
  ['371449635398431', null, 'amex', '8431', 'credit', 'US'],
  ['4000001240000000', 'pm_card_ca', 'visa', '0000', 'credit', 'CA'],
  ['4000008260000000', 'pm_card_gb', 'visa', '0000', 'credit', 'GB'],
  ['4000002760000016', 'pm_card_de', 'visa', '0016', 'credit', 'DE'],
  ['4000002500000003', 'pm_card_fr', 'visa', '0003', 'credit', 'FR'],
  ['4000003920000003', 'pm_card_jp', 'visa', '0003', 'credit', 'JP'],
  ['4000000360000006', 'pm_card_au', 'visa', '0006', 'credit', 'AU'],
] as const

const succeed = async (desk: Desk): Promise<void> => {
  for (const [number, name, brand, last4, funding, country] of BRANDS) {
    const method = await cardMethod(desk, number)
    desk.check.fields(`card ${number}`, method, {
      type: 'card',
      'card.brand': brand,
      'card.last4': last4,
      'card.funding': funding,
      'card.country': country,
      'card.exp_month': CARD.exp_month,
      'card.exp_year': CARD.exp_year,
    })
    const intent = await pay(desk, { payment_method: method.id, expand: ['latest_charge'] })
    desk.check.fields(`a payment with ${number}`, intent, {
      status: 'succeeded',
      amount_received: 2_000,
      'latest_charge.paid': true,
      'latest_charge.outcome.type': 'authorized',
      'latest_charge.outcome.network_status': 'approved_by_network',
      'latest_charge.payment_method_details.card.brand': brand,
      'latest_charge.payment_method_details.card.last4': last4,
    })
    if (name === null) continue
    desk.check.fields(`a payment with ${name}`, await pay(desk, { payment_method: name }), {
      status: 'succeeded',
    })
  }
}

/** Number, name, code, decline code (null: none is documented). */
const DECLINES = [
  ['4000000000000002', 'pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
  ['4000000000009995', 'pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
  ['4000000000009987', 'pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
  ['4000000000009979', 'pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
  ['4000000000000069', 'pm_card_chargeDeclinedExpiredCard', 'expired_card', null],
  ['4000000000000127', 'pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', null],
  ['4000000000000119', 'pm_card_chargeDeclinedProcessingError', 'processing_error', null],
  [
    '4000000000006975',
    'pm_card_visa_chargeDeclinedVelocityLimitExceeded',
    'card_declined',
    'card_velocity_exceeded',
  ],
  ['4000000000000341', 'pm_card_chargeCustomerFail', 'card_declined', null],
] as const

const isDeclined = async (
  desk: Desk,
  method: string,
  expected: { readonly code: string; readonly declineCode: string | null },
): Promise<void> => {
  const { check } = desk
  const error = await check.refused(`a payment with ${method}`, pay(desk, { payment_method: method }), {
    type: 'StripeCardError',
    rawType: 'card_error',
    statusCode: 402,
    code: expected.code,
    message: /./,
    charge: /^ch_/,
    doc_url: /./,
    requestId: /^req_/,
    ...(expected.declineCode === null ? {} : { decline_code: expected.declineCode }),
    'payment_intent.object': 'payment_intent',
    'payment_intent.status': 'requires_payment_method',
    'payment_intent.payment_method': null,
    'payment_intent.amount_received': 0,
    'payment_intent.last_payment_error.type': 'card_error',
    'payment_intent.last_payment_error.code': expected.code,
    'payment_intent.last_payment_error.payment_method.type': 'card',
  })
  const intent = (error as { payment_intent?: { id: string } } | null)?.payment_intent
  if (intent === undefined) return
  const read = await desk.stripe.paymentIntents.retrieve(intent.id)
  check.fields(`that intent, read again`, read, { status: 'requires_payment_method', latest_charge: /^ch_/ })
  check.fields(`the charge of ${method}`, await chargeOf(desk, read), {
    status: 'failed',
    paid: false,
    captured: false,
    failure_code: expected.code,
    failure_message: /./,
    balance_transaction: null,
    'outcome.type': 'issuer_declined',
    'outcome.network_status': 'declined_by_network',
  })
}

const decline = async (desk: Desk): Promise<void> => {
  for (const [number, name, code, declineCode] of DECLINES) {
    await isDeclined(desk, name, { code, declineCode })
    await isDeclined(desk, (await cardMethod(desk, number)).id, { code, declineCode })
  }
}

const blocked = async (desk: Desk): Promise<void> => {
  for (const name of ['pm_card_radarBlock', 'pm_card_riskLevelHighest']) {
    const error = await desk.check.refused(`a payment with ${name}`, pay(desk, { payment_method: name }), {
      type: 'StripeCardError',
      code: 'card_declined',
      decline_code: 'fraudulent',
      charge: /^ch_/,
    })
    const charge = (error as { charge?: string } | null)?.charge
    if (charge === undefined) continue
    desk.check.fields(`the charge of ${name}`, await desk.stripe.charges.retrieve(charge), {
      status: 'failed',
      'outcome.type': 'blocked',
      'outcome.network_status': 'not_sent_to_network',
      'outcome.risk_level': 'highest',
    })
  }
}

/** Succeed, with something to see at the charge. */
const SEEN = [
  ['pm_card_riskLevelElevated', { 'outcome.risk_level': 'elevated' }],
  ['pm_card_visa', { 'outcome.risk_level': 'normal' }],
  ['pm_card_avsFail', { 'payment_method_details.card.checks.address_postal_code_check': 'fail' }],
] as const

const seen = async (desk: Desk): Promise<void> => {
  for (const [name, fields] of SEEN) {
    const withAddress = { payment_method: name }
    desk.check.fields(`the charge of ${name}`, await chargeOf(desk, await pay(desk, withAddress)), {
      paid: true,
      ...(name === 'pm_card_avsFail' ? {} : fields),
    })
  }
  const failing = await cardMethod(desk, '4000000000000101')
  desk.check.fields(
    'a CVC that fails',
    await chargeOf(desk, await pay(desk, { payment_method: failing.id })),
    {
      paid: true,
      'payment_method_details.card.checks.cvc_check': 'fail',
    },
  )
  const postal = await cardMethod(desk, '4000000000000036', {
    billing_details: { address: { line1: 'x', postal_code: '94103', country: 'US' } },
  })
  desk.check.fields(
    'a postal code that fails',
    await chargeOf(desk, await pay(desk, { payment_method: postal.id })),
    {
      paid: true,
      'payment_method_details.card.checks.address_postal_code_check': 'fail',
      'payment_method_details.card.checks.address_line1_check': 'pass',
    },
  )
}

/** What is wrong with a card before anybody is asked for money. */
const ENTERED = [
  [{ number: '4242424242424241' }, { code: 'incorrect_number', param: 'number' }],
  [{ exp_month: 13 }, { code: 'invalid_expiry_month', param: 'exp_month' }],
  [{ exp_year: 2019 }, { code: 'invalid_expiry_year', param: 'exp_year' }],
  [{ cvc: '99' }, { code: 'invalid_cvc', param: 'cvc' }],
  [{ number: '4242' }, { param: 'number' }],
] as const

const entered = async ({ stripe, check }: Desk): Promise<void> => {
  for (const [change, expected] of ENTERED) {
    const params = { type: 'card', card: { ...CARD, ...change } } as const
    await check.refused(`a card with ${JSON.stringify(change)}`, stripe.paymentMethods.create(params), {
      type: 'StripeCardError',
      statusCode: 402,
      ...('code' in expected ? { code: expected.code } : {}),
      param: new RegExp(expected.param),
    })
  }
  await check.refused(
    'a number that is no test card, though it might be a real one',
    stripe.paymentMethods.create({ type: 'card', card: { ...CARD, number: '4929123456789012' } }),
    { type: 'StripeCardError', statusCode: 402 },
  )
  await check.refused('a name of nothing', stripe.paymentMethods.retrieve('pm_card_nobody'), {
    type: 'StripeInvalidRequestError',
    code: 'resource_missing',
    statusCode: 404,
  })
}

export const cards: Suite = {
  name: 'cards',
  cases: {
    'that succeed, by brand and country': succeed,
    'that are declined': decline,
    'that are blocked': blocked,
    'with something to see': seen,
    'that were entered wrongly': entered,
  },
}
