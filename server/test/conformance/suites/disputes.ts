import type Stripe from 'stripe'
import { type Desk, until } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'
import { chargeOf, idOf, pay } from './paying.ts'

const disputeOf = (desk: Desk, intent: Stripe.PaymentIntent): Promise<Stripe.Dispute> =>
  until(
    `the dispute of ${intent.id}`,
    async () => (await desk.stripe.disputes.list({ payment_intent: intent.id })).data[0],
  )

const ended = (desk: Desk, id: string): Promise<Stripe.Dispute> =>
  until(`the end of ${id}`, async () => {
    const dispute = await desk.stripe.disputes.retrieve(id)
    return ['won', 'lost', 'warning_closed'].includes(dispute.status) ? dispute : null
  })

const typesOf = async (desk: Desk, id: string): Promise<string[]> =>
  (await desk.events())
    .filter(({ data }) => (data.object as { id?: string }).id === id)
    .map(({ type }) => type)
    .reverse()

const sumOf = (dispute: Stripe.Dispute, field: 'amount' | 'net' | 'fee'): number =>
  dispute.balance_transactions.reduce((sum, transaction) => sum + transaction[field], 0)

const open = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  for (const [name, reason] of [
    ['pm_card_createDispute', 'fraudulent'],
    ['pm_card_createDisputeProductNotReceived', 'product_not_received'],
  ] as const) {
    const intent = await pay(desk, { payment_method: name })
    check.fields(`${name} succeeds`, intent, { status: 'succeeded' })
    const dispute = await disputeOf(desk, intent)
    check.fields(`the dispute of ${name}`, dispute, {
      id: /^dp_|^du_/,
      object: 'dispute',
      amount: 2_000,
      currency: 'usd',
      charge: idOf(intent.latest_charge),
      payment_intent: intent.id,
      status: 'needs_response',
      reason,
      is_charge_refundable: false,
      livemode: false,
      'evidence_details.has_evidence': false,
      'evidence_details.past_due': false,
      'evidence_details.submission_count': 0,
      'balance_transactions[0].amount': -2_000,
      'balance_transactions[0].fee': 1_500,
      'balance_transactions[0].net': -3_500,
      'balance_transactions[0].type': 'adjustment',
      'balance_transactions[0].reporting_category': 'dispute',
      'balance_transactions[0].source': dispute.id,
      metadata: {},
    })
    check.ok('it is due in the future', (dispute.evidence_details.due_by ?? 0) > dispute.created)
    check.fields('the charge', await chargeOf(desk, intent), { disputed: true, refunded: false })
    check.equal('its events', await typesOf(desk, dispute.id), [
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
    ])
    await check.refused(
      'a refund of a disputed charge',
      stripe.refunds.create({ payment_intent: intent.id }),
      {
        type: 'StripeInvalidRequestError',
        code: 'charge_disputed',
      },
    )
  }
  await check.refused('one that is not there', stripe.disputes.retrieve('dp_nothing'), {
    code: 'resource_missing',
    statusCode: 404,
  })
}

const win = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const dispute = await disputeOf(desk, await pay(desk, { payment_method: 'pm_card_createDispute' }))
  const staged = await stripe.disputes.update(dispute.id, {
    evidence: { customer_name: 'Jenny' },
    metadata: { a: '1' },
    submit: false,
  })
  check.fields('evidence that is staged', staged, {
    status: 'needs_response',
    'evidence.customer_name': 'Jenny',
    'metadata.a': '1',
    'evidence_details.has_evidence': true,
    'evidence_details.submission_count': 0,
  })
  const submitted = await stripe.disputes.update(dispute.id, {
    evidence: { uncategorized_text: 'winning_evidence' },
  })
  check.ok('evidence that is submitted', ['under_review', 'won'].includes(submitted.status))
  check.fields('of which one is counted', submitted, { 'evidence_details.submission_count': 1 })
  const won = await ended(desk, dispute.id)
  check.fields('is won', won, { status: 'won', 'evidence.uncategorized_text': 'winning_evidence' })
  check.equal('and the amount is back', sumOf(won, 'amount'), 0)
  const types = await typesOf(desk, dispute.id)
  for (const type of ['charge.dispute.updated', 'charge.dispute.closed', 'charge.dispute.funds_reinstated'])
    check.ok(type, types.includes(type))
  await check.refused(
    'evidence after the end',
    stripe.disputes.update(dispute.id, { evidence: { customer_name: 'X' } }),
    {
      type: 'StripeInvalidRequestError',
      statusCode: 400,
    },
  )
}

const lose = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const dispute = await disputeOf(desk, await pay(desk, { payment_method: 'pm_card_createDispute' }))
  await stripe.disputes.update(dispute.id, {
    evidence: { uncategorized_text: 'losing_evidence' },
    submit: true,
  })
  const lost = await ended(desk, dispute.id)
  check.fields('losing evidence', lost, { status: 'lost' })
  check.equal('what is gone', sumOf(lost, 'amount'), -2_000)
  check.ok('it is closed', (await typesOf(desk, dispute.id)).includes('charge.dispute.closed'))
  const given = await disputeOf(desk, await pay(desk, { payment_method: 'pm_card_createDispute' }))
  check.fields('one that is accepted', await stripe.disputes.close(given.id), {
    id: given.id,
    status: 'lost',
  })
  await check.refused('accepted again', stripe.disputes.close(given.id), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
  })
}

const inquire = async (desk: Desk): Promise<void> => {
  const { check } = desk
  const intent = await pay(desk, { payment_method: 'pm_card_createDisputeInquiry' })
  const dispute = await disputeOf(desk, intent)
  check.fields('an inquiry', dispute, {
    status: 'warning_needs_response',
    balance_transactions: [],
    is_charge_refundable: true,
  })
  check.equal('nothing is withdrawn', await typesOf(desk, dispute.id), ['charge.dispute.created'])
  const closed = await desk.stripe.disputes.update(dispute.id, {
    evidence: { uncategorized_text: 'winning_evidence' },
  })
  check.ok('it was answered', closed.status.startsWith('warning_'))
}

const lists = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const all = await stripe.disputes.list({ limit: 100 })
  check.ok('all that there were', all.data.length >= 5)
  const [first] = all.data
  if (first === undefined) return
  check.equal(
    'by charge',
    (await stripe.disputes.list({ charge: idOf(first.charge) })).data.map(({ id }) => id),
    [first.id],
  )
  check.fields(
    'expanded',
    await stripe.disputes.retrieve(first.id, { expand: ['charge', 'payment_intent.customer'] }),
    {
      'charge.object': 'charge',
      'payment_intent.object': 'payment_intent',
    },
  )
}

export const disputes: Suite = {
  name: 'disputes',
  cases: {
    'are opened by the rail': open,
    'are won': win,
    'are lost and accepted': lose,
    'begin as inquiries': inquire,
    'are listed': lists,
  },
}
