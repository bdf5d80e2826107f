import type { Desk } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'
import { chargeOf, idOf, pay } from './paying.ts'

const read = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const customer = await stripe.customers.create()
  const intent = await pay(desk, {
    customer: customer.id,
    statement_descriptor_suffix: 'ORDER 7',
    shipping: { name: 'J', address: { line1: 'x', country: 'US' } },
  })
  const charge = await chargeOf(desk, intent)
  check.fields('a charge', charge, {
    id: /^ch_/,
    customer: customer.id,
    statement_descriptor_suffix: 'ORDER 7',
    'shipping.name': 'J',
    'billing_details.address.country': null,
    receipt_url: charge.receipt_url,
    livemode: false,
    'outcome.seller_message': 'Payment complete.',
    'outcome.risk_level': 'normal',
    'payment_method_details.card.network': 'visa',
    'payment_method_details.card.country': 'US',
    'payment_method_details.card.funding': 'credit',
    'payment_method_details.card.fingerprint': /./,
    'payment_method_details.card.three_d_secure': null,
    'payment_method_details.card.wallet': null,
  })
  const updated = await stripe.charges.update(charge.id, {
    description: 'later',
    metadata: { a: '1' },
    receipt_email: 'b@example.com',
  })
  check.fields('updated', updated, {
    description: 'later',
    'metadata.a': '1',
    receipt_email: 'b@example.com',
  })
  check.fields('the intent has its own metadata', await stripe.paymentIntents.retrieve(intent.id), {
    metadata: {},
  })
  check.equal(
    'by intent',
    (await stripe.charges.list({ payment_intent: intent.id })).data.map(({ id }) => id),
    [charge.id],
  )
  check.equal(
    'by customer',
    (await stripe.charges.list({ customer: customer.id })).data.map(({ id }) => id),
    [charge.id],
  )
  await check.refused('one that is not there', stripe.charges.retrieve('ch_nothing'), {
    type: 'StripeInvalidRequestError',
    code: 'resource_missing',
    statusCode: 404,
    message: /^No such charge: 'ch_nothing'/,
  })
  check.fields('by id', await stripe.charges.retrieve(idOf(intent.latest_charge)), { id: charge.id })
}

export const charges: Suite = { name: 'charges', cases: { 'are read, updated, and listed': read } }
