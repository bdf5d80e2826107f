import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { openWebhooksWorld, type WebhooksWorld } from '../../test/support/webhooks-world.ts'

let world: WebhooksWorld
before(async () => {
  world = await openWebhooksWorld()
})
afterEach(() => world.rest())
after(() => world.base.close())

test('an endpoint whose secret does not open is told nothing and named, and the others go on', async () => {
  const [tenant, broken, whole] = [await world.base.addTenant(), await world.receive(), await world.receive()]
  const { id } = await world.listen(tenant, broken.url)
  const other = await world.listen(tenant, whole.url)
  await world.base.asOwner(
    tenant,
    `update events.endpoints set body = replace(body::text, '"sealed": "', '"sealed": "AAAA')::jsonb
      where tenant = $1 and id = $2`,
    [tenant, id],
  )
  const worker = world.startWorker()
  await world.happen(tenant, ['a', 'b'])
  worker.kick(tenant)
  await world.settled(tenant, other.id, [1, 1])
  assert.equal(broken.received.length, 0)
  assert.match(world.warned.join(), new RegExp(`the secret of a webhook endpoint does not open.*${id}`))
  await world.settled(tenant, id, [0, 0])
})
