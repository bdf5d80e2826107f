import type Stripe from 'stripe'
import type { Desk } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'
import { pay } from './paying.ts'

const PAYMENTS = 23

const idsOf = (objects: readonly { readonly id: string }[]): string[] => objects.map(({ id }) => id)

const pages = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const made: string[] = []
  for (let index = 0; index < PAYMENTS; index++) made.unshift((await pay(desk, { amount: 1_000 + index })).id)
  check.equal('ten are a page', (await stripe.paymentIntents.list()).data.length, 10)
  check.equal('and there are more', (await stripe.paymentIntents.list()).has_more, true)
  check.equal(
    'all, page by page',
    idsOf(await stripe.paymentIntents.list({ limit: 4 }).autoPagingToArray({ limit: 100 })),
    made,
  )
  const backwards: string[] = []
  const last = made.at(-1) ?? ''
  for await (const intent of stripe.paymentIntents.list({ limit: 5, ending_before: last }))
    backwards.push(intent.id)
  check.equal('all before the last, going back', backwards, made.slice(0, -1).reverse())
  const chosen: string[] = []
  await stripe.paymentIntents.list({ limit: 3 }).autoPagingEach((intent) => {
    chosen.push(intent.id)
    return chosen.length < 7
  })
  check.equal('stopped in the middle', chosen, made.slice(0, 7))
  const end = await stripe.paymentIntents.list({ limit: 5, starting_after: made[PAYMENTS - 4] ?? '' })
  check.equal('the last page', idsOf(end.data), made.slice(-3))
  check.equal('after which there is nothing', end.has_more, false)
  check.equal('of hundred', (await stripe.paymentIntents.list({ limit: 100 })).data.length, PAYMENTS)
  for (const limit of [0, 101, -1]) {
    await check.refused(`a limit of ${limit}`, stripe.paymentIntents.list({ limit }), {
      type: 'StripeInvalidRequestError',
      param: 'limit',
      statusCode: 400,
    })
  }
  await check.refused(
    'both ways at once',
    stripe.paymentIntents.list({ starting_after: last, ending_before: last }),
    {
      type: 'StripeInvalidRequestError',
      statusCode: 400,
    },
  )
}

/** Each list of ours can be paged through, and gives each object once. */
const everyList = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const lists: Record<string, (params: Stripe.PaginationParams) => Stripe.ApiListPromise<{ id: string }>> = {
    charges: (params) => stripe.charges.list(params),
    events: (params) => stripe.events.list(params),
    'balance transactions': (params) => stripe.balanceTransactions.list(params),
    'payment intents': (params) => stripe.paymentIntents.list(params),
  }
  for (const [name, list] of Object.entries(lists)) {
    const small = idsOf(await list({ limit: 7 }).autoPagingToArray({ limit: 500 }))
    const large = idsOf(await list({ limit: 100 }).autoPagingToArray({ limit: 500 }))
    check.equal(`${name}: the size of a page changes nothing`, small, large)
    check.equal(`${name}: each once`, new Set(small).size, small.length)
    check.ok(`${name}: there are some`, small.length >= PAYMENTS)
    const back = idsOf(
      await list({ limit: 7, ending_before: small.at(-1) ?? '' }).autoPagingToArray({ limit: 500 }),
    )
    check.equal(`${name}: backwards`, back.reverse(), small.slice(0, -1))
  }
}

const filters = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const customer = await stripe.customers.create()
  const mine = await pay(desk, { customer: customer.id })
  const count = async (created: Stripe.RangeQueryParam | number): Promise<number> =>
    (await stripe.paymentIntents.list({ created, customer: customer.id })).data.length
  check.equal('by customer', idsOf((await stripe.paymentIntents.list({ customer: customer.id })).data), [
    mine.id,
  ])
  check.equal('created[gte]', await count({ gte: mine.created }), 1)
  check.equal('created[gt]', await count({ gt: mine.created }), 0)
  check.equal('created[lte]', await count({ lte: mine.created }), 1)
  check.equal('created[lt]', await count({ lt: mine.created }), 0)
  check.equal('created', await count(mine.created), 1)
  check.equal('created between', await count({ gte: mine.created - 5, lt: mine.created + 5 }), 1)
  await check.refused('a filter of nobody', stripe.paymentIntents.list({ colour: 'red' } as never), {
    type: 'StripeInvalidRequestError',
    code: 'parameter_unknown',
    param: 'colour',
  })
  const types = await stripe.events.list({
    types: ['payment_intent.succeeded', 'customer.created'],
    limit: 100,
  })
  check.equal('events by types', [...new Set(types.data.map(({ type }) => type))].toSorted(), [
    'customer.created',
    'payment_intent.succeeded',
  ])
  const one = await stripe.events.list({ type: 'customer.created' })
  check.equal('events by type', one.data.length, 1)
  const all = await stripe.events.list({ type: 'charge.*', limit: 100 })
  check.ok(
    'events by a pattern',
    all.data.length >= PAYMENTS && all.data.every(({ type }) => type.startsWith('charge.')),
  )
}

const expand = async (desk: Desk): Promise<void> => {
  const { stripe, check } = desk
  const customer = await stripe.customers.create({ name: 'Deep' })
  const { id } = await pay(desk, { customer: customer.id })
  const intent = await stripe.paymentIntents.retrieve(id, {
    expand: [
      'customer',
      'payment_method',
      'latest_charge.balance_transaction',
      'latest_charge.payment_intent.customer',
    ],
  })
  check.fields('one level', intent, { 'customer.name': 'Deep', 'payment_method.card.last4': '4242' })
  check.fields('two levels', intent, { 'latest_charge.balance_transaction.type': 'charge' })
  check.fields('three levels', intent, { 'latest_charge.payment_intent.customer.name': 'Deep' })
  const deepest = await stripe.balanceTransactions.list({
    limit: 1,
    expand: ['data.source.payment_intent.customer'],
  })
  check.fields('four levels, in a list', deepest, { 'data[0].source.payment_intent.customer.name': 'Deep' })
  const list = await stripe.charges.list({ limit: 2, expand: ['data.balance_transaction', 'data.customer'] })
  check.fields('in a list', list, {
    'data[0].balance_transaction.object': 'balance_transaction',
    'data[0].customer.name': 'Deep',
  })
  const created = await pay(desk, { expand: ['latest_charge'] })
  check.fields('in the answer to a request that makes it', created, { 'latest_charge.object': 'charge' })
  const invalid = { type: 'StripeInvalidRequestError', statusCode: 400 }
  await check.refused(
    'what cannot be expanded',
    stripe.paymentIntents.retrieve(id, { expand: ['amount'] }),
    invalid,
  )
  await check.refused(
    'what does not exist',
    stripe.paymentIntents.retrieve(id, { expand: ['nothing'] }),
    invalid,
  )
  await check.refused(
    'five levels',
    stripe.paymentIntents.list({ expand: ['data.latest_charge.payment_intent.customer.default_source'] }),
    invalid,
  )
}

export const lists: Suite = {
  name: 'lists',
  cases: {
    'are paged, both ways': pages,
    'every one of them': everyList,
    'are filtered': filters,
    'objects are expanded': expand,
  },
}
