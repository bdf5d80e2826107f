import type { Desk } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'
import { chargeOf, pay } from './paying.ts'

/** Parameters, and what the error says. */
const REFUSALS = [
  ['no amount', { currency: 'usd' }, { code: 'parameter_missing', param: 'amount' }],
  ['no currency', { amount: 2_000 }, { code: 'parameter_missing', param: 'currency' }],
  ['less than the least amount', { amount: 10, currency: 'usd' }, { code: 'amount_too_small' }],
  ['zero', { amount: 0, currency: 'usd' }, { param: 'amount' }],
  ['a negative amount', { amount: -5, currency: 'usd' }, { param: 'amount' }],
  ['more than the most', { amount: 100_000_000, currency: 'usd' }, { code: 'amount_too_large' }],
  ['a fraction', { amount: 10.5, currency: 'usd' }, { code: 'parameter_invalid_integer', param: 'amount' }],
  ['a currency of nobody', { amount: 2_000, currency: 'zzz' }, { param: 'currency' }],
  [
    'a customer that is not there',
    { amount: 2_000, currency: 'usd', customer: 'cus_nobody' },
    { code: 'resource_missing', param: 'customer' },
  ],
  [
    'a payment method that is not there',
    { amount: 2_000, currency: 'usd', payment_method: 'pm_nothing' },
    { code: 'resource_missing', param: 'payment_method' },
  ],
  [
    'a parameter of nobody',
    { amount: 2_000, currency: 'usd', colour: 'red' },
    { code: 'parameter_unknown', param: 'colour' },
  ],
  [
    'a value of nobody',
    { amount: 2_000, currency: 'usd', capture_method: 'maybe' },
    { param: 'capture_method' },
  ],
  ['off_session without confirm', { amount: 2_000, currency: 'usd', off_session: true }, {}],
] as const

const refusals = async ({ stripe, check }: Desk): Promise<void> => {
  for (const [what, params, expected] of REFUSALS) {
    await check.refused(what, stripe.paymentIntents.create(params as never), {
      type: 'StripeInvalidRequestError',
      rawType: 'invalid_request_error',
      statusCode: 400,
      requestId: /^req_/,
      ...expected,
    })
  }
  await check.refused('one that is not there', stripe.paymentIntents.retrieve('pi_nothing'), {
    type: 'StripeInvalidRequestError',
    code: 'resource_missing',
    statusCode: 404,
    param: 'intent',
    message: /^No such payment_intent: 'pi_nothing'/,
  })
}

/** Currency, amount that is shown and taken, as Stripe writes it. */
const CURRENCIES = [
  ['jpy', 500],
  ['krw', 1_000],
  ['isk', 5_000],
  ['ugx', 500_000],
  ['bhd', 5_000],
  ['kwd', 5_000],
  ['huf', 50_000],
  ['gbp', 100],
  ['chf', 100],
  ['czk', 5_000],
] as const

const currencies = async (desk: Desk): Promise<void> => {
  for (const [currency, amount] of CURRENCIES) {
    const intent = await pay(desk, { currency, amount })
    desk.check.fields(`in ${currency}`, intent, {
      status: 'succeeded',
      amount,
      amount_received: amount,
      currency,
    })
    desk.check.fields(`the charge in ${currency}`, await chargeOf(desk, intent), {
      amount,
      'balance_transaction.amount': amount,
    })
  }
  await desk.check.refused('three decimals must end in 0', pay(desk, { currency: 'kwd', amount: 5_005 }), {
    type: 'StripeInvalidRequestError',
    param: 'amount',
  })
}

const events = async (desk: Desk): Promise<void> => {
  const { check } = desk
  const typesOf = async (id: string): Promise<string[]> =>
    (await desk.events())
      .filter(({ data }) => {
        const object = data.object as { id?: string; payment_intent?: string | null }
        return object.id === id || object.payment_intent === id
      })
      .map(({ type }) => type)
      .reverse()
  const paid = await pay(desk)
  const ofPaid = await typesOf(paid.id)
  check.equal('of a payment', ofPaid.filter((type) => type !== 'charge.updated').toSorted(), [
    'charge.succeeded',
    'payment_intent.created',
    'payment_intent.succeeded',
  ])
  check.equal('the first is its creation', ofPaid[0], 'payment_intent.created')
  const held = await pay(desk, { capture_method: 'manual' })
  await desk.stripe.paymentIntents.capture(held.id)
  const ofHeld = await typesOf(held.id)
  check.equal('of a hold and its capture', ofHeld.filter((type) => type !== 'charge.updated').toSorted(), [
    'charge.captured',
    'charge.succeeded',
    'payment_intent.amount_capturable_updated',
    'payment_intent.created',
    'payment_intent.succeeded',
  ])
  const { id } = await pay(desk, { confirm: false, payment_method: 'pm_card_visa_chargeDeclined' })
  await check.refused('a decline', desk.stripe.paymentIntents.confirm(id), { type: 'StripeCardError' })
  await desk.stripe.paymentIntents.cancel(id)
  check.equal('of a decline and a cancellation', (await typesOf(id)).toSorted(), [
    'charge.failed',
    'payment_intent.canceled',
    'payment_intent.created',
    'payment_intent.payment_failed',
  ])
}

const search = async ({ stripe, check }: Desk): Promise<void> => {
  await check.refused(
    'only customers are searched',
    stripe.paymentIntents.search({ query: "status:'succeeded'" }),
    {
      type: 'StripeInvalidRequestError',
      code: 'parameter_unknown',
      param: 'query',
    },
  )
}

export const paymentIntentRules: Suite = {
  name: 'payment-intent-rules',
  cases: {
    'are refused by name': refusals,
    'in the currencies with special rules': currencies,
    'leave events': events,
    'are not searched, and say so': search,
  },
}
