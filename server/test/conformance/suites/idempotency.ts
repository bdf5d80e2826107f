import type { Desk } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'
import { CARD_ONLY, pay } from './paying.ts'

const replay = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const first = await pay(desk, { metadata: { n: '1' } }, { idempotencyKey: 'order-1' })
  const second = await pay(desk, { metadata: { n: '1' } }, { idempotencyKey: 'order-1' })
  check.equal('the same answer', second.id, first.id)
  check.equal('word by word', JSON.stringify(second), JSON.stringify(first))
  const form = 'name=again'
  const asked = [await desk.send('POST', '/v1/customers', form, { 'idempotency-key': 'raw-1' })]
  asked.push(await desk.send('POST', '/v1/customers', form, { 'idempotency-key': 'raw-1' }))
  check.equal(
    'says that it was given before',
    asked.map((answer) => answer.headers.get('idempotent-replayed')),
    [null, 'true'],
  )
  check.equal('one intent', (await stripe.paymentIntents.list()).data.length, 1)
  check.equal('one charge', (await stripe.charges.list()).data.length, 1)
  await check.refused(
    'the same key for something else',
    pay(desk, { amount: 2_001 }, { idempotencyKey: 'order-1' }),
    {
      type: 'StripeIdempotencyError',
      rawType: 'idempotency_error',
      statusCode: 400,
    },
  )
  await check.refused(
    'the same key at another address',
    stripe.customers.create({}, { idempotencyKey: 'order-1' }),
    {
      type: 'StripeIdempotencyError',
    },
  )
  const event = (await stripe.events.list({ type: 'payment_intent.succeeded' })).data[0]
  check.fields('the event knows the key', event, {
    'request.idempotency_key': 'order-1',
    'request.id': /^req_/,
  })
}

const refusals = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const declined = { type: 'StripeCardError', code: 'card_declined', statusCode: 402 }
  const params = { payment_method: 'pm_card_visa_chargeDeclined' }
  const first = await check.refused(
    'a decline',
    pay(desk, params, { idempotencyKey: 'declined-1' }),
    declined,
  )
  const second = await check.refused(
    'a decline, again',
    pay(desk, params, { idempotencyKey: 'declined-1' }),
    declined,
  )
  check.equal(
    'is the same one',
    (second as { charge?: string } | null)?.charge,
    (first as { charge?: string } | null)?.charge,
  )
  const before = (await stripe.charges.list({ limit: 100 })).data.length
  await check.refused(
    'a shape that is refused at the door',
    stripe.paymentIntents.create({ amount: 1.5, currency: 'usd' }, { idempotencyKey: 'shape-1' }),
    {
      statusCode: 400,
    },
  )
  const good = await stripe.paymentIntents.create(
    { amount: 150, currency: 'usd' },
    { idempotencyKey: 'shape-1' },
  )
  check.fields('does not use the key up', good, { amount: 150 })
  check.equal('no more charges', (await stripe.charges.list({ limit: 100 })).data.length, before)
}

const atOnce = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const before = (await stripe.paymentIntents.list({ limit: 100 })).data.length
  const answers = await Promise.allSettled(
    Array.from({ length: 8 }, () => pay(desk, { amount: 7_777 }, { idempotencyKey: 'at-once' })),
  )
  const ids = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.id] : []))
  check.ok('some succeeded', ids.length >= 1)
  check.equal('with one payment', new Set(ids).size, 1)
  for (const answer of answers) {
    if (answer.status === 'fulfilled') continue
    check.fields('the others were told to come again', answer.reason, {
      statusCode: 409,
      code: 'idempotency_key_in_use',
    })
  }
  check.equal('one more', (await stripe.paymentIntents.list({ limit: 100 })).data.length, before + 1)
}

const everyPost = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const held = await pay(desk, { capture_method: 'manual' })
  const customer = await stripe.customers.create()
  const method = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } })
  const calls: Record<string, (idempotencyKey: string) => Promise<{ id: string }>> = {
    customer: (idempotencyKey) => stripe.customers.create({ name: 'x' }, { idempotencyKey }),
    'payment method': (idempotencyKey) =>
      stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } }, { idempotencyKey }),
    attachment: (idempotencyKey) =>
      stripe.paymentMethods.attach(method.id, { customer: customer.id }, { idempotencyKey }),
    capture: (idempotencyKey) => stripe.paymentIntents.capture(held.id, {}, { idempotencyKey }),
    refund: (idempotencyKey) =>
      stripe.refunds.create({ payment_intent: held.id, amount: 100 }, { idempotencyKey }),
    'setup intent': (idempotencyKey) =>
      stripe.setupIntents.create(
        { payment_method: 'pm_card_visa', confirm: true, ...CARD_ONLY },
        { idempotencyKey },
      ),
    'webhook endpoint': (idempotencyKey) =>
      stripe.webhookEndpoints.create(
        { url: 'https://example.com/hook', enabled_events: ['*'] },
        { idempotencyKey },
      ),
  }
  for (const [name, call] of Object.entries(calls)) {
    const [first, second] = [await call(`every-${name}`), await call(`every-${name}`)]
    check.equal(`${name}: one of them`, JSON.stringify(second), JSON.stringify(first))
  }
}

export const idempotency: Suite = {
  name: 'idempotency',
  cases: {
    'the same key gives the same answer': replay,
    'refusals are kept as well': refusals,
    'requests at once are one': atOnce,
    'of every kind of request': everyPost,
  },
}
