import type Stripe from 'stripe'
import { type Desk, until } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'
import { chargeOf, pay } from './paying.ts'

const amountIn = (
  rows: readonly { readonly amount: number; readonly currency: string }[],
  currency: string,
): number => rows.filter((row) => row.currency === currency).reduce((sum, { amount }) => sum + amount, 0)

const allTransactions = ({ stripe }: Desk): Promise<Stripe.BalanceTransaction[]> =>
  stripe.balanceTransactions.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })

/** Balance and its transactions tell the same story, to the cent, in each currency and each state. */
const agree = async (desk: Desk, when: string): Promise<void> => {
  const [balance, transactions] = [await desk.stripe.balance.retrieve(), await allTransactions(desk)]
  for (const currency of new Set(transactions.map((transaction) => transaction.currency))) {
    for (const status of ['pending', 'available'] as const) {
      const sum = transactions
        .filter((one) => one.currency === currency && one.status === status)
        .reduce((total, { net }) => total + net, 0)
      desk.check.equal(`${when}: ${status} in ${currency}`, amountIn(balance[status], currency), sum)
    }
  }
  for (const { id, amount, fee, net, fee_details } of transactions) {
    desk.check.equal(`${when}: ${id} less its fee`, net, amount - fee)
    desk.check.equal(
      `${when}: the parts of the fee of ${id}`,
      fee_details.reduce((sum, part) => sum + part.amount, 0),
      fee,
    )
  }
}

const story = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  check.fields('at first there is nothing', await stripe.balance.retrieve(), {
    object: 'balance',
    livemode: false,
  })
  const paid = await pay(desk, { amount: 10_000 })
  await agree(desk, 'after a payment')
  const charge = await chargeOf(desk, paid)
  const transaction = charge.balance_transaction as Stripe.BalanceTransaction
  check.fields('the transaction of a charge', transaction, {
    id: /^txn_/,
    amount: 10_000,
    currency: 'usd',
    type: 'charge',
    reporting_category: 'charge',
    status: 'pending',
    exchange_rate: null,
    'fee_details[0].type': 'stripe_fee',
    'fee_details[0].currency': 'usd',
    'fee_details[0].amount': transaction.fee,
  })
  check.ok('there is a fee', transaction.fee > 0)
  const dayOf = (seconds: number): number => Math.floor(seconds / 86_400)
  check.equal('available in two days', dayOf(transaction.available_on) - dayOf(transaction.created), 2)
  check.fields('by id', await stripe.balanceTransactions.retrieve(transaction.id), { id: transaction.id })
  await stripe.refunds.create({ payment_intent: paid.id, amount: 4_000 })
  await agree(desk, 'after a refund in part')
  await pay(desk, { amount: 5_000, payment_method: 'pm_card_bypassPending' })
  await agree(desk, 'after one that is available at once')
  check.ok('it is available', amountIn((await stripe.balance.retrieve()).available, 'usd') > 0)
  await pay(desk, { amount: 3_000, currency: 'eur' })
  await pay(desk, { amount: 500, currency: 'jpy' })
  await agree(desk, 'in three currencies')
  const held = await pay(desk, { amount: 8_000, capture_method: 'manual' })
  await agree(desk, 'with a hold, which is nobody’s yet')
  await stripe.paymentIntents.capture(held.id, { amount_to_capture: 6_000 })
  await agree(desk, 'after a capture in part')
  await check.refused(
    'a decline moves nothing',
    pay(desk, { payment_method: 'pm_card_visa_chargeDeclined' }),
    { type: 'StripeCardError' },
  )
  await agree(desk, 'after a decline')
  const disputed = await pay(desk, { amount: 2_500, payment_method: 'pm_card_createDispute' })
  const dispute = await until(
    'a dispute',
    async () => (await stripe.disputes.list({ payment_intent: disputed.id })).data[0],
  )
  await agree(desk, 'after a dispute was opened')
  await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'winning_evidence' } })
  await until('its end', async () => (await stripe.disputes.retrieve(dispute.id)).status === 'won')
  await agree(desk, 'after it was won')
}

const lists = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const all = await allTransactions(desk)
  const ofRefunds = await stripe.balanceTransactions.list({ type: 'refund', limit: 100 })
  check.equal(
    'by type',
    ofRefunds.data.map(({ id }) => id),
    all.filter(({ type }) => type === 'refund').map(({ id }) => id),
  )
  const inYen = await stripe.balanceTransactions.list({ currency: 'jpy' })
  check.equal(
    'by currency',
    inYen.data.map(({ id }) => id),
    all.filter(({ currency }) => currency === 'jpy').map(({ id }) => id),
  )
  const [newest] = all
  const source = String(newest?.source)
  check.ok(
    'by source',
    (await stripe.balanceTransactions.list({ source })).data.some(({ id }) => id === newest?.id),
  )
  check.fields(
    'expanded',
    await stripe.balanceTransactions.retrieve(newest?.id ?? '', { expand: ['source'] }),
    { 'source.id': source },
  )
  await check.refused('one that is not there', stripe.balanceTransactions.retrieve('txn_nothing'), {
    code: 'resource_missing',
    statusCode: 404,
  })
}

export const balance: Suite = {
  name: 'balance',
  cases: { 'agrees with its transactions': story, 'transactions are listed': lists },
}
