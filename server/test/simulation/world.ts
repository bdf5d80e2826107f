import type Stripe from 'stripe'
import { type Desk, until } from '../conformance/stand/stand.ts'
import type { Random } from '../faults/load/random.ts'
import { expire, type Payment } from './owed.ts'

/** What the steps of a history work on. */
export type World = {
  readonly desk: Desk
  readonly random: Random
  readonly payments: Payment[]
  readonly problems: string[]
  readonly steps: string[]
  clock: string
  now: number
}

export const DAY_S = 86_400

/** Many tries, because a lost answer is healed by asking, and the machine may be busy. */
const PATIENCE = 400

const attempt = async <Value>(
  call: () => Promise<Value>,
): Promise<Value | { readonly error: Stripe.errors.StripeError }> => {
  try {
    return await call()
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error) return { error: error as Stripe.errors.StripeError }
    throw error
  }
}

export type Outcome<Value> = Value | { readonly error: Stripe.errors.StripeError }

export const failed = <Value>(
  outcome: Outcome<Value>,
): outcome is { readonly error: Stripe.errors.StripeError } =>
  typeof outcome === 'object' && outcome !== null && 'error' in outcome && outcome.error instanceof Error

const isBusy = ({ statusCode = 0 }: Stripe.errors.StripeError): boolean =>
  statusCode === 409 || statusCode === 429

/** The same request until its outcome is known, and sometimes once more, or several at once: it stays one. */
export const insist = async <Value extends { readonly id: string }>(
  world: World,
  call: (options: Stripe.RequestOptions) => Promise<Value>,
): Promise<Outcome<Value>> => {
  const options = { idempotencyKey: `step-${world.steps.length}-${world.random.below(1_000_000)}` }
  const ask = (): Promise<Outcome<Value>> =>
    until('an outcome', async () => {
      const outcome = await attempt(() => call(options))
      return failed(outcome) && isBusy(outcome.error) ? null : outcome
    })
  if (world.random.chance(0.7)) return ask()
  const outcomes = await Promise.all([ask(), ask(), ask()])
  const told = new Set(outcomes.map((outcome) => (failed(outcome) ? (outcome.error.code ?? '') : outcome.id)))
  if (told.size !== 1) world.problems.push(`one key had several outcomes: ${[...told].join(', ')}`)
  return outcomes[0]
}

export const advance = async (world: World, seconds: number): Promise<string> => {
  world.now += seconds
  await world.desk.stripe.testHelpers.testClocks.advance(world.clock, { frozen_time: world.now })
  await until(
    'the clock',
    async () => (await world.desk.stripe.testHelpers.testClocks.retrieve(world.clock)).status === 'ready',
    400,
  )
  expire(world.payments, world.now)
  return `advance by ${seconds} s`
}

const MINUTE_S = 60

/** The payment as the server shows it, once nobody waits for the rail any more: while the clock stands, that may wait for it. */
export const settled = async (world: World, id: string): Promise<Stripe.PaymentIntent> => {
  const first = await world.desk.stripe.paymentIntents.retrieve(id)
  if (first.status !== 'processing') return first
  await advance(world, MINUTE_S)
  return until(
    `the end of processing of ${id}`,
    async () => {
      const intent = await world.desk.stripe.paymentIntents.retrieve(id)
      return intent.status === 'processing' ? null : intent
    },
    PATIENCE,
  )
}
