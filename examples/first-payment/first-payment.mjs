// A shop's own program, written for Stripe: only the host, the port and the key are others.

import Stripe from 'stripe'

const { hostname, port, protocol } = new URL(process.env.EVENKEEL_URL ?? 'http://127.0.0.1:8484')
const stripe = new Stripe(process.env.EVENKEEL_API_KEY, {
  host: hostname,
  port,
  protocol: protocol.slice(0, -1),
})

const order = {
  amount: 1999,
  currency: 'eur',
  confirm: true,
  automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
}

const paid = await stripe.paymentIntents.create({
  ...order,
  payment_method: 'pm_card_visa',
  metadata: { order: '6735' },
  expand: ['latest_charge.balance_transaction'],
})
const { payment_method_details: details, balance_transaction: movement } = paid.latest_charge
console.log(
  `${paid.status}: ${paid.amount_received} ${paid.currency} by ${details.card.brand} ${details.card.last4}`,
)
console.log(`fee ${movement.fee}, net ${movement.net}, ${movement.status}`)

try {
  await stripe.paymentIntents.create({
    ...order,
    payment_method: 'pm_card_visa_chargeDeclinedInsufficientFunds',
  })
} catch (error) {
  console.log(`${error.type}: ${error.code}, ${error.decline_code}`)
}

const refund = await stripe.refunds.create({ payment_intent: paid.id, amount: 500 })
console.log(`refund ${refund.status}: ${refund.amount} ${refund.currency}`)

const { pending } = await stripe.balance.retrieve()
console.log(`pending: ${pending.map(({ amount, currency }) => `${amount} ${currency}`).join(', ')}`)
