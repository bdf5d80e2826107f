import { newTally } from '../conformance/stand/check.ts'
import { type Desk, type Stand, until } from '../conformance/stand/stand.ts'
import { createRandom } from '../faults/load/random.ts'
import { owed } from './owed.ts'
import { setRail, takeStep } from './steps.ts'
import { advance, DAY_S, settled, type World } from './world.ts'

export type Lived = {
  readonly seed: number
  readonly steps: readonly string[]
  readonly problems: readonly string[]
}

const FINAL_DAYS = 3

const sumIn = (
  rows: readonly { readonly amount: number; readonly currency: string }[],
  currency: string,
): number => rows.filter((row) => row.currency === currency).reduce((sum, { amount }) => sum + amount, 0)

/** Each payment is where the reference has it, with one charge that succeeded at most. */
const checkPayments = async ({
  desk,
  payments,
  problems,
}: World & { readonly desk: Desk }): Promise<void> => {
  for (const payment of payments) {
    const intent = await desk.stripe.paymentIntents.retrieve(payment.id, { expand: ['latest_charge'] })
    if (intent.status !== payment.status)
      problems.push(`${payment.id} is ${intent.status}, expected ${payment.status}`)
    if (intent.amount_received !== payment.received)
      problems.push(`${payment.id} received ${intent.amount_received}, expected ${payment.received}`)
    const charges = (await desk.stripe.charges.list({ payment_intent: payment.id })).data
    const good = charges.filter(({ status }) => status === 'succeeded')
    const wanted = payment.received > 0 ? 1 : good.length
    if (good.length !== wanted || good.length > 1) problems.push(`${payment.id} has ${good.length} charges`)
    const refunds = (await desk.stripe.refunds.list({ payment_intent: payment.id, limit: 100 })).data
    const refunded = refunds.reduce((sum, { amount }) => sum + amount, 0)
    if (payment.received > 0 && refunded !== payment.refunded)
      problems.push(`${payment.id} refunded ${refunded}, expected ${payment.refunded}`)
  }
}

/** Balance, its transactions and the reference agree to the cent. */
const checkMoney = async ({ desk, payments, problems }: World): Promise<void> => {
  const balance = await desk.stripe.balance.retrieve()
  const transactions = await desk.stripe.balanceTransactions
    .list({ limit: 100 })
    .autoPagingToArray({ limit: 10_000 })
  for (const currency of new Set(payments.map((payment) => payment.currency))) {
    const mine = transactions.filter((one) => one.currency === currency)
    const [amount, fees] = [
      mine.reduce((sum, one) => sum + one.amount, 0),
      mine.reduce((sum, one) => sum + one.fee, 0),
    ]
    const expected = owed(payments, currency)
    if (amount !== expected)
      problems.push(`transactions in ${currency} sum to ${amount}, expected ${expected}`)
    const shown = sumIn(balance.available, currency) + sumIn(balance.pending, currency)
    if (shown !== expected - fees)
      problems.push(`the balance in ${currency} is ${shown}, expected ${expected - fees}`)
  }
}

const checkBooks = async ({ desk, problems }: World): Promise<void> => {
  const health = await desk.send('GET', '/v1/ledger/health')
  if (health.status !== 200 || JSON.stringify(health.body).includes('"balanced":false'))
    problems.push(`the books do not balance: ${JSON.stringify(health.body)}`)
}

/** Open disputes are given time, so that what is withdrawn is withdrawn. */
const waitForDisputes = async (world: World): Promise<void> => {
  for (const payment of world.payments.filter(({ dispute }) => dispute !== 'none')) {
    const ends: readonly string[] = payment.dispute === 'open' ? ['needs_response'] : [payment.dispute]
    await until(
      `the dispute of ${payment.id} to be ${payment.dispute}`,
      async () => {
        const [dispute] = (await world.desk.stripe.disputes.list({ payment_intent: payment.id })).data
        return dispute !== undefined && ends.includes(dispute.status)
      },
      400,
    )
  }
}

/** One history: so many steps by the seed's chance, then quiet, then everything is held against the reference. */
export const live = async (stand: Stand, seed: number, steps: number): Promise<Lived> => {
  const tally = newTally()
  const desk = await stand.desk(tally)
  const world: World = {
    desk,
    random: createRandom(seed),
    payments: [],
    problems: tally.problems,
    steps: [],
    clock: '',
    now: Math.floor(Date.now() / 1_000) + 3_600,
  }
  try {
    world.clock = (await desk.stripe.testHelpers.testClocks.create({ frozen_time: world.now })).id
    for (let step = 0; step < steps; step++) await takeStep(world)
    world.steps.push(await setRail(world, 'duplicate_notifications=false&unknown_rate=0'))
    for (let day = 0; day < FINAL_DAYS; day++) world.steps.push(await advance(world, DAY_S))
    for (const { id } of world.payments) await settled(world, id)
    await waitForDisputes(world)
    await checkPayments(world)
    await checkMoney(world)
    await checkBooks(world)
  } catch (error) {
    world.problems.push(`stopped by ${error instanceof Error ? error.stack : String(error)}`)
  }
  return { seed, steps: world.steps, problems: [...new Set(world.problems)] }
}
