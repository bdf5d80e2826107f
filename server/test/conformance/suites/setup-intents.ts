import type Stripe from 'stripe'
import { type Desk, until } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'
import { authenticate } from './authentication.ts'
import { CARD_ONLY, cardMethod, idOf } from './paying.ts'

const create = async ({ stripe, check }: Desk): Promise<void> => {
  const intent = await stripe.setupIntents.create({ metadata: { a: '1' }, description: 'saving' })
  check.fields('a setup intent', intent, {
    id: /^seti_/,
    object: 'setup_intent',
    status: 'requires_payment_method',
    usage: 'off_session',
    client_secret: /^seti_.+_secret_.+/,
    customer: null,
    payment_method: null,
    last_setup_error: null,
    latest_attempt: null,
    next_action: null,
    livemode: false,
    description: 'saving',
    'metadata.a': '1',
  })
  const customer = await stripe.customers.create()
  const updated = await stripe.setupIntents.update(intent.id, {
    customer: customer.id,
    metadata: { b: '2' },
    payment_method: 'pm_card_visa',
  })
  check.fields('updated', updated, {
    customer: customer.id,
    metadata: { a: '1', b: '2' },
    status: 'requires_confirmation',
  })
  const done = await stripe.setupIntents.confirm(intent.id, { return_url: 'https://example.com/back' })
  check.fields('confirmed', done, { status: 'succeeded', payment_method: /^pm_/, latest_attempt: /^setatt_/ })
  const saved = await stripe.customers.listPaymentMethods(customer.id)
  check.equal(
    'the card is saved',
    saved.data.map(({ id }) => id),
    [idOf(done.payment_method)],
  )
  check.fields(
    'read again',
    await stripe.setupIntents.retrieve(intent.id, { expand: ['payment_method', 'customer'] }),
    {
      'payment_method.card.last4': '4242',
      'customer.id': customer.id,
    },
  )
  const attempts = await stripe.setupAttempts.list({ setup_intent: intent.id })
  check.fields('its attempt', attempts.data[0], {
    object: 'setup_attempt',
    status: 'succeeded',
    setup_intent: intent.id,
  })
  await check.refused('confirmed again', stripe.setupIntents.confirm(intent.id), {
    type: 'StripeInvalidRequestError',
    code: 'setup_intent_unexpected_state',
    'setup_intent.id': intent.id,
  })
  await check.refused('canceled after success', stripe.setupIntents.cancel(intent.id), {
    code: 'setup_intent_unexpected_state',
  })
}

const declined = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const method = await cardMethod(desk, '4000000000000002')
  const error = await check.refused(
    'a card that is declined',
    stripe.setupIntents.create({ confirm: true, payment_method: method.id, ...CARD_ONLY }),
    {
      type: 'StripeCardError',
      code: 'card_declined',
      decline_code: 'generic_decline',
      statusCode: 402,
      'setup_intent.status': 'requires_payment_method',
      'setup_intent.last_setup_error.code': 'card_declined',
    },
  )
  const id = (error as { setup_intent?: { id: string } } | null)?.setup_intent?.id
  if (id !== undefined) {
    check.fields('another card', await stripe.setupIntents.confirm(id, { payment_method: 'pm_card_visa' }), {
      status: 'succeeded',
    })
  }
  const canceled = await stripe.setupIntents.create()
  check.fields(
    'canceled',
    await stripe.setupIntents.cancel(canceled.id, { cancellation_reason: 'abandoned' }),
    {
      status: 'canceled',
      cancellation_reason: 'abandoned',
    },
  )
  await check.refused('one that is not there', stripe.setupIntents.retrieve('seti_nothing'), {
    code: 'resource_missing',
    statusCode: 404,
  })
}

const settled = (desk: Desk, id: string): Promise<Stripe.SetupIntent> =>
  until(`the end of ${id}`, async () => {
    const intent = await desk.stripe.setupIntents.retrieve(id)
    return intent.status === 'requires_action' || intent.status === 'processing' ? null : intent
  })

const authenticated = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const customer = await stripe.customers.create()
  const intent = await stripe.setupIntents.create({
    confirm: true,
    customer: customer.id,
    payment_method: 'pm_card_authenticationRequired',
    ...CARD_ONLY,
    return_url: 'https://example.com/back',
  })
  check.fields('a card that must be authenticated', intent, {
    status: 'requires_action',
    'next_action.type': 'redirect_to_url',
    'next_action.redirect_to_url.url': /^http/,
    'next_action.redirect_to_url.return_url': 'https://example.com/back',
  })
  await authenticate(desk, intent, true)
  check.fields('after it', await settled(desk, intent.id), {
    status: 'succeeded',
    next_action: null,
  })
  const failing = await stripe.setupIntents.create({
    confirm: true,
    payment_method: 'pm_card_authenticationRequired',
    ...CARD_ONLY,
    return_url: 'https://example.com/back',
  })
  await authenticate(desk, failing, false)
  check.fields('after it failed', await settled(desk, failing.id), {
    status: 'requires_payment_method',
    'last_setup_error.code': 'setup_intent_authentication_failure',
  })
}

const lists = async ({ stripe, check }: Desk): Promise<void> => {
  const customer = await stripe.customers.create()
  const made = await stripe.setupIntents.create({ customer: customer.id })
  await stripe.setupIntents.create()
  const list = await stripe.setupIntents.list({ customer: customer.id })
  check.equal(
    'by customer',
    list.data.map(({ id }) => id),
    [made.id],
  )
  const events = await stripe.events.list({
    types: [
      'setup_intent.created',
      'setup_intent.succeeded',
      'setup_intent.setup_failed',
      'setup_intent.canceled',
      'setup_intent.requires_action',
    ],
  })
  check.equal('each kind of event was there', new Set(events.data.map(({ type }) => type)).size, 5)
}

export const setupIntents: Suite = {
  name: 'setup-intents',
  cases: {
    'save a card': create,
    'are declined and canceled': declined,
    'are authenticated': authenticated,
    'are listed': lists,
  },
}
