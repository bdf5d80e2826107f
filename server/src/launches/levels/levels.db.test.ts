import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ControllerWorld, openController, type Site } from '../../../test/support/controller-world.ts'
import { stageOf } from '../../../test/support/launch-content.ts'
import type { Person, RequestContext } from '../../http/index.ts'
import type { LevelName } from '../core/levels/levels.ts'
import { lookAt, readLevels } from './look.ts'
import { setLevelUnit } from './set-level.ts'
import { findLevels } from './store.ts'

let world: ControllerWorld
before(async () => {
  world = await openController()
})
after(() => world.close())

const PERSON = { id: 'person_1', name: 'Ada', role: 'technology', createdMs: 0 } as unknown as Person

const contextOf = (site: Site, person: Person | null): RequestContext =>
  ({
    tenant: site.id,
    mode: 'test',
    person,
    keyId: 'key_1',
    keyKind: person === null ? 'secret' : 'person',
    bodyBytes: 0,
    deadlineMs: Date.now() + 60_000,
    claim: null,
    requestId: 'req_1',
  }) as unknown as RequestContext

const set = async (
  site: Site,
  own: { name?: LevelName; routed?: boolean; person?: Person | null } = {},
): Promise<{ code?: string; routed?: boolean }> => {
  const { name = 'payment_success', routed, person = PERSON } = own
  const wanted = {
    name,
    targetBp: 9_900,
    thresholdMs: name === 'payment_success' ? undefined : 1_000,
    isRouted: routed,
    reason: 'what the last month has shown',
  }
  const outcome = await site.process().commit.submit(setLevelUnit(contextOf(site, person), wanted))
  assert.equal(outcome.kind, 'decided')
  const body = JSON.parse((outcome.kind === 'decided' ? outcome.reply?.body : null) ?? '{}')
  return { ...body, ...body.error }
}

const looked = async (site: Site) => {
  const { door } = site.process()
  const [raw = []] = await door.read(site.id, [findLevels(site.id)])
  return lookAt(door, { tenant: site.id, rows: readLevels(raw), nowSeconds: Math.floor(Date.now() / 1_000) })
}

describe('a service level', () => {
  test('is set by people only, and stands in the audit log', async () => {
    const site = await world.tenant()
    assert.equal((await set(site, { person: null })).code, 'service_level_person_required')
    assert.equal((await set(site)).code, undefined)
    const acts = await world.database.ask(site.id, 'select action, subject from audit.entries')
    assert.deepEqual(acts, [['service_level.set', 'payment_success']])
  })

  test('is measured for a day before it may be routed', async () => {
    const site = await world.tenant()
    assert.equal((await set(site, { routed: true })).code, 'service_level_unmeasured')
    await set(site)
    assert.equal((await set(site, { routed: true })).code, 'service_level_unmeasured')
    await site.moveClock(25)
    assert.equal((await set(site, { routed: true })).routed, true)
  })

  test('counts every first attempt, without a launch, and not what the customer is the cause of', async () => {
    const site = await world.tenant()
    await set(site)
    await set(site, { name: 'payment_latency' })
    const launch = await site.start({ risks: [] })
    await site.pay(launch, { n: 90 })
    await site.pay(launch, { n: 10, outcome: 'failed', latencyMs: 5_000 })
    await site.pay(launch, { n: 50, outcome: 'declined' })
    await site.process().tick()
    const [latency, success] = await looked(site)
    assert.deepEqual(success?.windows[0]?.long, { good: 90, bad: 10 })
    assert.deepEqual(latency?.windows[0]?.long, { good: 140, bad: 10 })
    assert.equal(success?.budget.state, 'over')
  })

  test('that is routed and over its budget lets no stage end, and tells that it fires', async () => {
    const site = await world.tenant()
    await set(site)
    await site.moveClock(25)
    await set(site, { routed: true })
    const launch = await site.start({
      risks: [],
      guardrails: [],
      stages: [stageOf({ min_hours: 0, min_matured_payments: 10 })],
    })
    await site.pay(launch, { n: 60 })
    await site.pay(launch, { arm: 'control', n: 30, outcome: 'failed' })
    const process = site.process()
    await process.tick()
    assert.equal((await site.launch(launch)).waiting, null, 'not known is not ok')
    // What was counted is added up every half a minute of the wall clock.
    await world.database.asOwner(
      site.id,
      `update launches.ticks set body = jsonb_set(body, '{levelsAtMs}', '0') where tenant = $1`,
      [site.id],
    )
    await site.process().tick()
    assert.equal((await site.tickRow())?.budget, 'over')
    assert.equal((await site.launch(launch)).waiting, null)
    assert.ok((await site.events()).includes('service_level.alarm_on'))
  })

  test('counts once, however many processes look', async () => {
    const site = await world.tenant()
    await set(site)
    const launch = await site.start({ risks: [] })
    await site.pay(launch, { n: 40 })
    await Promise.all([site.process().tick(), site.process().tick(), site.process().tick()])
    const [success] = await looked(site)
    assert.deepEqual(success?.windows[0]?.long, { good: 40, bad: 0 })
  })
})
