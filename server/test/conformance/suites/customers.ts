import type { Desk } from '../stand/stand.ts'
import type { Suite } from '../stand/suite.ts'

const ADDRESS = {
  line1: '510 Townsend St',
  line2: 'Floor 2',
  city: 'San Francisco',
  state: 'CA',
  postal_code: '94103',
  country: 'US',
}

const create = async ({ stripe, check }: Desk): Promise<void> => {
  const bare = await stripe.customers.create()
  check.fields('a customer of nothing', bare, {
    object: 'customer',
    id: /^cus_/,
    email: null,
    name: null,
    phone: null,
    description: null,
    address: null,
    shipping: null,
    balance: 0,
    currency: null,
    delinquent: false,
    default_source: null,
    livemode: false,
    metadata: {},
    tax_exempt: 'none',
    'invoice_settings.default_payment_method': null,
    preferred_locales: [],
  })
  check.ok('created is a time in seconds', Math.abs(bare.created - Date.now() / 1_000) < 60)
  const full = await stripe.customers.create({
    email: 'jenny.rosen@example.com',
    name: 'Jenny Rosen',
    phone: '+14155550123',
    description: 'the first',
    address: ADDRESS,
    shipping: { name: 'Jenny', phone: '+1', address: ADDRESS },
    metadata: { order_id: '6735', empty_is_dropped: '' },
  })
  check.fields('a full customer', full, {
    email: 'jenny.rosen@example.com',
    name: 'Jenny Rosen',
    phone: '+14155550123',
    description: 'the first',
    address: ADDRESS,
    'shipping.name': 'Jenny',
    'shipping.address.line1': ADDRESS.line1,
    'metadata.order_id': '6735',
  })
  check.fields('read again', await stripe.customers.retrieve(full.id), {
    id: full.id,
    email: full.email,
    created: full.created,
  })
}

const update = async ({ stripe, check }: Desk): Promise<void> => {
  const made = await stripe.customers.create({
    name: 'Ada',
    email: 'ada@example.com',
    phone: '1',
    metadata: { a: '1', b: '2' },
  })
  const changed = await stripe.customers.update(made.id, { name: 'Ada L.', metadata: { b: '3', c: '4' } })
  check.fields('an update changes what it names', changed, {
    name: 'Ada L.',
    email: 'ada@example.com',
    metadata: { a: '1', b: '3', c: '4' },
  })
  const without = await stripe.customers.update(made.id, { metadata: { a: '' } })
  check.equal('an empty text takes a key out', without.metadata, { b: '3', c: '4' })
  check.equal(
    'an empty metadata takes all out',
    (await stripe.customers.update(made.id, { metadata: '' })).metadata,
    {},
  )
  check.fields(
    'an empty text unsets',
    await stripe.customers.update(made.id, { phone: '', description: 'x' }),
    {
      phone: null,
      description: 'x',
    },
  )
  check.fields(
    'an address by parts',
    await stripe.customers.update(made.id, { address: { city: 'London', country: 'GB' } }),
    {
      'address.city': 'London',
      'address.line1': null,
      'address.country': 'GB',
    },
  )
}

const remove = async ({ stripe, check }: Desk): Promise<void> => {
  const { id } = await stripe.customers.create({ email: 'gone@example.com' })
  check.equal('a deletion', JSON.parse(JSON.stringify(await stripe.customers.del(id))), {
    id,
    object: 'customer',
    deleted: true,
  })
  check.fields('a deleted one is still read', await stripe.customers.retrieve(id), { id, deleted: true })
  await check.refused('an update of a deleted one', stripe.customers.update(id, { name: 'x' }), {
    type: 'StripeInvalidRequestError',
    code: 'resource_missing',
    statusCode: 404,
  })
  await check.refused('a second deletion', stripe.customers.del(id), {
    code: 'resource_missing',
    statusCode: 404,
  })
  const list = await stripe.customers.list({ email: 'gone@example.com' })
  check.equal('a deleted one is in no list', list.data.length, 0)
}

const refusals = async ({ stripe, check }: Desk): Promise<void> => {
  await check.refused('one that is not there', stripe.customers.retrieve('cus_NffrFeUfNV2Hib'), {
    type: 'StripeInvalidRequestError',
    rawType: 'invalid_request_error',
    code: 'resource_missing',
    param: 'id',
    statusCode: 404,
    message: /^No such customer: 'cus_NffrFeUfNV2Hib'/,
  })
  await check.refused('an email that is none', stripe.customers.create({ email: 'not an address' }), {
    type: 'StripeInvalidRequestError',
    code: 'email_invalid',
    param: 'email',
    statusCode: 400,
  })
  await check.refused(
    'a key of metadata that is too long',
    stripe.customers.create({ metadata: { ['k'.repeat(41)]: 'v' } }),
    { type: 'StripeInvalidRequestError', statusCode: 400 },
  )
  await check.refused(
    'a value of metadata that is too long',
    stripe.customers.create({ metadata: { k: 'v'.repeat(501) } }),
    {
      type: 'StripeInvalidRequestError',
      statusCode: 400,
    },
  )
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v']))
  await check.refused('more than 50 keys', stripe.customers.create({ metadata: many }), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
  })
}

