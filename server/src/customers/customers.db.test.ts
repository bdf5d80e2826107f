import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type CustomersWorld, openCustomers, PUBLISHABLE } from '../../test/support/customers-door.ts'

let world: CustomersWorld
before(async () => {
  world = await openCustomers()
})
after(() => world.close())

const idOf = (answer: { body: Record<string, unknown> }): string => String(answer.body['id'])
const errorOf = (answer: { body: Record<string, unknown> }) => answer.body['error'] as Record<string, unknown>
const dataOf = (answer: { body: Record<string, unknown> }) => answer.body['data'] as Record<string, unknown>[]

const makeCustomer = async (form = ''): Promise<string> =>
  idOf(await world.ask('POST', '/v1/customers', form))

describe('a customer', () => {
  test('is made, changed field by field, and keeps metadata by Stripe’s rules', async () => {
    const made = await world.ask(
      'POST',
      '/v1/customers',
      'email=ada@example.com&name=Ada&metadata[a]=1&metadata[b]=2&address[city]=London&address[line1]=St James',
    )
    assert.equal(made.status, 200, JSON.stringify(made.body))
    assert.equal(made.body['balance'], 0)
    assert.equal(made.body['default_source'], null)
    assert.deepEqual(made.body['metadata'], { a: '1', b: '2' })
    const id = idOf(made)
    const changed = await world.ask('POST', `/v1/customers/${id}`, 'metadata[a]=&metadata[c]=3&email=')
    assert.deepEqual(changed.body['metadata'], { b: '2', c: '3' })
    assert.equal(changed.body['email'], null)
    assert.equal(changed.body['name'], 'Ada')
    const cleared = await world.ask('POST', `/v1/customers/${id}`, 'metadata=')
    assert.deepEqual(cleared.body['metadata'], {})
    const events = (await world.events()).slice(-2)
    assert.deepEqual(
      events.map(({ type }) => type),
      ['customer.updated', 'customer.updated'],
    )
    assert.deepEqual(events[1]?.data['previous_attributes'], { metadata: { b: '2', c: '3' } })
  })

  test('that is deleted says so, and takes no change', async () => {
    const id = await makeCustomer('email=gone@example.com')
    const deleted = await world.ask('DELETE', `/v1/customers/${id}`)
    assert.deepEqual(deleted.body, { id, object: 'customer', deleted: true })
    assert.deepEqual((await world.ask('GET', `/v1/customers/${id}`)).body, deleted.body)
    const late = await world.ask('POST', `/v1/customers/${id}`, 'name=Late')
    assert.deepEqual([late.status, errorOf(late)['code']], [404, 'resource_missing'])
    assert.equal(errorOf(late)['message'], `No such customer: '${id}'`)
    assert.deepEqual(dataOf(await world.ask('GET', '/v1/customers', 'email=gone@example.com')), [])
  })

  test('is listed by address and by pages in both directions', async () => {
    const ids: string[] = []
    for (let i = 0; i < 3; i++) ids.unshift(await makeCustomer('email=many@example.com'))
    const page = await world.ask('GET', '/v1/customers', 'email=many@example.com&limit=2')
    assert.deepEqual(
      dataOf(page).map(({ id }) => id),
      ids.slice(0, 2),
    )
    assert.equal(page.body['has_more'], true)
    const rest = await world.ask('GET', '/v1/customers', `email=many@example.com&starting_after=${ids[1]}`)
    assert.deepEqual(
      dataOf(rest).map(({ id }) => id),
      ids.slice(2),
    )
    const back = await world.ask('GET', '/v1/customers', `email=many@example.com&ending_before=${ids[2]}`)
    assert.deepEqual(
      dataOf(back).map(({ id }) => id),
      ids.slice(0, 2),
    )
    const nowhere = await world.ask('GET', '/v1/customers', 'starting_after=cus_nothing')
    assert.deepEqual([nowhere.status, errorOf(nowhere)['param']], [404, 'starting_after'])
  })

  test('is found by a search, newest first, page by page', async () => {
    const first = await makeCustomer('name=Grace Hopper&metadata[plan]=gold&email=Grace@Navy.example')
    const second = await makeCustomer('name=Hopper%25&metadata[plan]=tin')
    const search = (query: string, more = '') =>
      world.ask('GET', '/v1/customers/search', `query=${encodeURIComponent(query)}${more}`)
    const ids = async (query: string) => dataOf(await search(query)).map(({ id }) => id)
    assert.deepEqual(await ids('name~"hopper"'), [second, first])
    assert.deepEqual(await ids('name~"hopper" AND metadata["plan"]:"GOLD"'), [first])
    assert.deepEqual(await ids('name~"hopper" AND -metadata["plan"]:"gold"'), [second])
    assert.deepEqual(await ids('email:"grace@navy.example"'), [first])
    assert.deepEqual(await ids('name~"per%"'), [second])
    assert.deepEqual(await ids('name~"hopper" AND email:null'), [second])
    assert.deepEqual(await ids('name~"hopper" AND created>9999999999'), [])
    const page = await search('name~"hopper"', '&limit=1')
    assert.equal(page.body['object'], 'search_result')
    const next = await search('name~"hopper"', `&limit=1&page=${page.body['next_page']}`)
    assert.deepEqual(
      dataOf(next).map(({ id }) => id),
      [first],
    )
    assert.equal(next.body['next_page'], null)
    const wrong = await search('nick:"x"')
    assert.deepEqual([wrong.status, errorOf(wrong)['param']], [400, 'query'])
  })

  test('refuses what is no address, and a clock that is not there', async () => {
    const address = await world.ask('POST', '/v1/customers', 'email=nobody')
    assert.deepEqual([address.status, errorOf(address)['code']], [400, 'email_invalid'])
    const clock = await world.ask('POST', '/v1/customers', 'test_clock=clock_2')
    assert.deepEqual([clock.status, errorOf(clock)['param']], [404, 'test_clock'])
    assert.equal(
      (await world.ask('POST', '/v1/customers', 'test_clock=clock_1')).body['test_clock'],
      'clock_1',
    )
  })

  test('comes with a card, which is then its own, and can be shown in the place of its id', async () => {
    const made = await world.ask(
      'POST',
      '/v1/customers',
      'payment_method=pm_card_visa&invoice_settings[default_payment_method]=pm_card_visa&expand[]=invoice_settings.default_payment_method.customer',
    )
    assert.equal(made.status, 200, JSON.stringify(made.body))
    const settings = made.body['invoice_settings'] as Record<string, Record<string, unknown>>
    const card = settings['default_payment_method'] ?? {}
    assert.equal(card['object'], 'payment_method')
    assert.equal((card['customer'] as Record<string, unknown>)['id'], made.body['id'])
    const refused = await world.ask('POST', '/v1/customers', 'payment_method=pm_card_chargeDeclined')
    assert.deepEqual([refused.status, errorOf(refused)['type']], [402, 'card_error'])
  })

  test('takes a token as its source, once', async () => {
    const token = await world.ask(
      'POST',
      '/v1/tokens',
      'card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=34&card[cvc]=123&card[name]=Ada',
      { key: PUBLISHABLE },
    )
    assert.equal(token.status, 200, JSON.stringify(token.body))
    const made = await world.ask('POST', '/v1/customers', `source=${idOf(token)}&expand[]=default_source`)
    assert.equal(made.status, 200, JSON.stringify(made.body))
    const source = made.body['default_source'] as Record<string, unknown>
    assert.deepEqual([source['object'], source['brand'], source['name']], ['card', 'Visa', 'Ada'])
    const again = await world.ask('POST', '/v1/customers', `source=${idOf(token)}`)
    assert.deepEqual([again.status, errorOf(again)['code']], [400, 'token_already_used'])
    assert.equal((await world.ask('GET', `/v1/tokens/${idOf(token)}`)).body['used'], true)
    assert.equal((await world.ask('POST', '/v1/customers', 'source=tok_visa')).status, 200)
  })

  test('that was made under a key is made once', async () => {
    const sent = { idempotencyKey: 'customer-1' }
    const first = await world.ask('POST', '/v1/customers', 'payment_method=pm_card_visa', sent)
    const second = await world.ask('POST', '/v1/customers', 'payment_method=pm_card_visa', sent)
    assert.equal(second.replayed, true)
    assert.deepEqual(second.body, first.body)
  })
})
