import type Stripe from 'stripe'
import type { Desk } from '../stand/stand.ts'

/** What programs send that were written for earlier versions; the newest declares another name for it. */
export const CARD_ONLY = { payment_method_types: ['card'] }

/** The shortest way to a payment, with whatever the case is about on top. */
export const pay = (
  { stripe }: Pick<Desk, 'stripe'>,
  params: Partial<Stripe.PaymentIntentCreateParams> = {},
  options: Stripe.RequestOptions = {},
): Promise<Stripe.PaymentIntent> =>
  stripe.paymentIntents.create(
    {
      amount: 2_000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      ...CARD_ONLY,
      confirm: true,
      ...params,
    },
    options,
  )

/** The id, whether the object was expanded or not. */
export const idOf = (value: string | { readonly id: string } | null | undefined): string => {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) throw new Error('there is no id')
  return value.id
}

export const chargeOf = async (
  { stripe }: Pick<Desk, 'stripe'>,
  intent: Pick<Stripe.PaymentIntent, 'latest_charge'>,
): Promise<Stripe.Charge> =>
  stripe.charges.retrieve(idOf(intent.latest_charge), { expand: ['balance_transaction'] })

export const CARD = { number: '4242424242424242', exp_month: 12, exp_year: 2034, cvc: '123' } as const

export const cardMethod = (
  { stripe }: Pick<Desk, 'stripe'>,
  number: string,
  more: Partial<Stripe.PaymentMethodCreateParams> = {},
): Promise<Stripe.PaymentMethod> =>
  stripe.paymentMethods.create({ type: 'card', card: { ...CARD, number }, ...more })
