import type { Desk } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'
import { CARD_ONLY, cardMethod, chargeOf, idOf, pay } from './paying.ts'

const create = async ({ stripe, check }: Desk): Promise<void> => {
  const intent = await stripe.paymentIntents.create({ amount: 2_000, currency: 'usd' })
  check.fields('an intent of amount and currency', intent, {
    id: /^pi_/,
    object: 'payment_intent',
    amount: 2_000,
    amount_capturable: 0,
    amount_received: 0,
    currency: 'usd',
    status: 'requires_payment_method',
    capture_method: 'automatic_async',
    confirmation_method: 'automatic',
    client_secret: /^pi_.+_secret_.+/,
    'automatic_payment_methods.enabled': true,
    customer: null,
    description: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: {},
    next_action: null,
    payment_method: null,
    'payment_method_types[0]': 'card',
    receipt_email: null,
    setup_future_usage: null,
    shipping: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    canceled_at: null,
    cancellation_reason: null,
  })
  check.ok('the secret starts with the id', intent.client_secret?.startsWith(`${intent.id}_secret_`) === true)
  check.fields(
    'capital letters of a currency',
    await stripe.paymentIntents.create({ amount: 100, currency: 'EUR' }),
    { currency: 'eur' },
  )
  check.fields('with a payment method', await pay({ stripe }, { confirm: false }), {
    status: 'requires_confirmation',
    payment_method: /^pm_/,
    ...CARD_ONLY,
    automatic_payment_methods: null,
  })
  const full = await stripe.paymentIntents.create({
    amount: 1_099,
    currency: 'eur',
    description: 'Order 6735',
    receipt_email: 'jenny@example.com',
    metadata: { order: '6735' },
    statement_descriptor_suffix: 'ORDER 6735',
    shipping: { name: 'Jenny', address: { line1: 'x', city: 'y', country: 'DE' } },
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    capture_method: 'automatic',
  })
  check.fields('all that was said', full, {
    description: 'Order 6735',
    receipt_email: 'jenny@example.com',
    'metadata.order': '6735',
    statement_descriptor_suffix: 'ORDER 6735',
    'shipping.address.country': 'DE',
    'automatic_payment_methods.allow_redirects': 'never',
    capture_method: 'automatic',
  })
}

const confirmAtOnce = async (desk: Desk): Promise<void> => {
  const intent = await pay(desk, {
    description: 'at once',
    metadata: { a: '1' },
    receipt_email: 'a@example.com',
  })
  desk.check.fields('confirm: true', intent, {
    status: 'succeeded',
    amount_received: 2_000,
    amount_capturable: 0,
    latest_charge: /^ch_/,
    last_payment_error: null,
    next_action: null,
  })
  const charge = await chargeOf(desk, intent)
  desk.check.fields('its charge', charge, {
    object: 'charge',
    amount: 2_000,
    amount_captured: 2_000,
    amount_refunded: 0,
    captured: true,
    paid: true,
    refunded: false,
    disputed: false,
    status: 'succeeded',
    currency: 'usd',
    payment_intent: intent.id,
    payment_method: idOf(intent.payment_method),
    description: 'at once',
    receipt_email: 'a@example.com',
    failure_code: null,
    failure_message: null,
    'metadata.a': '1',
    'payment_method_details.type': 'card',
    'payment_method_details.card.last4': '4242',
    'balance_transaction.object': 'balance_transaction',
    'balance_transaction.amount': 2_000,
    'balance_transaction.type': 'charge',
    'balance_transaction.source': charge.id,
    'balance_transaction.status': 'pending',
  })
}

