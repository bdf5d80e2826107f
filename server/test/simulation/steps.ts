import type Stripe from 'stripe'
import { until } from '../conformance/stand/stand.ts'
import { CARD_ONLY } from '../conformance/suites/paying.ts'
import { CARDS, type CardName, type Payment, refundable } from './owed.ts'
import { advance, DAY_S, failed, insist, settled, type World } from './world.ts'

const CARD_NAMES = Object.keys(CARDS) as CardName[]
const CURRENCIES = ['usd', 'eur', 'jpy'] as const

const statusAfter = (card: CardName, isManual: boolean): Payment['status'] => {
  const outcome = CARDS[card]
  if (outcome === 'declined') return 'requires_payment_method'
  if (outcome === 'authenticated') return 'requires_action'
  return isManual ? 'requires_capture' : 'succeeded'
}

const collect = (payment: Payment, amount: number): void => {
  payment.status = 'succeeded'
  payment.received = amount
  if (CARDS[payment.card] === 'disputed') payment.dispute = 'open'
}

const pay = async (world: World): Promise<string> => {
  const { random, desk, payments } = world
  const [card, currency] = [random.pick(CARD_NAMES), random.pick(CURRENCIES)]
  const [amount, isManual] = [1_000 + random.below(9_000), random.chance(0.3)]
  const outcome = await insist(world, (options) =>
    desk.stripe.paymentIntents.create(
      {
        amount,
        currency,
        confirm: true,
        payment_method: card,
        capture_method: isManual ? 'manual' : 'automatic',
        return_url: 'https://example.com/back',
        ...CARD_ONLY,
      },
      options,
    ),
  )
  const id = failed(outcome) ? outcome.error.payment_intent?.id : outcome.id
  if (id === undefined) return `a payment failed: ${failed(outcome) ? outcome.error.message : ''}`
  const payment: Payment = {
    id,
    amount,
    currency,
    card,
    isManual,
    heldAt: world.now,
    status: statusAfter(card, isManual),
    received: 0,
    refunded: 0,
    dispute: 'none',
  }
  if (payment.status === 'succeeded') collect(payment, amount)
  payments.push(payment)
  await settled(world, id)
  payment.heldAt = world.now
  return `pay ${id} ${amount} ${currency} ${card}${isManual ? ', held' : ''}`
}

const authenticate = async (world: World): Promise<string> => {
  const waiting = world.payments.filter(({ status }) => status === 'requires_action')
  if (waiting.length === 0) return 'nobody to authenticate'
  const payment = world.random.pick(waiting)
  const intent = await settled(world, payment.id)
  const url = intent.next_action?.redirect_to_url?.url ?? ''
  const id = /sbx3ds_\w+/.exec(url)?.[0] ?? ''
  const well = world.random.chance(0.7)
  const answer = await world.desk.send(
    'POST',
    `/v1/test_helpers/authentications/${id}/${well ? 'complete' : 'fail'}`,
    '',
  )
  if (answer.status !== 200) world.problems.push(`the authentication ${id} answered ${answer.status}`)
  payment.heldAt = world.now
  if (!well) payment.status = 'requires_payment_method'
  else if (payment.isManual) payment.status = 'requires_capture'
  else collect(payment, payment.amount)
  await until(
    'the authentication',
    async () => (await settled(world, payment.id)).status !== 'requires_action',
    400,
  )
  return `authenticate ${payment.id} ${well ? 'well' : 'badly'}`
}

/** Whether the card's holder has complained yet is not known at each moment, so nothing is foretold of those. */
const isSure = ({ card }: Payment): boolean => CARDS[card] !== 'disputed'

