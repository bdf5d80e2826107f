import type { Desk } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'
import { CARD, cardMethod } from './paying.ts'

const create = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const method = await cardMethod(desk, CARD.number, {
    billing_details: {
      name: 'Jenny Rosen',
      email: 'jenny@example.com',
      phone: '+1',
      address: { line1: '510 Townsend', postal_code: '94103', country: 'US' },
    },
    metadata: { a: '1' },
  })
  check.fields('a payment method', method, {
    id: /^pm_/,
    object: 'payment_method',
    type: 'card',
    customer: null,
    livemode: false,
    'metadata.a': '1',
    'billing_details.name': 'Jenny Rosen',
    'billing_details.email': 'jenny@example.com',
    'billing_details.phone': '+1',
    'billing_details.address.line1': '510 Townsend',
    'billing_details.address.city': null,
    'card.brand': 'visa',
    'card.last4': '4242',
    'card.exp_month': CARD.exp_month,
    'card.exp_year': CARD.exp_year,
    'card.fingerprint': /./,
    'card.country': 'US',
    'card.checks.cvc_check': 'unchecked',
    'card.three_d_secure_usage.supported': true,
    'card.number': undefined,
    'card.cvc': undefined,
  })
  const same = await cardMethod(desk, CARD.number)
  check.equal('the same card has the same fingerprint', same.card?.fingerprint, method.card?.fingerprint)
  const other = await cardMethod(desk, '5555555555554444')
  check.ok('another card has another one', other.card?.fingerprint !== method.card?.fingerprint)
  check.fields('read again', await stripe.paymentMethods.retrieve(method.id), {
    id: method.id,
    'card.last4': '4242',
  })
  check.ok(
    'no number is in it',
    !JSON.stringify(await stripe.paymentMethods.retrieve(method.id)).includes(CARD.number),
  )
}

const attach = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const customer = await stripe.customers.create()
  const method = await cardMethod(desk, CARD.number)
  const attached = await stripe.paymentMethods.attach(method.id, { customer: customer.id })
  check.fields('attached', attached, {
    id: method.id,
    customer: customer.id,
    'card.checks.cvc_check': 'pass',
  })
  const byName = await stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer.id })
  check.fields('a test method gets an id of its own', byName, {
    id: /^pm_(?!card)/,
    'card.brand': 'mastercard',
  })
  const updated = await stripe.paymentMethods.update(method.id, {
    billing_details: { name: 'New' },
    card: { exp_year: 2040 },
    metadata: { k: 'v' },
  })
  check.fields('updated', updated, {
    'billing_details.name': 'New',
    'card.exp_year': 2040,
    'metadata.k': 'v',
  })
  const listed = await stripe.paymentMethods.list({ customer: customer.id })
  check.equal(
    'listed, newest first',
    listed.data.map(({ id }) => id),
    [byName.id, method.id],
  )
  check.equal(
    'by type',
    (await stripe.paymentMethods.list({ customer: customer.id, type: 'card' })).data.length,
    2,
  )
  const second = await stripe.customers.create()
  await check.refused(
    'attached to somebody else',
    stripe.paymentMethods.attach(method.id, { customer: second.id }),
    {
      type: 'StripeInvalidRequestError',
      statusCode: 400,
    },
  )
  const detached = await stripe.paymentMethods.detach(method.id)
  check.fields('detached', detached, { id: method.id, customer: null })
  check.equal('one is left', (await stripe.paymentMethods.list({ customer: customer.id })).data.length, 1)
  await check.refused(
    'attached again after that',
    stripe.paymentMethods.attach(method.id, { customer: customer.id }),
    {
      type: 'StripeInvalidRequestError',
      statusCode: 400,
    },
  )
  const found = (await desk.events()).filter(({ data }) => (data.object as { id?: string }).id === method.id)
  check.equal(
    'its events',
    found.map(({ type }) => type),
    ['payment_method.detached', 'payment_method.updated', 'payment_method.attached'],
  )
}

const declinedWhenAttached = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const customer = await stripe.customers.create()
  for (const [number, code] of [
    ['4000000000000002', 'card_declined'],
    ['4000000000000069', 'expired_card'],
    ['4000000000000127', 'incorrect_cvc'],
    ['4000000000000119', 'processing_error'],
  ] as const) {
    const method = await cardMethod(desk, number)
    await check.refused(
      `${number} is asked when it is attached`,
      stripe.paymentMethods.attach(method.id, { customer: customer.id }),
      {
        type: 'StripeCardError',
        code,
        statusCode: 402,
      },
    )
  }
  const saved = await cardMethod(desk, '4000000000000341')
  check.fields(
    '4000000000000341 is attached well',
    await stripe.paymentMethods.attach(saved.id, { customer: customer.id }),
    {
      customer: customer.id,
    },
  )
}

const tokens = async ({ stripe, check }: Desk): Promise<void> => {
  const token = await stripe.tokens.create({
    card: { number: CARD.number, exp_month: '12', exp_year: '2034', cvc: '123' },
  })
  check.fields('a token', token, {
    id: /^tok_/,
    object: 'token',
    type: 'card',
    used: false,
    livemode: false,
    'card.object': 'card',
    'card.brand': 'Visa',
    'card.last4': '4242',
    'card.exp_year': 2034,
  })
  check.fields('read again', await stripe.tokens.retrieve(token.id), { id: token.id, used: false })
  const method = await stripe.paymentMethods.create({ type: 'card', card: { token: token.id } })
  check.fields('a payment method of it', method, { 'card.last4': '4242' })
  check.fields('it is used then', await stripe.tokens.retrieve(token.id), { used: true })
  await check.refused(
    'and not used twice',
    stripe.paymentMethods.create({ type: 'card', card: { token: token.id } }),
    {
      type: 'StripeInvalidRequestError',
      code: 'token_already_used',
    },
  )
  for (const [name, brand, last4] of [
    ['tok_visa', 'visa', '4242'],
    ['tok_visa_debit', 'visa', '5556'],
    ['tok_mastercard', 'mastercard', '4444'],
    ['tok_mastercard_debit', 'mastercard', '8210'],
    ['tok_mastercard_prepaid', 'mastercard', '5100'],
    ['tok_amex', 'amex', '0005'],
    ['tok_discover', 'discover', '1117'],
    ['tok_diners', 'diners', '0004'],
    ['tok_jcb', 'jcb', /^(0505|0000)$/],
    ['tok_unionpay', 'unionpay', '0005'],
    ['tok_chargeDeclined', 'visa', '0002'],
  ] as const) {
    check.fields(name, await stripe.paymentMethods.create({ type: 'card', card: { token: name } }), {
      'card.brand': brand,
      'card.last4': last4,
    })
  }
  await check.refused(
    'a token of nothing',
    stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_nothing' } }),
    {
      type: 'StripeInvalidRequestError',
      code: 'resource_missing',
    },
  )
}

export const paymentMethods: Suite = {
  name: 'payment-methods',
  cases: {
    'are made of cards': create,
    'are attached, updated, listed and detached': attach,
    'are asked about when they are attached': declinedWhenAttached,
    'are made of tokens': tokens,
  },
}