const confirmLater = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const { id } = await stripe.paymentIntents.create({
    amount: 500,
    currency: 'usd',
    ...CARD_ONLY,
  })
  await check.refused('a confirmation without a payment method', stripe.paymentIntents.confirm(id), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
  })
  const confirmed = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' })
  check.fields('confirmed with one', confirmed, { status: 'succeeded', amount_received: 500 })
  await check.refused(
    'confirmed again',
    stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' }),
    {
      type: 'StripeInvalidRequestError',
      code: 'payment_intent_unexpected_state',
      statusCode: 400,
      'payment_intent.id': id,
      'payment_intent.status': 'succeeded',
    },
  )
  const data = await stripe.paymentIntents.create({
    amount: 700,
    currency: 'usd',
    confirm: true,
    ...CARD_ONLY,
    payment_method_data: {
      type: 'card',
      ...{ card: { token: 'tok_mastercard' } },
      billing_details: { name: 'J' },
    },
    expand: ['payment_method'],
  })
  check.fields('with payment_method_data', data, {
    status: 'succeeded',
    'payment_method.card.brand': 'mastercard',
    'payment_method.billing_details.name': 'J',
  })
}

const again = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const { id } = await pay(desk, { confirm: false, payment_method: 'pm_card_visa_chargeDeclined' })
  await check.refused('the first card', stripe.paymentIntents.confirm(id), { type: 'StripeCardError' })
  check.fields(
    'the second card',
    await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' }),
    {
      id,
      status: 'succeeded',
      last_payment_error: null,
    },
  )
  const charges = await stripe.charges.list({ payment_intent: id })
  check.equal(
    'two charges, newest first',
    charges.data.map(({ status }) => status),
    ['succeeded', 'failed'],
  )
}

const update = async ({ stripe, check }: Desk): Promise<void> => {
  const { id } = await stripe.paymentIntents.create({
    amount: 500,
    currency: 'usd',
    metadata: { a: '1', b: '2' },
  })
  const changed = await stripe.paymentIntents.update(id, {
    amount: 600,
    description: 'new',
    metadata: { b: '', c: '3' },
    payment_method: 'pm_card_visa',
  })
  check.fields('an update', changed, {
    amount: 600,
    description: 'new',
    metadata: { a: '1', c: '3' },
    status: 'requires_confirmation',
  })
  check.fields('a currency', await stripe.paymentIntents.update(id, { currency: 'eur' }), { currency: 'eur' })
  check.fields('an empty text unsets', await stripe.paymentIntents.update(id, { description: '' }), {
    description: null,
  })
  await stripe.paymentIntents.confirm(id, { return_url: 'https://example.com/back' })
  await check.refused('the amount after success', stripe.paymentIntents.update(id, { amount: 700 }), {
    type: 'StripeInvalidRequestError',
    code: 'payment_intent_unexpected_state',
    'payment_intent.id': id,
  })
  check.fields(
    'metadata after success',
    await stripe.paymentIntents.update(id, { metadata: { late: '1' } }),
    {
      'metadata.late': '1',
      status: 'succeeded',
    },
  )
}

const cancel = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  for (const reason of ['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'] as const) {
    const { id } = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' })
    const canceled = await stripe.paymentIntents.cancel(id, { cancellation_reason: reason })
    check.fields(`canceled: ${reason}`, canceled, {
      status: 'canceled',
      cancellation_reason: reason,
      amount_received: 0,
    })
    check.ok('canceled_at is a time', typeof canceled.canceled_at === 'number')
    await check.refused('canceled again', stripe.paymentIntents.cancel(id), {
      code: 'payment_intent_unexpected_state',
      'payment_intent.status': 'canceled',
    })
    await check.refused(
      'confirmed after it',
      stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' }),
      {
        code: 'payment_intent_unexpected_state',
      },
    )
  }
  const paid = await pay(desk)
  await check.refused('of a paid one', stripe.paymentIntents.cancel(paid.id), {
    type: 'StripeInvalidRequestError',
    code: 'payment_intent_unexpected_state',
    'payment_intent.status': 'succeeded',
  })
}

