import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import Stripe from 'stripe'
import { testMasterKey } from '../../test/support/postgres.ts'
import { answerOf, unitOf } from '../../test/support/pots.ts'
import { openPotsDatabase, type PotsDatabase } from '../../test/support/pots-database.ts'
import { type Commit, createRead, type Unit } from '../database/index.ts'
import { type Micros, newUuid, parseId, type TenantId, type Uuid } from '../kit/index.ts'
import { openVault, type Vault } from '../vault/index.ts'
import { newSecret } from './deliver/sign.ts'
import { recordEvent } from './record.ts'
import { sealSecret } from './secrets.ts'
import { endpoints, writeWebhooks } from './store/endpoints.ts'
import { type Receiver, startReceiver } from './test-receiver.ts'
import { createEndpointUnit, deleteEndpointUnit, rollSecretUnit, updateEndpointUnit } from './units.ts'
import { startWebhooks, type Webhooks } from './worker.ts'

let world: PotsDatabase
let commit: Commit
let vault: Vault
const workers: Webhooks[] = []
const receivers: Receiver[] = []

before(async () => {
  world = await openPotsDatabase()
  commit = world.commit({ writers: [writeWebhooks] })
  vault = openVault(testMasterKey, world.pools.plain)
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()))
  for (const receiver of receivers.splice(0)) receiver.close()
})
after(() => world.close())

const warned: string[] = []

const startWorker = (): Webhooks => {
  const worker = startWebhooks({
    connections: world.connections,
    commit,
    vault,
    clock: { now: () => Date.now() },
    reachable: { allowPrivate: false, isLocal: true },
    log: { warn: (fields, message) => void warned.push(`${message} ${JSON.stringify(fields)}`) },
    chance: () => 0,
  })
  workers.push(worker)
  return worker
}

const receive = async (): Promise<Receiver> => {
  const receiver = await startReceiver()
  receivers.push(receiver)
  return receiver
}

const request = (tenant: TenantId) => ({ tenant, bytes: 0, deadlineMs: Number.MAX_SAFE_INTEGER, claim: null })

const ok = async (unit: Unit<null>): Promise<{ readonly id: string }> => {
  const outcome = await commit.submit(unit)
  assert.equal(outcome.kind, 'decided')
  const reply = outcome.kind === 'decided' ? outcome.reply : null
  assert.equal(reply?.status, 200, reply?.body)
  return JSON.parse(reply?.body ?? '')
}

type Made = { readonly id: Uuid; readonly secret: string }

const listen = async (tenant: TenantId, url: string, types: readonly string[] = ['*']): Promise<Made> => {
  const id = newUuid(Date.now())
  const secret = newSecret()
  const sealed = sealSecret(await vault.dataKey(tenant), tenant, id, secret)
  const wanted = {
    id,
    url,
    enabledEvents: types,
    description: null,
    metadata: {},
    apiVersion: null,
    livemode: false,
    secrets: [{ sealed, expiresMs: null }],
  }
  await ok(createEndpointUnit(request(tenant), { wanted, secret, seal: () => null, count: 0 }))
  return { id, secret }
}

/** Things that happen to objects, one after the other. */
const happen = (tenant: TenantId, objects: readonly string[], type = 'charge.updated'): Promise<unknown> =>
  answerOf(
    commit.submit(
      unitOf({
        tenant,
        decide: (draft) => {
          for (const [n, id] of objects.entries())
            recordEvent(draft, { type, object: { id, n }, request: null })
          return objects.length
        },
      }),
    ),
  )

const moveClock = (tenant: TenantId, micros: Micros): Promise<void> =>
  world.asOwner(
    tenant,
    'update database.heads set clock_offset_micros = clock_offset_micros + $2 where tenant = $1',
    [tenant, micros],
  )

const SECOND = 1_000_000n
const HOUR = 3_600n * SECOND

const deliveries = (tenant: TenantId, endpoint: Uuid): Promise<unknown[][]> =>
  world.ask(
    tenant,
    `select state, attempts from events.deliveries where tenant = $1 and endpoint = $2 order by event_sequence`,
    [tenant, endpoint],
  )

