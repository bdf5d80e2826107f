import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { control, launchId } from '../../test/support/exposure-samples.ts'
import { unitOf } from '../../test/support/pots.ts'
import { openPotsDatabase, type PotsDatabase } from '../../test/support/pots-database.ts'
import { type Commit, createRead } from '../database/index.ts'
import type { TenantId } from '../kit/index.ts'
import { declareControls, putControl, removeControl } from './commit.ts'
import type { Control } from './core/model.ts'
import { createExposureMemory } from './memory.ts'
import { writeExposure } from './store.ts'

let world: PotsDatabase

before(async () => {
  world = await openPotsDatabase()
})
after(() => world.close())

const put = (commit: Commit, tenant: TenantId, change: Partial<Control>): Promise<unknown> =>
  commit.submit(
    unitOf({
      tenant,
      reads: [declareControls],
      decide: (draft) => putControl(draft, control({ exposureBp: 10_000, ...change })),
    }),
  )

const startMemory = () =>
  createExposureMemory({ read: createRead(world.connections), clock: { now: () => Date.now() } })

test('what one process changes, every other answers by within a second, asked all the while or not', async () => {
  const tenant = await world.addTenant()
  const commit = world.commit({ writers: writeExposure })
  const [asked, silent] = [startMemory(), startMemory()]
  const isStopped = async (memory: typeof asked) =>
    (await memory.rules(tenant)).launches.get(launchId(1))?.control.isStopped
  assert.equal(await isStopped(asked), undefined, 'there is no control yet')
  await put(commit, tenant, {})
  await pause(1_000)
  assert.deepEqual([await isStopped(asked), await isStopped(silent)], [false, false])
  await put(commit, tenant, { isStopped: true })
  const stoppedMs = performance.now()
  while ((await isStopped(asked)) !== true) await pause(5)
  const tookMs = performance.now() - stoppedMs
  assert.ok(tookMs < 1_000, `${tookMs} ms`)
  await pause(Math.max(0, 1_000 - tookMs))
  assert.equal(await isStopped(silent), true)
  await commit.submit(
    unitOf({
      tenant,
      reads: [declareControls],
      decide: (draft) => removeControl(draft, launchId(1)),
    }),
  )
  await pause(1_000)
  assert.deepEqual([await isStopped(asked), await isStopped(silent)], [undefined, undefined])
})

test('one tenant’s controls are nobody else’s', async () => {
  const [one, other] = [await world.addTenant(), await world.addTenant()]
  const memory = startMemory()
  await put(world.commit({ writers: writeExposure }), one, {})
  assert.equal((await memory.rules(one)).launches.size, 1)
  assert.equal((await memory.rules(other)).launches.size, 0)
})

test('controls of another life of the database are seen, though they have the same version', async () => {
  const tenant = await world.addTenant()
  const memory = startMemory()
  await put(world.commit({ writers: writeExposure }), tenant, { exposureBp: 10_000 })
  assert.equal((await memory.rules(tenant)).launches.size, 1)
  // The standby that was promoted had not got them, and another process has made others since.
  await world.asOwner(tenant, `update exposure.controls set body = '[]'::jsonb where tenant = $1`, [tenant])
  const isOld = async (): Promise<boolean> => (await memory.rules(tenant)).launches.size > 0
  for (let tries = 0; tries < 200 && (await isOld()); tries++) await pause(20)
  assert.equal(await isOld(), false)
})