const lists = async ({ stripe, check }: Desk): Promise<void> => {
  const email = 'listed@example.com'
  const ids: string[] = []
  for (let index = 0; index < 5; index++)
    ids.unshift((await stripe.customers.create({ email, name: `${index}` })).id)
  const all = await stripe.customers.list({ email })
  check.fields('the list by email', all, { object: 'list', has_more: false, url: '/v1/customers' })
  check.equal(
    'newest first',
    all.data.map(({ id }) => id),
    ids,
  )
  const page = await stripe.customers.list({ email, limit: 2, starting_after: ids[1] ?? '' })
  check.equal(
    'a page after the second',
    page.data.map(({ id }) => id),
    ids.slice(2, 4),
  )
  check.equal('there is more', page.has_more, true)
  const before = await stripe.customers.list({ email, limit: 2, ending_before: ids[4] ?? '' })
  check.equal(
    'a page before the last',
    before.data.map(({ id }) => id),
    ids.slice(2, 4),
  )
  await check.refused(
    'a cursor that is no customer',
    stripe.customers.list({ starting_after: 'cus_doesnotexist' }),
    {
      type: 'StripeInvalidRequestError',
      code: 'resource_missing',
      param: 'starting_after',
    },
  )
}

const paymentMethods = async ({ stripe, check }: Desk): Promise<void> => {
  const customer = await stripe.customers.create({
    payment_method: 'pm_card_visa',
    expand: ['invoice_settings.default_payment_method'],
  })
  const listed = await stripe.customers.listPaymentMethods(customer.id)
  check.equal('one that was given at creation is attached', listed.data.length, 1)
  check.fields('it', listed.data[0], { customer: customer.id, 'card.brand': 'visa', 'card.last4': '4242' })
  const [first] = listed.data
  if (first === undefined) return
  check.fields(
    'read under the customer',
    await stripe.customers.retrievePaymentMethod(customer.id, first.id),
    { id: first.id },
  )
  const updated = await stripe.customers.update(customer.id, {
    invoice_settings: { default_payment_method: first.id },
  })
  check.fields('the default', updated, { 'invoice_settings.default_payment_method': first.id })
  const expanded = await stripe.customers.retrieve(customer.id, {
    expand: ['invoice_settings.default_payment_method'],
  })
  check.fields('the default, expanded', expanded, {
    'invoice_settings.default_payment_method.card.last4': '4242',
  })
  check.equal(
    'of another type there is none',
    (await stripe.customers.listPaymentMethods(customer.id, { type: 'sepa_debit' })).data,
    [],
  )
}

const events = async ({ stripe, check }: Desk): Promise<void> => {
  const { id } = await stripe.customers.create({ name: 'before' })
  await stripe.customers.update(id, { name: 'after' })
  await stripe.customers.del(id)
  const found = (await stripe.events.list({ limit: 20 })).data.filter(
    (event) => (event.data.object as { id?: string }).id === id,
  )
  check.equal(
    'its events',
    found.map(({ type }) => type),
    ['customer.deleted', 'customer.updated', 'customer.created'],
  )
  check.equal('what it was before', found[1]?.data.previous_attributes, { name: 'before' })
  check.fields('the event of creation', found[2], {
    'request.id': /^req_/,
    api_version: '2026-10-28.endive',
    livemode: false,
    'data.object.name': 'before',
  })
}

const search = async ({ stripe, check }: Desk): Promise<void> => {
  const made = await stripe.customers.create({
    email: 'find.me@example.com',
    name: 'Find Me',
    metadata: { tier: 'gold' },
  })
  const ask = async (query: string): Promise<string[]> =>
    (await stripe.customers.search({ query })).data.map(({ id }) => id)
  check.equal('by email', await ask("email:'find.me@example.com'"), [made.id])
  check.equal('by metadata', await ask("metadata['tier']:'gold'"), [made.id])
  check.equal('by both', await ask("email:'find.me@example.com' AND metadata['tier']:'gold'"), [made.id])
  check.equal('by either', await ask("email:'nobody@example.com' OR metadata['tier']:'gold'"), [made.id])
  check.equal('by neither', await ask("email:'nobody@example.com'"), [])
  check.fields('the result', await stripe.customers.search({ query: "email:'find.me@example.com'" }), {
    object: 'search_result',
    has_more: false,
    url: '/v1/customers/search',
    next_page: null,
  })
  await check.refused('a query that is none', stripe.customers.search({ query: 'gold' }), {
    type: 'StripeInvalidRequestError',
    statusCode: 400,
  })
}

export const customers: Suite = {
  name: 'customers',
  cases: {
    'are made and read': create,
    'are updated': update,
    'are deleted': remove,
    'are refused': refusals,
    'are listed': lists,
    'have payment methods': paymentMethods,
    'leave events': events,
    'are searched by email and metadata': search,
  },
}