const settled = async (tenant: TenantId, endpoint: Uuid, states: readonly number[]): Promise<void> => {
  const lastMs = Date.now() + 10_000
  for (;;) {
    const found = (await deliveries(tenant, endpoint)).map(([state]) => state)
    if (JSON.stringify(found) === JSON.stringify(states)) return
    if (Date.now() > lastMs) assert.deepEqual(found, states)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const endpointOf = async (tenant: TenantId, id: Uuid) => {
  const [rows = []] = await createRead(world.connections)(tenant, [endpoints.find(tenant, [id])])
  const [raw] = rows
  assert.ok(raw !== undefined)
  return endpoints.read(raw)
}

const numbers = (receiver: Receiver, object: string): number[] =>
  receiver.received
    .filter(({ event }) => event.data.object.id === object)
    .map(({ event }) => event.data.object.n)

describe('a webhook', () => {
  test('brings each event that was wanted, from the endpoint’s making on, signed', async () => {
    const [tenant, receiver] = [await world.addTenant(), await receive()]
    await happen(tenant, ['early'])
    const { id, secret } = await listen(tenant, `${receiver.url}/hook`, ['charge.updated'])
    const worker = startWorker()
    await happen(tenant, ['a', 'b'])
    await happen(tenant, ['c'], 'charge.failed')
    worker.kick(tenant)
    await receiver.until(() => receiver.received.length === 2)
    await settled(tenant, id, [1, 1])
    assert.deepEqual(receiver.received.map(({ event }) => event.data.object.id).toSorted(), ['a', 'b'])
    const [first] = receiver.received
    assert.equal(first?.path, '/hook')
    const signature = String(first?.headers['stripe-signature'])
    const event = new Stripe('sk_test_x').webhooks.constructEvent(first?.body ?? '', signature, secret)
    assert.equal(event.id, first?.headers['webhook-id'])
    assert.ok(parseId('evt', event.id))
    assert.equal(event.pending_webhooks, 1)
  })

  test('comes in the order of what happened to an object, while others overtake it', async () => {
    const [tenant, receiver] = [await world.addTenant(), await receive()]
    await listen(tenant, receiver.url)
    receiver.answer = async ({ event }) => {
      if (event.data.object.id === 'slow') await new Promise((resolve) => setTimeout(resolve, 30))
      return 200
    }
    const objects = Array.from({ length: 60 }, (_, n) => (n % 6 === 0 ? 'slow' : `object ${n % 3}`))
    await happen(tenant, objects)
    startWorker().kick(tenant)
    await receiver.until(() => receiver.received.length === objects.length)
    for (const object of new Set(objects)) {
      const got = numbers(receiver, object)
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
    const [tenant, receiver] = [await world.addTenant(), await receive()]
    const { id } = await listen(tenant, receiver.url)
    let failures = 0
    receiver.answer = ({ event }) => (event.data.object.n === 0 && failures++ < 2 ? 500 : 200)
    await happen(tenant, ['a', 'a'])
    const worker = startWorker()
    worker.kick(tenant)
    await settled(tenant, id, [0, 1])
    assert.deepEqual(numbers(receiver, 'a'), [0, 1])
    await moveClock(tenant, 6n * SECOND)
    await receiver.until(() => receiver.received.length === 3)
    await moveClock(tenant, 301n * SECOND)
    await settled(tenant, id, [1, 1])
    assert.deepEqual(await deliveries(tenant, id), [
      [1, 3],
      [1, 1],
    ])
    const attempts = await world.ask(
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
    const [tenant, receiver] = [await world.addTenant(), await receive()]
    const { id } = await listen(tenant, receiver.url)
    receiver.answer = () => 410
    await happen(tenant, ['a'])
    startWorker().kick(tenant)
    await settled(tenant, id, [2])
    await receiver.until(() => warned.some((line) => line.includes('gone') && line.includes(id)))
    assert.equal((await endpointOf(tenant, id)).disabledReason, 'gone')
    await happen(tenant, ['b'])
    await settled(tenant, id, [2])
    assert.equal(receiver.received.length, 1)
  })

  test('that nobody takes for three days is given up, and its endpoint is disabled', async () => {
    const [tenant, receiver] = [await world.addTenant(), await receive()]
    const { id } = await listen(tenant, receiver.url)
    receiver.answer = () => 503
    await happen(tenant, ['a', 'b'])
    const worker = startWorker()
    for (let attempt = 1; attempt <= 10; attempt++) {
      worker.kick(tenant)
      await receiver.until(() => receiver.received.length === attempt * 2)
      await moveClock(tenant, 25n * HOUR)
    }
    await settled(tenant, id, [2, 2])
    await receiver.until(() => warned.some((line) => line.includes('failing') && line.includes(id)))
    assert.equal((await endpointOf(tenant, id)).disabledReason, 'failing')
    // Enabled again it takes up with what happens from then on.
    await ok(updateEndpointUnit(request(tenant), { id, shownId: '' }, { disabled: false }))
    receiver.answer = () => 200
    await happen(tenant, ['c'])
    worker.kick(tenant)
    await settled(tenant, id, [2, 2, 1])
  })

  test('to an endpoint that does not answer takes nothing from the others', async () => {
    const [tenant, receiver, dead] = [await world.addTenant(), await receive(), await receive()]
    dead.answer = () => null
    await listen(tenant, dead.url)
    const { id } = await listen(tenant, receiver.url)
    const worker = startWorker()
    const fromMs = Date.now()
    for (let round = 0; round < 10; round++) {
      await happen(
        tenant,
        Array.from({ length: 50 }, (_, n) => `${round} ${n}`),
      )
      worker.kick(tenant)
    }
    await receiver.until(() => receiver.received.length === 500, 8_000)
    assert.ok(Date.now() - fromMs < 8_000)
    await settled(
      tenant,
      id,
      Array.from({ length: 500 }, () => 1),
    )
    assert.ok(dead.received.length <= 16, `${dead.received.length} wait at once`)
  })

  test('is not sent any more when its endpoint is deleted or disabled', async () => {
    const [tenant, receiver] = [await world.addTenant(), await receive()]
    const [one, other] = [await listen(tenant, receiver.url), await listen(tenant, receiver.url)]
    receiver.answer = () => 500
    await happen(tenant, ['a'])
    const worker = startWorker()
    worker.kick(tenant)
    await receiver.until(() => receiver.received.length === 2)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await ok(deleteEndpointUnit(request(tenant), { id: one.id, shownId: '' }))
    await ok(updateEndpointUnit(request(tenant), { id: other.id, shownId: '' }, { disabled: true }))
    await settled(tenant, one.id, [3])
    await moveClock(tenant, HOUR)
    worker.kick(tenant)
    await settled(tenant, other.id, [3])
    assert.equal(receiver.received.length, 2)
  })

  test('is signed with both secrets while one is being rolled', async () => {
    const [tenant, receiver] = [await world.addTenant(), await receive()]
    const { id, secret } = await listen(tenant, receiver.url)
    const newer = newSecret()
    const sealed = sealSecret(await vault.dataKey(tenant), tenant, id, newer)
    const rolling = { sealed, secret: newer, overlapMs: 60_000, seal: () => null }
    await ok(rollSecretUnit(request(tenant), { id, shownId: '' }, rolling))
    await happen(tenant, ['a'])
    startWorker().kick(tenant)
    await receiver.until(() => receiver.received.length === 1)
    const { body = '', headers = {} } = receiver.received[0] ?? {}
    const signature = String(headers['stripe-signature'])
    const { webhooks } = new Stripe('sk_test_x')
    for (const each of [secret, newer]) assert.ok(webhooks.constructEvent(body, signature, each).id)
    assert.equal(signature.match(/v1=/g)?.length, 2)
  })
})

describe('several workers', () => {
  test('share the work, send nothing twice, and miss nothing that another process wrote', async () => {
    const [tenant, receiver] = [await world.addTenant(), await receive()]
    const { id } = await listen(tenant, receiver.url)
    const two = [startWorker(), startWorker()]
    for (let round = 0; round < 30; round++) {
      await happen(tenant, [`${round} a`, `${round} b`])
      two[round % 3]?.kick(tenant)
    }
    await receiver.until(() => receiver.received.length >= 60)
    await settled(
      tenant,
      id,
      Array.from({ length: 60 }, () => 1),
    )
    assert.equal(new Set(receiver.received.map(({ event }) => event.id)).size, 60)
    assert.equal(receiver.received.length, 60)
  })

  test('one takes over from another that died: what was sent and not written down is sent again', async () => {
    const [tenant, receiver] = [await world.addTenant(), await receive()]
    const { id } = await listen(tenant, receiver.url)
    await happen(tenant, ['a'])
    // The dead one holds the lease for a moment more.
    await world.asOwner(
      tenant,
      `update events.listening set worker = gen_random_uuid(), lease_until_ms = (extract(epoch from clock_timestamp()) * 1000)::bigint + 700
        where tenant = $1`,
      [tenant],
    )
    startWorker().kick(tenant)
    await new Promise((resolve) => setTimeout(resolve, 400))
    assert.equal(receiver.received.length, 0)
    await settled(tenant, id, [1])
  })
})

describe('the clock’s advance', () => {
  test('delivers all that has happened, tries each once, and knows what comes next', async () => {
    const [tenant, receiver] = [await world.addTenant(), await receive()]
    const { id } = await listen(tenant, receiver.url)
    receiver.answer = ({ event }) => (event.data.object.n === 1 ? 500 : 200)
    await happen(tenant, ['a', 'b', 'c'])
    const worker = startWorker()
    const later = BigInt(Date.now()) * 1_000n + SECOND
    // Some of it may have been delivered by the time that the advance asks for the rest.
    const report = await worker.deliverDue(tenant, later)
    assert.ok(report.attempted <= 3)
    assert.equal(receiver.received.length, 3)
    assert.deepEqual(
      (await deliveries(tenant, id)).map(([state]) => state),
      [1, 0, 1],
    )
    const due = await worker.nextDue(tenant)
    assert.ok(due !== null && due > BigInt(Date.now()) * 1_000n)
    assert.deepEqual(await worker.deliverDue(tenant, due), { attempted: 1, succeeded: 0, failed: 1 })
    assert.deepEqual(await worker.deliverDue(await world.addTenant(), later), {
      attempted: 0,
      succeeded: 0,
      failed: 0,
    })
  })

  test('waits two seconds at most for one that does not answer, whether it was asked by this work or by what went before', async () => {
    const [tenant, dead] = [await world.addTenant(), await receive()]
    dead.answer = () => null
    await listen(tenant, dead.url)
    await happen(tenant, ['a'])
    const worker = startWorker()
    const fromMs = Date.now()
    const report = await worker.deliverDue(tenant, BigInt(Date.now()) * 1_000n)
    assert.ok(report.attempted <= 1)
    const tookMs = Date.now() - fromMs
    assert.ok(tookMs > 1_500 && tookMs < 4_500, `${tookMs} ms`)
  })
})

test('two thousand events are delivered within seconds', async (t) => {
  const [tenant, receiver] = [await world.addTenant(), await receive()]
  const { id } = await listen(tenant, receiver.url)
  for (let batch = 0; batch < 4; batch++)
    await happen(
      tenant,
      Array.from({ length: 500 }, (_, n) => `${batch} ${n}`),
    )
  const fromMs = Date.now()
  startWorker().kick(tenant)
  await receiver.until(() => receiver.received.length === 2_000, 20_000)
  t.diagnostic(`${Math.round(2_000_000 / (Date.now() - fromMs))} deliveries a second`)
  await settled(
    tenant,
    id,
    Array.from({ length: 2_000 }, () => 1),
  )
})