const capture = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const held = await pay(desk, { capture_method: 'manual' })
  check.fields('a hold', held, { status: 'requires_capture', amount_capturable: 2_000, amount_received: 0 })
  check.fields('its charge', await chargeOf(desk, held), {
    captured: false,
    paid: true,
    status: 'succeeded',
    amount_captured: 0,
    balance_transaction: null,
  })
  const taken = await stripe.paymentIntents.capture(held.id)
  check.fields('captured in full', taken, {
    status: 'succeeded',
    amount_capturable: 0,
    amount_received: 2_000,
  })
  check.fields('its charge then', await chargeOf(desk, taken), {
    captured: true,
    amount_captured: 2_000,
    'balance_transaction.amount': 2_000,
  })
  await check.refused('captured again', stripe.paymentIntents.capture(held.id), {
    type: 'StripeInvalidRequestError',
    code: 'payment_intent_unexpected_state',
    'payment_intent.id': held.id,
  })
  const part = await pay(desk, { capture_method: 'manual', amount: 1_000 })
  await check.refused(
    'more than was held',
    stripe.paymentIntents.capture(part.id, { amount_to_capture: 1_001 }),
    {
      type: 'StripeInvalidRequestError',
      code: 'amount_too_large',
      param: 'amount_to_capture',
    },
  )
  const partly = await stripe.paymentIntents.capture(part.id, { amount_to_capture: 750 })
  check.fields('captured in part', partly, {
    status: 'succeeded',
    amount: 1_000,
    amount_received: 750,
    amount_capturable: 0,
  })
  check.fields('its charge', await chargeOf(desk, partly), {
    amount: 1_000,
    amount_captured: 750,
    'balance_transaction.amount': 750,
  })
  const dropped = await pay(desk, { capture_method: 'manual' })
  check.fields('a hold that is canceled', await stripe.paymentIntents.cancel(dropped.id), {
    status: 'canceled',
    amount_capturable: 0,
    amount_received: 0,
  })
  await check.refused('captured after that', stripe.paymentIntents.capture(dropped.id), {
    code: 'payment_intent_unexpected_state',
  })
  const never = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' })
  await check.refused('captured without a hold', stripe.paymentIntents.capture(never.id), {
    code: 'payment_intent_unexpected_state',
    'payment_intent.status': 'requires_payment_method',
  })
}

const saving = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const customer = await stripe.customers.create({ email: 'saved@example.com' })
  const first = await pay(desk, { customer: customer.id, setup_future_usage: 'off_session' })
  check.fields('paid and saved', first, {
    status: 'succeeded',
    customer: customer.id,
    setup_future_usage: 'off_session',
  })
  const saved = await stripe.paymentMethods.list({ customer: customer.id, type: 'card' })
  check.equal('one card is saved', saved.data.length, 1)
  const [method] = saved.data
  if (method === undefined) return
  const second = await pay(desk, {
    customer: customer.id,
    payment_method: method.id,
    off_session: true,
    amount: 900,
  })
  check.fields('paid off session', second, { status: 'succeeded', payment_method: method.id })
  await check.refused('a saved card without its customer', pay(desk, { payment_method: method.id }), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
  })
  const other = await stripe.customers.create()
  await check.refused(
    'a saved card of somebody else',
    pay(desk, { payment_method: method.id, customer: other.id }),
    {
      type: 'StripeInvalidRequestError',
      statusCode: 400,
    },
  )
  const once = await cardMethod(desk, '4242424242424242')
  await pay(desk, { payment_method: once.id })
  await check.refused('a card that was used without being saved', pay(desk, { payment_method: once.id }), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
  })
}

export const paymentIntents: Suite = {
  name: 'payment-intents',
  cases: {
    'are made': create,
    'are confirmed at once': confirmAtOnce,
    'are confirmed later': confirmLater,
    'are tried again': again,
    'are updated': update,
    'are canceled': cancel,
    'are captured, in full and in part': capture,
    'save cards, and take them again': saving,
  },
}
