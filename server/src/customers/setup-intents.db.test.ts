import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type CustomersWorld, openCustomers, PUBLISHABLE } from '../../test/support/customers-door.ts'
import type { Authorised } from '../rails/index.ts'
import { customersTimers } from './setup-later.ts'

/** What the rail says next in place of its own answer. */
const instead: { answer: Authorised | null; sent: number } = { answer: null, sent: 0 }

let world: CustomersWorld
before(async () => {
  world = await openCustomers((rail) => ({
    ...rail,
    authorise: async (order) => {
      instead.sent++
      const real = await rail.authorise(order)
      return instead.answer ?? real
    },
  }))
})
after(() => world.close())

type Body = Record<string, unknown>
const idOf = (answer: { body: Body }): string => String(answer.body['id'])
const errorOf = (answer: { body: Body }) => answer.body['error'] as Body
const dataOf = (answer: { body: Body }) => answer.body['data'] as Body[]

const make = (form: string, sent = {}) => world.ask('POST', '/v1/setup_intents', form, sent)
const show = (id: string, form = '') => world.ask('GET', `/v1/setup_intents/${id}`, form)
const attemptsOf = async (id: string) =>
  dataOf(await world.ask('GET', '/v1/setup_attempts', `setup_intent=${id}`))
const newestEvents = async (count: number) => (await world.events()).slice(-count).map(({ type }) => type)

