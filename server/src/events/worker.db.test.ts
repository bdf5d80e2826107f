import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import {
  openWebhooksWorld,
  requestOf,
  SECOND,
  type WebhooksWorld,
} from '../../test/support/webhooks-world.ts'
import { openAnswer, sealAnswer } from './secrets.ts'
import { createEndpointUnit } from './units.ts'

let world: WebhooksWorld
before(async () => {
  world = await openWebhooksWorld()
})
afterEach(() => world.rest())
after(() => world.base.close())

describe('several workers', () => {
  test('share the work, send nothing twice, and miss nothing that another process wrote', async () => {
    const [tenant, receiver] = [await world.base.addTenant(), await world.receive()]
    const { id } = await world.listen(tenant, receiver.url)
    const two = [world.startWorker(), world.startWorker()]
    for (let round = 0; round < 30; round++) {
      await world.happen(tenant, [`${round} a`, `${round} b`])
      two[round % 3]?.kick(tenant)
    }
    await receiver.until(() => receiver.received.length >= 60)
    await world.settled(
      tenant,
      id,
      Array.from({ length: 60 }, () => 1),
    )
    assert.equal(new Set(receiver.received.map(({ event }) => event.id)).size, 60)
    assert.equal(receiver.received.length, 60)
  })

  test('one takes over from another that died: what was sent and not written down is sent again', async () => {
    const [tenant, receiver] = [await world.base.addTenant(), await world.receive()]
    const { id } = await world.listen(tenant, receiver.url)
    await world.happen(tenant, ['a'])
    // The dead one holds the lease for a moment more.
    await world.base.asOwner(
      tenant,
      `update events.listening set worker = gen_random_uuid(), lease_until_ms = (extract(epoch from clock_timestamp()) * 1000)::bigint + 700
        where tenant = $1`,
      [tenant],
    )
    world.startWorker().kick(tenant)
    await new Promise((resolve) => setTimeout(resolve, 400))
    assert.equal(receiver.received.length, 0)
    await world.settled(tenant, id, [1])
  })
})

describe('the clock’s advance', () => {
  test('delivers all that has happened, tries each once, and knows what comes next', async () => {
    const [tenant, receiver] = [await world.base.addTenant(), await world.receive()]
    const { id } = await world.listen(tenant, receiver.url)
    receiver.answer = ({ event }) => (event.data.object.n === 1 ? 500 : 200)
    await world.happen(tenant, ['a', 'b', 'c'])
    const worker = world.startWorker()
    const later = BigInt(Date.now()) * 1_000n + SECOND
    // Some of it may have been delivered by the time that the advance asks for the rest.
    const report = await worker.deliverDue(tenant, later)
    assert.ok(report.attempted <= 3)
    assert.equal(receiver.received.length, 3)
    assert.deepEqual(
      (await world.deliveries(tenant, id)).map(([state]) => state),
      [1, 0, 1],
    )
    const due = await worker.nextDue(tenant)
    assert.ok(due !== null && due > BigInt(Date.now()) * 1_000n)
    assert.deepEqual(await worker.deliverDue(tenant, due), { attempted: 1, succeeded: 0, failed: 1 })
    assert.deepEqual(await worker.deliverDue(await world.base.addTenant(), later), {
      attempted: 0,
      succeeded: 0,
      failed: 0,
    })
  })

  test('waits two seconds at most for one that does not answer, whether it was asked by this work or by what went before', async () => {
    const [tenant, dead] = [await world.base.addTenant(), await world.receive()]
    dead.answer = () => null
    await world.listen(tenant, dead.url)
    await world.happen(tenant, ['a'])
    const worker = world.startWorker()
    const fromMs = Date.now()
    const report = await worker.deliverDue(tenant, BigInt(Date.now()) * 1_000n)
    assert.ok(report.attempted <= 1)
    const tookMs = Date.now() - fromMs
    assert.ok(tookMs > 1_500 && tookMs < 4_500, `${tookMs} ms`)
  })
})

test('an answer that shows a secret is stored sealed, and the same key gets it again', async () => {
  const tenant = await world.base.addTenant()
  const key = await world.vault.dataKey(tenant)
  const { wanted, secret } = await world.wanted(tenant, 'https://example.com/', ['*'])
  const claim = {
    scope: '',
    key: 'once',
    digest: Buffer.alloc(32, 1),
    phase: 'whole' as const,
    worker: null,
  }
  const seal = (body: string): string => sealAnswer(key, tenant, 'once', body)
  const unit = createEndpointUnit({ ...requestOf(tenant), claim }, { wanted, secret, seal, count: 0 })
  const first = await world.commit.submit(unit)
  assert.ok(first.kind === 'decided' && first.reply?.body.includes(secret))
  const stored = await world.base.ask(
    tenant,
    'select body, sealed from database.idempotency_answers where tenant = $1',
    [tenant],
  )
  assert.equal(stored[0]?.[1], true)
  const rows = await world.base.ask(tenant, 'select body::text from events.endpoints where tenant = $1', [
    tenant,
  ])
  for (const text of [stored[0]?.[0], rows[0]?.[0]]) assert.ok(!String(text).includes(secret.slice(6, 20)))
  const again = await world.commit.submit(unit)
  assert.ok(again.kind === 'replayed' && again.reply.isSealed === true)
  const opened = await openAnswer(world.vault, tenant, 'once', again.reply.body ?? '')
  assert.equal(opened, first.kind === 'decided' ? first.reply?.body : '')
})

test('two thousand events are delivered within seconds', async (t) => {
  const [tenant, receiver] = [await world.base.addTenant(), await world.receive()]
  const { id } = await world.listen(tenant, receiver.url)
  for (let batch = 0; batch < 4; batch++)
    await world.happen(
      tenant,
      Array.from({ length: 500 }, (_, n) => `${batch} ${n}`),
    )
  const fromMs = Date.now()
  world.startWorker().kick(tenant)
  await receiver.until(() => receiver.received.length === 2_000, 20_000)
  t.diagnostic(`${Math.round(2_000_000 / (Date.now() - fromMs))} deliveries a second`)
  await world.settled(
    tenant,
    id,
    Array.from({ length: 2_000 }, () => 1),
  )
})