/** Whatever is asked of a payment is done where the reference says that it may be, and refused where not. */
const follow = async (
  world: World,
  name: string,
  isLegal: (payment: Payment) => boolean,
  call: (payment: Payment, options: Stripe.RequestOptions) => Promise<{ readonly id: string }>,
  done: (payment: Payment) => void,
): Promise<string> => {
  const all = world.payments.filter((payment) => isLegal(payment) || isSure(payment))
  if (all.length === 0) return `nothing to ${name}`
  const legal = all.filter(isLegal)
  const payment = world.random.pick(legal.length > 0 && world.random.chance(0.85) ? legal : all)
  await settled(world, payment.id)
  const may = isLegal(payment)
  const outcome = await insist(world, (options) => call(payment, options))
  if (failed(outcome) === may)
    world.problems.push(
      `${name} of ${payment.id} (${payment.status}) ${may ? `was refused: ${failed(outcome) ? outcome.error.message : ''}` : 'was done'}`,
    )
  if (may) done(payment)
  return `${name} ${payment.id}${may ? '' : ', which is refused'}`
}

const capture = (world: World): Promise<string> => {
  const share = world.random.pick([1, 1, 0.5, 0.25])
  const part = (payment: Payment): number => Math.max(100, Math.floor(payment.amount * share))
  return follow(
    world,
    'capture',
    ({ status }) => status === 'requires_capture',
    (payment, options) =>
      world.desk.stripe.paymentIntents.capture(payment.id, { amount_to_capture: part(payment) }, options),
    (payment) => collect(payment, part(payment)),
  )
}

const cancel = (world: World): Promise<string> =>
  follow(
    world,
    'cancel',
    ({ status }) => status !== 'succeeded' && status !== 'canceled',
    (payment, options) => world.desk.stripe.paymentIntents.cancel(payment.id, {}, options),
    (payment) => {
      payment.status = 'canceled'
    },
  )

const refund = (world: World): Promise<string> => {
  const share = world.random.pick([1, 0.5, 0.3])
  const part = (payment: Payment): number => Math.max(1, Math.floor(refundable(payment) * share))
  return follow(
    world,
    'refund',
    (payment) => payment.status === 'succeeded' && refundable(payment) > 0 && isSure(payment),
    (payment, options) =>
      world.desk.stripe.refunds.create({ payment_intent: payment.id, amount: part(payment) }, options),
    (payment) => {
      payment.refunded += part(payment)
    },
  )
}

const answerDispute = async (world: World): Promise<string> => {
  const open = world.payments.filter(({ dispute }) => dispute === 'open')
  if (open.length === 0) return 'no dispute to answer'
  const payment = world.random.pick(open)
  const [dispute] = (await world.desk.stripe.disputes.list({ payment_intent: payment.id })).data
  if (dispute === undefined || dispute.status !== 'needs_response')
    return `the dispute of ${payment.id} is not there yet`
  const well = world.random.chance(0.5)
  await insist(world, (options) =>
    world.desk.stripe.disputes.update(
      dispute.id,
      { evidence: { uncategorized_text: well ? 'winning_evidence' : 'losing_evidence' } },
      options,
    ),
  )
  payment.dispute = well ? 'won' : 'lost'
  return `answer the dispute of ${payment.id} ${well ? 'well' : 'badly'}`
}

export const setRail = async (world: World, knobs: string): Promise<string> => {
  const answer = await world.desk.send('POST', '/v1/test_helpers/rails/sandbox-card', knobs)
  if (answer.status !== 200) world.problems.push(`the rail refused ${knobs}: ${JSON.stringify(answer.body)}`)
  return `rail: ${knobs}`
}

const STEPS: readonly (readonly [weight: number, step: (world: World) => Promise<string>])[] = [
  [10, pay],
  [3, authenticate],
  [4, capture],
  [2, cancel],
  [5, refund],
  [2, answerDispute],
  [1, (world) => advance(world, world.random.pick([3_600, DAY_S, 3 * DAY_S]))],
  [1, (world) => setRail(world, `duplicate_notifications=${world.random.chance(0.5)}`)],
  [1, (world) => setRail(world, `unknown_rate=${world.random.pick([0, 200, 500])}`)],
]

const TOTAL = STEPS.reduce((sum, [weight]) => sum + weight, 0)

/** One step of the history, by chance. */
export const takeStep = async (world: World): Promise<void> => {
  let at = world.random.below(TOTAL)
  for (const [weight, step] of STEPS) {
    at -= weight
    if (at >= 0) continue
    world.steps.push(await step(world))
    return
  }
}
