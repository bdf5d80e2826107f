import { type Desk, until } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'
import { chargeOf, idOf, pay } from './paying.ts'

const full = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const intent = await pay(desk)
  const refund = await stripe.refunds.create({
    payment_intent: intent.id,
    metadata: { why: 'test' },
    expand: ['balance_transaction'],
  })
  check.fields('a full refund', refund, {
    id: /^re_/,
    object: 'refund',
    amount: 2_000,
    currency: 'usd',
    status: 'succeeded',
    reason: null,
    charge: idOf(intent.latest_charge),
    payment_intent: intent.id,
    'metadata.why': 'test',
    'balance_transaction.amount': -2_000,
    'balance_transaction.type': 'refund',
    'balance_transaction.source': refund.id,
    'destination_details.type': 'card',
  })
  check.fields('the charge', await chargeOf(desk, intent), {
    refunded: true,
    amount_refunded: 2_000,
    status: 'succeeded',
  })
  check.fields('the intent stays', await stripe.paymentIntents.retrieve(intent.id), {
    status: 'succeeded',
    amount_received: 2_000,
  })
  await check.refused('refunded again', stripe.refunds.create({ payment_intent: intent.id }), {
    type: 'StripeInvalidRequestError',
    code: 'charge_already_refunded',
    statusCode: 400,
  })
  check.fields('read', await stripe.refunds.retrieve(refund.id), { id: refund.id, status: 'succeeded' })
  check.fields('updated', await stripe.refunds.update(refund.id, { metadata: { why: '', more: '1' } }), {
    metadata: { more: '1' },
  })
}

const partial = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const intent = await pay(desk, { amount: 1_000 })
  const charge = idOf(intent.latest_charge)
  const ids: string[] = []
  for (const [amount, reason] of [
    [300, 'duplicate'],
    [200, 'fraudulent'],
    [400, 'requested_by_customer'],
  ] as const) {
    const refund = await stripe.refunds.create({ charge, amount, reason })
    check.fields(`a refund of ${amount}`, refund, {
      amount,
      reason,
      charge,
      payment_intent: intent.id,
      status: 'succeeded',
    })
    ids.unshift(refund.id)
  }
  check.fields('the charge then', await chargeOf(desk, intent), { refunded: false, amount_refunded: 900 })
  await check.refused('more than is left', stripe.refunds.create({ charge, amount: 101 }), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
    param: 'amount',
  })
  check.equal(
    'by charge',
    (await stripe.refunds.list({ charge })).data.map(({ id }) => id),
    ids,
  )
  check.equal('by intent', (await stripe.refunds.list({ payment_intent: intent.id })).data.length, 3)
  check.fields('the rest', await stripe.refunds.create({ charge }), { amount: 100 })
  check.fields('the charge at the end', await chargeOf(desk, intent), {
    refunded: true,
    amount_refunded: 1_000,
  })
}

const refusals = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const invalid = { type: 'StripeInvalidRequestError', statusCode: 400 }
  await check.refused('of nothing', stripe.refunds.create({}), invalid)
  await check.refused(
    'of an intent that is not there',
    stripe.refunds.create({ payment_intent: 'pi_nothing' }),
    {
      type: 'StripeInvalidRequestError',
      code: 'resource_missing',
    },
  )
  await check.refused('of a charge that is not there', stripe.refunds.create({ charge: 'ch_nothing' }), {
    code: 'resource_missing',
    param: 'charge',
  })
  const unpaid = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' })
  await check.refused(
    'of an intent without a payment',
    stripe.refunds.create({ payment_intent: unpaid.id }),
    invalid,
  )
  const paid = await pay(desk)
  await check.refused('of zero', stripe.refunds.create({ payment_intent: paid.id, amount: 0 }), {
    ...invalid,
    param: 'amount',
  })
  await check.refused(
    'of more than the charge',
    stripe.refunds.create({ payment_intent: paid.id, amount: 2_001 }),
    invalid,
  )
  await check.refused(
    'for no known reason',
    stripe.refunds.create({ payment_intent: paid.id, reason: 'because' as never }),
    {
      ...invalid,
      param: 'reason',
    },
  )
  await check.refused('one that is not there', stripe.refunds.retrieve('re_nothing'), {
    code: 'resource_missing',
    statusCode: 404,
  })
  const done = await stripe.refunds.create({ payment_intent: paid.id })
  await check.refused('a cancellation of what is done', stripe.refunds.cancel(done.id), invalid)
}

const pending = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const intent = await pay(desk, { payment_method: 'pm_card_pendingRefund' })
  const refund = await stripe.refunds.create({ payment_intent: intent.id })
  check.fields('a refund that takes time', refund, { status: 'pending', amount: 2_000 })
  const done = await until('the refund', async () => {
    const read = await stripe.refunds.retrieve(refund.id)
    return read.status === 'pending' ? null : read
  })
  check.fields('and succeeds', done, { status: 'succeeded' })
}

const failing = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const intent = await pay(desk, { payment_method: 'pm_card_refundFail' })
  const before = await stripe.balance.retrieve()
  const refund = await stripe.refunds.create({ payment_intent: intent.id })
  check.fields('a refund that looks well', refund, { status: 'succeeded' })
  const failed = await until('the failure', async () => {
    const read = await stripe.refunds.retrieve(refund.id, { expand: ['failure_balance_transaction'] })
    return read.status === 'failed' ? read : null
  })
  check.fields('and fails', failed, {
    failure_reason: /./,
    'failure_balance_transaction.amount': 2_000,
    'failure_balance_transaction.type': 'refund_failure',
  })
  const sum = (balance: typeof before): number =>
    [...balance.available, ...balance.pending].reduce((total, { amount }) => total + amount, 0)
  check.equal('the balance is as before', sum(await stripe.balance.retrieve()), sum(before))
  check.fields('the charge', await chargeOf(desk, intent), { refunded: false, amount_refunded: 0 })
}

const events = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const intent = await pay(desk)
  const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 500 })
  const charge = idOf(intent.latest_charge)
  const found = (await desk.events()).filter(({ data }) => {
    const { id } = data.object as { id?: string }
    return id === refund.id || id === charge
  })
  const types = new Set(found.map(({ type }) => type))
  check.ok('refund.created', types.has('refund.created'))
  check.ok('charge.refunded', types.has('charge.refunded'))
  const refunded = found.find(({ type }) => type === 'charge.refunded')
  check.fields('charge.refunded carries the charge', refunded, {
    'data.object.object': 'charge',
    'data.object.amount_refunded': 500,
    'data.previous_attributes.amount_refunded': 0,
  })
}

export const refunds: Suite = {
  name: 'refunds',
  cases: {
    'in full': full,
    'in part, several': partial,
    'are refused': refusals,
    'that are pending': pending,
    'that fail': failing,
    'leave events': events,
  },
}
