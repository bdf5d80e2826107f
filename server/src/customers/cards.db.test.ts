import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type CustomersWorld, LIVE, openCustomers, PUBLISHABLE } from '../../test/support/customers-door.ts'

let world: CustomersWorld
before(async () => {
  world = await openCustomers()
})
after(() => world.close())

type Body = Record<string, unknown>
const idOf = (answer: { body: Body }): string => String(answer.body['id'])
const errorOf = (answer: { body: Body }) => answer.body['error'] as Body
const dataOf = (answer: { body: Body }) => answer.body['data'] as Body[]

const makeCustomer = async (): Promise<string> => idOf(await world.ask('POST', '/v1/customers'))
const NUMBER = 'type=card&card[exp_month]=12&card[exp_year]=2034&card[cvc]=123&card[number]='
const attach = (method: string, customer: string) =>
  world.ask('POST', `/v1/payment_methods/${method}/attach`, `customer=${customer}`)

describe('a payment method', () => {
  test('is made of a number, which is kept nowhere', async () => {
    const made = await world.ask(
      'POST',
      '/v1/payment_methods',
      `${NUMBER}4242424242424242&billing_details[name]=Ada&allow_redisplay=always`,
      { key: PUBLISHABLE },
    )
    assert.equal(made.status, 200, JSON.stringify(made.body))
    assert.equal(made.body['customer'], null)
    const card = made.body['card'] as Body
    assert.deepEqual([card['brand'], card['last4'], card['funding']], ['visa', '4242', 'credit'])
    const again = await world.ask('POST', '/v1/payment_methods', `${NUMBER}4242424242424242`)
    assert.equal((again.body['card'] as Body)['fingerprint'], card['fingerprint'])
    const [{ rows } = { rows: null }] = await world.askRows(
      `select string_agg(body::text, '') as rows from customers.payment_methods`,
    )
    assert.doesNotMatch(String(rows), /4242424242424242/)
  })

  test('is refused as a card is refused: by what is wrong with it', async () => {
    const wrong = await world.ask('POST', '/v1/payment_methods', `${NUMBER}4242424242424241`)
    assert.deepEqual(
      [wrong.status, errorOf(wrong)['type'], errorOf(wrong)['code'], errorOf(wrong)['param']],
      [402, 'card_error', 'incorrect_number', 'number'],
    )
    const real = await world.ask('POST', '/v1/payment_methods', `${NUMBER}4111111111111111`)
    assert.equal(real.status === 200 || errorOf(real)['code'] === 'card_declined', true)
    const type = await world.ask('POST', '/v1/payment_methods', 'type=sepa_debit')
    assert.deepEqual([type.status, errorOf(type)['code']], [400, 'payment_method_unsupported_type'])
    const live = await world.ask('POST', '/v1/payment_methods', `${NUMBER}4242424242424242`, { key: LIVE })
    assert.deepEqual([live.status, errorOf(live)['code']], [400, 'live_rail_missing'])
  })

  test('is attached, listed under its customer, changed, and detached for ever', async () => {
    const customer = await makeCustomer()
    const attached = await attach('pm_card_mastercard', customer)
    assert.equal(attached.status, 200, JSON.stringify(attached.body))
    const id = idOf(attached)
    assert.equal(attached.body['customer'], customer)
    for (const path of [`/v1/customers/${customer}/payment_methods`, '/v1/payment_methods']) {
      const listed = await world.ask(
        'GET',
        path,
        path.includes(customer) ? 'type=card' : `customer=${customer}`,
      )
      assert.deepEqual(
        dataOf(listed).map((method) => method['id']),
        [id],
      )
    }
    assert.equal((await world.ask('GET', `/v1/customers/${customer}/payment_methods/${id}`)).status, 200)
    await world.ask('POST', `/v1/customers/${customer}`, `invoice_settings[default_payment_method]=${id}`)
    const changed = await world.ask('POST', `/v1/payment_methods/${id}`, 'card[exp_month]=3&metadata[a]=1')
    assert.equal((changed.body['card'] as Body)['exp_month'], 3)
    const twice = await attach(id, customer)
    assert.deepEqual([twice.status, errorOf(twice)['code']], [400, 'payment_method_unexpected_state'])
    const detached = await world.ask('POST', `/v1/payment_methods/${id}/detach`)
    assert.equal(detached.body['customer'], null)
    const owner = await world.ask('GET', `/v1/customers/${customer}`)
    assert.equal((owner.body['invoice_settings'] as Body)['default_payment_method'], null)
    const late = await attach(id, customer)
    assert.deepEqual([late.status, errorOf(late)['code']], [400, 'payment_method_unexpected_state'])
    const types = (await world.events()).map(({ type }) => type)
    assert.deepEqual(types.slice(-5), [
      'payment_method.attached',
      'customer.updated',
      'payment_method.updated',
      'payment_method.detached',
      'customer.updated',
    ])
  })

  test('that its rail declines is not attached; one that only its payments decline is', async () => {
    const customer = await makeCustomer()
    const declined = await attach('pm_card_chargeDeclinedInsufficientFunds', customer)
    assert.deepEqual(
      [declined.status, errorOf(declined)['code'], errorOf(declined)['decline_code']],
      [402, 'card_declined', 'insufficient_funds'],
    )
    assert.equal((await attach('pm_card_chargeCustomerFail', customer)).status, 200)
    assert.equal((await attach('pm_card_authenticationRequired', customer)).status, 200)
    const listed = await world.ask('GET', `/v1/customers/${customer}/payment_methods`)
    assert.equal(dataOf(listed).length, 2)
  })

  test('goes with its customer when it is deleted', async () => {
    const customer = await makeCustomer()
    const id = idOf(await attach('pm_card_visa', customer))
    await world.ask('DELETE', `/v1/customers/${customer}`)
    assert.equal((await world.ask('GET', `/v1/payment_methods/${id}`)).body['customer'], null)
    const other = await makeCustomer()
    assert.equal((await attach(id, other)).status, 400)
  })

  test('can be the default only of the customer that has it', async () => {
    const [one, other] = [await makeCustomer(), await makeCustomer()]
    const id = idOf(await attach('pm_card_visa', one))
    const refused = await world.ask(
      'POST',
      `/v1/customers/${other}`,
      `invoice_settings[default_payment_method]=${id}`,
    )
    assert.deepEqual([refused.status, errorOf(refused)['code']], [404, 'resource_missing'])
  })

  test('is made of a token in place of a number', async () => {
    const made = await world.ask('POST', '/v1/payment_methods', 'type=card&card[token]=tok_visa')
    assert.equal((made.body['card'] as Body)['last4'], '4242')
  })
})