describe('a SetupIntent', () => {
  test('sets a card up, which becomes the customer’s', async () => {
    const customer = idOf(await world.ask('POST', '/v1/customers'))
    const made = await make(`customer=${customer}&metadata[a]=1`)
    assert.deepEqual(
      [made.status, made.body['status'], made.body['usage']],
      [200, 'requires_payment_method', 'off_session'],
      JSON.stringify(made.body),
    )
    const id = idOf(made)
    const given = await world.ask('POST', `/v1/setup_intents/${id}`, 'payment_method=pm_card_visa')
    assert.equal(given.body['status'], 'requires_confirmation')
    const done = await world.ask(
      'POST',
      `/v1/setup_intents/${id}/confirm`,
      'expand[]=payment_method.customer&expand[]=latest_attempt.setup_intent',
    )
    assert.equal(done.body['status'], 'succeeded', JSON.stringify(done.body))
    const method = done.body['payment_method'] as Body
    assert.equal((method['customer'] as Body)['id'], customer)
    assert.equal(((done.body['latest_attempt'] as Body)['setup_intent'] as Body)['id'], id)
    assert.deepEqual(await newestEvents(3), [
      'setup_intent.created',
      'payment_method.attached',
      'setup_intent.succeeded',
    ])
    const [attempt = {}] = await attemptsOf(id)
    assert.equal(attempt['status'], 'succeeded')
    const again = await world.ask('POST', `/v1/setup_intents/${id}/confirm`)
    assert.deepEqual([again.status, errorOf(again)['code']], [400, 'setup_intent_unexpected_state'])
    assert.equal((errorOf(again)['setup_intent'] as Body)['id'], id)
    const described = await world.ask('POST', `/v1/setup_intents/${id}`, 'description=done')
    assert.equal(described.body['description'], 'done')
    const late = await world.ask('POST', `/v1/setup_intents/${id}`, 'payment_method=pm_card_visa')
    assert.equal(errorOf(late)['code'], 'setup_intent_unexpected_state')
  })

  test('lets go of a card that is declined, and says why', async () => {
    const made = await make('confirm=true&payment_method=pm_card_chargeDeclined')
    const error = errorOf(made)
    assert.deepEqual([made.status, error['type'], error['code']], [402, 'card_error', 'card_declined'])
    const intent = error['setup_intent'] as Body
    assert.deepEqual([intent['status'], intent['payment_method']], ['requires_payment_method', null])
    const shown = await show(String(intent['id']))
    assert.equal((shown.body['last_setup_error'] as Body)['code'], 'card_declined')
    assert.deepEqual(await newestEvents(2), ['setup_intent.created', 'setup_intent.setup_failed'])
    const [attempt = {}] = await attemptsOf(String(intent['id']))
    assert.deepEqual(
      [attempt['status'], (attempt['setup_error'] as Body)['code']],
      ['failed', 'card_declined'],
    )
  })

  test('asks the customer to authenticate, and succeeds when he did', async () => {
    const made = await make(
      'confirm=true&payment_method=pm_card_authenticationRequiredOnSetup&return_url=https://shop.example/back',
    )
    assert.equal(made.body['status'], 'requires_action', JSON.stringify(made.body))
    const action = made.body['next_action'] as Body
    const { url } = action['redirect_to_url'] as { url: string }
    assert.match(url, /^http:\/\/127\.0\.0\.1:8484\/.*return_url=https%3A%2F%2Fshop\.example/)
    await world.authenticate(url, 'succeeded')
    assert.equal(await world.hearAuthentications(), 1)
    assert.equal((await show(idOf(made))).body['status'], 'succeeded')
    const [attempt = {}] = await attemptsOf(idOf(made))
    const details = (attempt['payment_method_details'] as Body)['card'] as Body
    assert.equal((details['three_d_secure'] as Body)['result'], 'authenticated')
    assert.deepEqual(await newestEvents(2), ['setup_intent.requires_action', 'setup_intent.succeeded'])
  })

  test('fails when he was not authenticated, and may be confirmed again', async () => {
    const made = await make(
      'confirm=true&payment_method=pm_card_authenticationRequiredOnSetup&use_stripe_sdk=true',
    )
    const action = made.body['next_action'] as Body
    assert.equal(action['type'], 'use_stripe_sdk')
    await world.authenticate(String((action['use_stripe_sdk'] as Body)['stripe_js']), 'failed')
    await world.hearAuthentications()
    const failed = await show(idOf(made))
    assert.equal(failed.body['status'], 'requires_payment_method')
    assert.equal((failed.body['last_setup_error'] as Body)['code'], 'setup_intent_authentication_failure')
    const again = await world.ask(
      'POST',
      `/v1/setup_intents/${idOf(made)}/confirm`,
      'payment_method=pm_card_visa',
    )
    assert.equal(again.body['status'], 'succeeded')
    assert.equal(again.body['last_setup_error'], null)
  })

  test('is canceled once, while nothing is at the rail', async () => {
    const made = await make('payment_method=pm_card_visa')
    const canceled = await world.ask(
      'POST',
      `/v1/setup_intents/${idOf(made)}/cancel`,
      'cancellation_reason=abandoned',
    )
    assert.deepEqual(
      [canceled.body['status'], canceled.body['cancellation_reason']],
      ['canceled', 'abandoned'],
    )
    const again = await world.ask('POST', `/v1/setup_intents/${idOf(made)}/cancel`)
    assert.equal(errorOf(again)['code'], 'setup_intent_unexpected_state')
  })

  test('shows and confirms to a publishable key with its secret, and to no other', async () => {
    const made = await make('payment_method=pm_card_visa&metadata[a]=1')
    const id = idOf(made)
    const secret = String(made.body['client_secret'])
    const client = { key: PUBLISHABLE }
    const ask = (form: string) => world.ask('GET', `/v1/setup_intents/${id}`, form, client)
    assert.equal(errorOf(await ask(''))['param'], 'client_secret')
    assert.equal(errorOf(await ask(`client_secret=${id}_secret_1`))['code'], 'client_secret_invalid')
    const shown = await ask(`client_secret=${secret}`)
    assert.deepEqual([shown.status, shown.body['metadata']], [200, {}])
    const confirm = (form: string) => world.ask('POST', `/v1/setup_intents/${id}/confirm`, form, client)
    assert.equal(errorOf(await confirm(`client_secret=x`))['code'], 'client_secret_invalid')
    assert.equal((await confirm(`client_secret=${secret}`)).body['status'], 'succeeded')
    assert.equal((await world.ask('GET', '/v1/setup_intents', '', client)).status, 403)
  })

  test('is done once under one key', async () => {
    const before = instead.sent
    const form = 'confirm=true&payment_method=pm_card_visa'
    const first = await make(form, { idempotencyKey: 'setup-1' })
    const second = await make(form, { idempotencyKey: 'setup-1' })
    assert.deepEqual([second.replayed, second.body], [true, first.body])
    assert.equal(instead.sent, before + 1)
  })

  test('of which the rail said nothing is asked about later', async () => {
    instead.answer = { kind: 'unknown', reason: 'a test' }
    const made = await make('confirm=true&payment_method=pm_card_visa')
    instead.answer = null
    assert.equal(made.body['status'], 'processing')
    const sent = instead.sent
    const [timer] = await world.askRows(
      `select subject::text from database.timers where kind = 'customers.setup'`,
    )
    const heal = customersTimers(world.door)['customers.setup']
    assert.ok(heal !== undefined && timer !== undefined)
    await heal(world.tenant, [String(timer['subject']) as never])
    assert.equal((await show(idOf(made))).body['status'], 'succeeded')
    assert.equal(instead.sent, sent, 'what the rail has is not sent again')
    assert.deepEqual(await world.askRows(`select from database.timers where kind = 'customers.setup'`), [])
  })

  test('takes cards only', async () => {
    const made = await make('payment_method_types[]=card&payment_method_types[]=sepa_debit')
    assert.deepEqual(
      [made.status, errorOf(made)['code'], errorOf(made)['param']],
      [400, 'payment_method_unsupported_type', 'payment_method_types'],
    )
  })
})
