import type { Desk } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'
import { CARD_ONLY, pay } from './paying.ts'

const keys = async (desk: Desk): Promise<void> => {
  const { check } = desk
  await check.refused('a key of nobody', desk.client({}, 'sk_test_nobody').balance.retrieve(), {
    type: 'StripeAuthenticationError',
    statusCode: 401,
    rawType: 'invalid_request_error',
    message: /^Invalid API Key provided/,
  })
  const bare = await desk.send('GET', '/v1/balance', undefined, { authorization: '' })
  check.equal('no key at all', bare.status, 401)
  const publishable = await desk.createKey('publishable')
  check.matches('a publishable key', publishable, /^pk_test_/)
  const browser = desk.client({}, publishable)
  await check.refused('a publishable key for customers', browser.customers.list(), {
    type: 'StripePermissionError',
    statusCode: 403,
  })
  await check.refused(
    'a publishable key for an intent without its secret',
    browser.paymentIntents.create({ amount: 500, currency: 'usd' }),
    {
      statusCode: 403,
      type: 'StripePermissionError',
    },
  )
  const intent = await desk.stripe.paymentIntents.create({
    amount: 1_000,
    currency: 'usd',
    ...CARD_ONLY,
  })
  const secret = intent.client_secret ?? ''
  const seen = await browser.paymentIntents.retrieve(intent.id, { client_secret: secret })
  check.fields('with its secret it is seen', seen, { id: intent.id, status: 'requires_payment_method' })
  await check.refused('without it, it is not there', browser.paymentIntents.retrieve(intent.id), {
    type: 'StripeInvalidRequestError',
  })
  await check.refused(
    'with another one neither',
    browser.paymentIntents.retrieve(intent.id, { client_secret: `${intent.id}_secret_wrong` }),
    {
      type: 'StripeInvalidRequestError',
    },
  )
  const method = await browser.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } })
  check.fields('it makes payment methods', method, { 'card.last4': '4242' })
  const done = await browser.paymentIntents.confirm(intent.id, {
    client_secret: secret,
    payment_method: method.id,
  } as never)
  check.fields('and confirms', done, { id: intent.id, status: 'succeeded' })
  await check.refused('but does not refund', browser.refunds.create({ payment_intent: intent.id }), {
    type: 'StripePermissionError',
    statusCode: 403,
  })
}

const headers = async (desk: Desk): Promise<void> => {
  const { check } = desk
  const customer = await desk.stripe.customers.create()
  check.fields('the SDK sees request and version', customer, {
    'lastResponse.requestId': /^req_/,
    'lastResponse.statusCode': 200,
    'lastResponse.apiVersion': '2026-10-28.endive',
  })
  const older = await desk.send('GET', '/v1/balance', undefined, { 'stripe-version': '2024-06-20' })
  check.equal('another version is accepted', older.status, 200)
  check.equal('and echoed', older.headers.get('stripe-version'), '2024-06-20')
  const basic = await desk.send('GET', '/v1/balance', undefined, {
    authorization: `Basic ${Buffer.from(`${desk.key}:`).toString('base64')}`,
  })
  check.equal('basic authentication', basic.status, 200)
}

/** Method, path, form; the parameter that is refused by name. */
const UNKNOWN = [
  ['POST', '/v1/customers', 'colour=red', 'colour'],
  ['POST', '/v1/payment_intents', 'amount=500&currency=usd&card_colour=red', 'card_colour'],
  ['POST', '/v1/payment_methods', 'type=card&card[token]=tok_visa&colour=red', 'colour'],
  ['POST', '/v1/payment_methods', 'type=card&card[token]=tok_visa&card[colour]=red', 'card[colour]'],
  ['POST', '/v1/setup_intents', 'colour=red', 'colour'],
  ['POST', '/v1/refunds', 'payment_intent=pi_1&colour=red', 'colour'],
  ['POST', '/v1/webhook_endpoints', 'url=https://example.com&enabled_events[]=*&colour=red', 'colour'],
  ['POST', '/v1/tokens', 'colour=red', 'colour'],
  ['GET', '/v1/customers?colour=red', undefined, 'colour'],
  ['GET', '/v1/charges?colour=red', undefined, 'colour'],
  ['GET', '/v1/refunds?colour=red', undefined, 'colour'],
  ['GET', '/v1/disputes?colour=red', undefined, 'colour'],
  ['GET', '/v1/events?colour=red', undefined, 'colour'],
  ['GET', '/v1/balance_transactions?colour=red', undefined, 'colour'],
  ['GET', '/v1/payment_methods?colour=red', undefined, 'colour'],
] as const

const unknown = async ({ send, check }: Desk): Promise<void> => {
  for (const [method, path, form, param] of UNKNOWN) {
    const answer = await send(method, path, form)
    check.fields(`${method} ${path} ${form ?? ''}`, answer, {
      status: 400,
      'body.error.type': 'invalid_request_error',
      'body.error.code': 'parameter_unknown',
      'body.error.param': param,
    })
  }
  const nowhere = await send('GET', '/v1/nothing')
  check.fields('a path of nobody', nowhere, {
    status: 404,
    'body.error.type': 'invalid_request_error',
    'body.error.message': /Unrecognized request URL/,
  })
}

const MISSING = [
  ['payment_intents', 'pi_nothing'],
  ['charges', 'ch_nothing'],
  ['customers', 'cus_nothing'],
  ['payment_methods', 'pm_nothing'],
  ['setup_intents', 'seti_nothing'],
  ['refunds', 're_nothing'],
  ['disputes', 'dp_nothing'],
  ['balance_transactions', 'txn_nothing'],
  ['events', 'evt_nothing'],
  ['webhook_endpoints', 'we_nothing'],
  ['tokens', 'tok_nothing'],
  ['test_helpers/test_clocks', 'clock_nothing'],
] as const

const missing = async ({ send, check }: Desk): Promise<void> => {
  for (const [resource, id] of MISSING) {
    const answer = await send('GET', `/v1/${resource}/${id}`)
    check.fields(`GET ${resource}/${id}`, answer, {
      status: 404,
      'body.error.type': 'invalid_request_error',
      'body.error.code': 'resource_missing',
      'body.error.message': new RegExp(`No such .*'${id}'`),
    })
  }
}

const otherTenants = async (desk: Desk): Promise<void> => {
  const { check, platform } = desk
  const intent = await pay(desk)
  const made = await platform.tenants.createSandbox({ name: `${desk.sandbox}-other` })
  const key = await platform.tenants.createKey({ tenant: `${desk.sandbox}-other`, name: 'other' })
  check.ok('another sandbox', made.ok && key.ok)
  if (!key.ok) return
  const stranger = desk.client({}, key.text)
  const gone = { type: 'StripeInvalidRequestError', code: 'resource_missing' }
  await check.refused('its intent', stranger.paymentIntents.retrieve(intent.id), gone)
  await check.refused('its charge', stranger.charges.retrieve(String(intent.latest_charge)), gone)
  await check.refused(
    'its payment method',
    stranger.paymentMethods.retrieve(String(intent.payment_method)),
    gone,
  )
  await check.refused('a refund of it', stranger.refunds.create({ payment_intent: intent.id }), gone)
  check.equal('its events', (await stranger.events.list()).data, [])
}

export const errors: Suite = {
  name: 'errors',
  cases: {
    'of keys': keys,
    'carry what the SDK looks for': headers,
    'name a parameter that nobody knows': unknown,
    'name an object that is not there': missing,
    'keep tenants apart': otherTenants,
  },
}
