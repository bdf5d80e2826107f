import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import Stripe from 'stripe'
import {
  HOUR,
  numbersOf,
  openWebhooksWorld,
  requestOf,
  SECOND,
  type WebhooksWorld,
} from '../../test/support/webhooks-world.ts'
import { parseId } from '../kit/index.ts'
import { newSecret } from './deliver/sign.ts'
import { sealSecret } from './secrets.ts'
import { deleteEndpointUnit, rollSecretUnit, updateEndpointUnit } from './units.ts'

let world: WebhooksWorld
before(async () => {
  world = await openWebhooksWorld()
})
afterEach(() => world.rest())
after(() => world.base.close())

describe('a webhook', () => {
  test('brings each event that was wanted, from the endpoint’s making on, signed', async () => {
    const [tenant, receiver] = [await world.base.addTenant(), await world.receive()]
    await world.happen(tenant, ['early'])
    const { id, secret } = await world.listen(tenant, `${receiver.url}/hook`, ['charge.updated'])
    const worker = world.startWorker()
    await world.happen(tenant, ['a', 'b'])
    await world.happen(tenant, ['c'], 'charge.failed')
    worker.kick(tenant)
    await receiver.until(() => receiver.received.length === 2)
    await world.settled(tenant, id, [1, 1])
    assert.deepEqual(receiver.received.map(({ event }) => event.data.object.id).toSorted(), ['a', 'b'])
    const [first] = receiver.received
    assert.equal(first?.path, '/hook')
    const signature = String(first?.headers['stripe-signature'])
    const event = new Stripe('sk_test_x').webhooks.constructEvent(first?.body ?? '', signature, secret)
    assert.equal(event.id, first?.headers['webhook-id'])
    assert.ok(parseId('evt', event.id))
    assert.equal(event.pending_webhooks, 1)
  })

  test('is not of what happened before its endpoint was made, though another one still waits for that', async () => {
    const tenant = await world.base.addTenant()
    const [one, other] = [await world.receive(), await world.receive()]
    const first = await world.listen(tenant, one.url)
    await world.happen(tenant, ['before'])
    const second = await world.listen(tenant, other.url)
    await world.happen(tenant, ['after'])
    world.startWorker().kick(tenant)
    await world.settled(tenant, first.id, [1, 1])
    await world.settled(tenant, second.id, [1])
    assert.deepEqual(
      other.received.map(({ event }) => event.data.object.id),
      ['after'],
    )
  })

  test('comes in the order of what happened to an object, while others overtake it', async () => {
    const [tenant, receiver] = [await world.base.addTenant(), await world.receive()]
    await world.listen(tenant, receiver.url)
    receiver.answer = async ({ event }) => {
      if (event.data.object.id === 'slow') await new Promise((resolve) => setTimeout(resolve, 30))
      return 200
    }
    const objects = Array.from({ length: 60 }, (_, n) => (n % 6 === 0 ? 'slow' : `object ${n % 3}`))
    await world.happen(tenant, objects)
    world.startWorker().kick(tenant)
    await receiver.until(() => receiver.received.length === objects.length)
    for (const object of new Set(objects)) {
      const got = numbersOf(receiver, object)
      assert.deepEqual(
        got,
        got.toSorted((one, other) => one - other),
        object,
      )
    }
    assert.notDeepEqual(
      receiver.received.map(({ event }) => event.data.object.n),
      objects.keys().toArray(),
    )
  })

  test('that fails comes back by the tenant’s clock, holds up nothing, and its log says why', async () => {
    const [tenant, receiver] = [await world.base.addTenant(), await world.receive()]
    const { id } = await world.listen(tenant, receiver.url)
    let failures = 0
    receiver.answer = ({ event }) => (event.data.object.n === 0 && failures++ < 2 ? 500 : 200)
    await world.happen(tenant, ['a', 'a'])
    const worker = world.startWorker()
    worker.kick(tenant)
    await world.settled(tenant, id, [0, 1])
    assert.deepEqual(numbersOf(receiver, 'a'), [0, 1])
    await world.moveClock(tenant, 6n * SECOND)
    await receiver.until(() => receiver.received.length === 3)
    await world.moveClock(tenant, 301n * SECOND)
    await world.settled(tenant, id, [1, 1])
    assert.deepEqual(await world.deliveries(tenant, id), [
      [1, 3],
      [1, 1],
    ])
    const attempts = await world.base.ask(
      tenant,
      `select number, status, error, response from events.attempts a where tenant = $1 order by sent_ms, number`,
      [tenant],
    )
    assert.deepEqual(attempts.toSorted(), [
      [1, 200, null, 'seen'],
      [1, 500, null, 'seen'],
      [2, 500, null, 'seen'],
      [3, 200, null, 'seen'],
    ])
    assert.equal(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size, 2)
  })

  test('answered with 410 is the last one', async () => {
    const [tenant, receiver] = [await world.base.addTenant(), await world.receive()]
    const { id } = await world.listen(tenant, receiver.url)
    receiver.answer = () => 410
    await world.happen(tenant, ['a'])
    world.startWorker().kick(tenant)
    await world.settled(tenant, id, [2])
    await receiver.until(() => world.warned.some((line) => line.includes('gone') && line.includes(id)))
    assert.equal((await world.endpointOf(tenant, id)).disabledReason, 'gone')
    await world.happen(tenant, ['b'])
    await world.settled(tenant, id, [2])
    assert.equal(receiver.received.length, 1)
  })

  test('that nobody takes for three days is given up, and its endpoint is disabled', async () => {
    const [tenant, receiver] = [await world.base.addTenant(), await world.receive()]
    const { id } = await world.listen(tenant, receiver.url)
    receiver.answer = () => 503
    await world.happen(tenant, ['a', 'b'])
    const worker = world.startWorker()
    for (let attempt = 1; attempt <= 10; attempt++) {
      worker.kick(tenant)
      await receiver.until(() => receiver.received.length === attempt * 2)
      await world.moveClock(tenant, 25n * HOUR)
    }
    await world.settled(tenant, id, [2, 2])
    await receiver.until(() => world.warned.some((line) => line.includes('failing') && line.includes(id)))
    assert.equal((await world.endpointOf(tenant, id)).disabledReason, 'failing')
    // Enabled again it takes up with what happens from then on.
    await world.ok(updateEndpointUnit(requestOf(tenant), { id, shownId: '' }, { disabled: false }))
    receiver.answer = () => 200
    await world.happen(tenant, ['c'])
    worker.kick(tenant)
    await world.settled(tenant, id, [2, 2, 1])
  })

  test('to an endpoint that does not answer takes nothing from the others', async () => {
    const [tenant, receiver, dead] = [
      await world.base.addTenant(),
      await world.receive(),
      await world.receive(),
    ]
    dead.answer = () => null
    await world.listen(tenant, dead.url)
    const { id } = await world.listen(tenant, receiver.url)
    const worker = world.startWorker()
    const fromMs = Date.now()
    for (let round = 0; round < 10; round++) {
      await world.happen(
        tenant,
        Array.from({ length: 50 }, (_, n) => `${round} ${n}`),
      )
      worker.kick(tenant)
    }
    await receiver.until(() => receiver.received.length === 500, 8_000)
    assert.ok(Date.now() - fromMs < 8_000)
    await world.settled(
      tenant,
      id,
      Array.from({ length: 500 }, () => 1),
    )
    assert.ok(dead.received.length <= 16, `${dead.received.length} wait at once`)
  })

  test('is not sent any more when its endpoint is deleted or disabled', async () => {
    const [tenant, receiver] = [await world.base.addTenant(), await world.receive()]
    const [one, other] = [await world.listen(tenant, receiver.url), await world.listen(tenant, receiver.url)]
    receiver.answer = () => 500
    await world.happen(tenant, ['a'])
    const worker = world.startWorker()
    worker.kick(tenant)
    await receiver.until(() => receiver.received.length === 2)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await world.ok(deleteEndpointUnit(requestOf(tenant), { id: one.id, shownId: '' }))
    await world.ok(updateEndpointUnit(requestOf(tenant), { id: other.id, shownId: '' }, { disabled: true }))
    await world.settled(tenant, one.id, [3])
    await world.moveClock(tenant, HOUR)
    worker.kick(tenant)
    await world.settled(tenant, other.id, [3])
    assert.equal(receiver.received.length, 2)
  })

  test('is signed with both secrets while one is being rolled', async () => {
    const [tenant, receiver] = [await world.base.addTenant(), await world.receive()]
    const { id, secret } = await world.listen(tenant, receiver.url)
    const newer = newSecret()
    const sealed = sealSecret(await world.vault.dataKey(tenant), tenant, id, newer)
    const rolling = { sealed, secret: newer, overlapMs: 60_000, seal: () => null }
    await world.ok(rollSecretUnit(requestOf(tenant), { id, shownId: '' }, rolling))
    await world.happen(tenant, ['a'])
    world.startWorker().kick(tenant)
    await receiver.until(() => receiver.received.length === 1)
    const { body = '', headers = {} } = receiver.received[0] ?? {}
    const signature = String(headers['stripe-signature'])
    const { webhooks } = new Stripe('sk_test_x')
    for (const each of [secret, newer]) assert.ok(webhooks.constructEvent(body, signature, each).id)
    assert.equal(signature.match(/v1=/g)?.length, 2)
  })
})
