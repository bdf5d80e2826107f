// InnovateTech's customers: each pays with a card of his own, some of them with one that is declined, as in real life.

import { EvenkeelError } from '@evenkeel/sdk'
import type { Caller } from './world.ts'

/** The fields of a charge that the story looks at. */
export type Charge = {
  readonly id: string
  readonly amount: number
  readonly status: 'succeeded' | 'failed' | 'pending'
  readonly customer: string | null
  readonly payment_intent: string
  readonly rail: string
  readonly launches: readonly {
    readonly launch: string
    readonly stage: number
    readonly exposed: boolean
    readonly reason: string
  }[]
}

const AT_ONCE = 16

/** Runs the work of many items, a few at once. */
export const each = async <Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++
      const item = items[index]
      if (item !== undefined) results[index] = await work(item, index)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return results
}

export const makeCustomers = (program: Caller, count: number): Promise<string[]> =>
  each(
    Array.from({ length: count }, (_, index) => index),
    async (index) => {
      const { id } = await program.post<{ id: string }>('/v1/customers', { name: `Customer ${index + 1}` })
      return id
    },
  )

const DECLINED_EVERY = 40

type Intent = { readonly latest_charge: Charge | null }
type DeclinedBody = { readonly error?: { readonly charge?: string } }

export type Paying = { readonly amount?: number; readonly capture?: 'automatic' | 'manual' }

/** A card payment of one customer. Its charge, whatever became of it. */
export const pay = async (
  program: Caller,
  customer: string,
  index: number,
  { amount = 2_000, capture = 'automatic' }: Paying = {},
): Promise<Charge> => {
  const isDeclined = index % DECLINED_EVERY === DECLINED_EVERY - 1
  try {
    const intent = await program.post<Intent>('/v1/payment_intents', {
      amount: amount + (index % 50) * 10,
      currency: 'eur',
      customer,
      payment_method: isDeclined ? 'pm_card_visa_chargeDeclined' : 'pm_card_visa',
      payment_method_types: ['card'],
      capture_method: capture,
      confirm: true,
      expand: ['latest_charge'],
    })
    if (intent.latest_charge === null) throw new Error('the payment has no charge')
    return intent.latest_charge
  } catch (error) {
    const charge = error instanceof EvenkeelError ? (error.body as DeclinedBody).error?.charge : undefined
    if (charge === undefined) throw error
    return await program.get<Charge>(`/v1/charges/${charge}`)
  }
}

/** One payment of each customer. */
export const payAll = (program: Caller, customers: readonly string[], paying?: Paying): Promise<Charge[]> =>
  each(customers, (customer, index) => pay(program, customer, index, paying))

/** Whether a charge went the way of the launch. */
export const isExposed = (charge: Charge, launch: string): boolean =>
  charge.launches.some((stamp) => stamp.launch === launch && stamp.exposed)
