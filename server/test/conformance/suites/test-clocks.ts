import type Stripe from 'stripe'
import { type Desk, until } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'
import { chargeOf, pay } from './paying.ts'

const DAY_S = 86_400

const advanced = async (
  desk: Desk,
  id: string,
  frozenTime: number,
): Promise<Stripe.TestHelpers.TestClock> => {
  await desk.stripe.testHelpers.testClocks.advance(id, { frozen_time: frozenTime })
  return until('the clock', async () => {
    const clock = await desk.stripe.testHelpers.testClocks.retrieve(id)
    return clock.status === 'ready' ? clock : null
  })
}

const sums = async (desk: Desk): Promise<{ available: number; pending: number }> => {
  const balance = await desk.stripe.balance.retrieve()
  const sum = (rows: readonly { amount: number }[]): number =>
    rows.reduce((total, { amount }) => total + amount, 0)
  return { available: sum(balance.available), pending: sum(balance.pending) }
}

const clock = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const start = Math.floor(Date.now() / 1_000) + 3_600
  const made = await stripe.testHelpers.testClocks.create({ frozen_time: start, name: 'a month' })
  check.fields('a clock', made, {
    id: /^clock_/,
    object: 'test_helpers.test_clock',
    frozen_time: start,
    name: 'a month',
    status: 'ready',
    livemode: false,
  })
  check.equal(
    'listed',
    (await stripe.testHelpers.testClocks.list()).data.map(({ id }) => id),
    [made.id],
  )
  await check.refused('a second one', stripe.testHelpers.testClocks.create({ frozen_time: start }), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
  })
  const customer = await stripe.customers.create()
  check.equal('its time is everybody’s', customer.created, start)
  const paid = await pay(desk, { amount: 10_000 })
  const before = await sums(desk)
  check.ok('the payment is pending', before.pending > 0 && before.available === 0)
  const { balance_transaction: transaction } = await chargeOf(desk, paid)
  const due = (transaction as Stripe.BalanceTransaction).available_on
  const moved = await advanced(desk, made.id, due + DAY_S)
  check.fields('moved on', moved, { frozen_time: due + DAY_S, status: 'ready' })
  check.equal('two days later it is available', await sums(desk), { available: before.pending, pending: 0 })
  check.fields(
    'and so says its transaction',
    await stripe.balanceTransactions.retrieve((transaction as Stripe.BalanceTransaction).id),
    { status: 'available' },
  )
  await check.refused(
    'back in time',
    stripe.testHelpers.testClocks.advance(made.id, { frozen_time: start }),
    {
      type: 'StripeInvalidRequestError',
      statusCode: 400,
    },
  )
  const held = await pay(desk, { capture_method: 'manual' })
  await advanced(desk, made.id, due + 9 * DAY_S)
  const expired = await stripe.paymentIntents.retrieve(held.id)
  check.fields('a hold expires after seven days', expired, { status: 'canceled', amount_capturable: 0 })
  const types = (await desk.events()).map(({ type }) => type)
  for (const type of [
    'test_helpers.test_clock.created',
    'test_helpers.test_clock.ready',
    'charge.expired',
    'payment_intent.canceled',
    'balance.available',
  ])
    check.ok(`the event ${type}`, types.includes(type as never))
  const disputed = await pay(desk, { payment_method: 'pm_card_createDispute' })
  // The clock stands, and the card's holder takes a moment to complain.
  await advanced(desk, made.id, due + 9 * DAY_S + 60)
  const dispute = await until(
    'a dispute',
    async () => (await stripe.disputes.list({ payment_intent: disputed.id })).data[0],
  )
  await advanced(desk, made.id, (dispute.evidence_details.due_by ?? 0) + DAY_S)
  check.fields('a dispute without an answer is lost', await stripe.disputes.retrieve(dispute.id), {
    status: 'lost',
  })
  check.fields('deleted', await stripe.testHelpers.testClocks.del(made.id), { id: made.id, deleted: true })
}

export const testClocks: Suite = { name: 'test-clocks', cases: { 'move the sandbox on': clock } }
