import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { control, launchId } from '../../test/support/exposure-samples.ts'
import { openPotsDatabase, type PotsDatabase } from '../../test/support/pots-database.ts'
import { withClient } from '../database/index.ts'
import type { TenantId } from '../kit/index.ts'
import type { Control } from './core/model.ts'
import { verifyExposure } from './verify.ts'

let world: PotsDatabase

before(async () => {
  world = await openPotsDatabase()
})
after(() => world.close())

const failing = async (tenant: TenantId): Promise<readonly string[]> => {
  const client = await world.pools.reader.connect()
  try {
    return (await verifyExposure(client, [tenant])).filter(({ ok }) => !ok).map(({ name }) => name)
  } finally {
    client.release()
  }
}

const write = (tenant: TenantId, controls: readonly Control[]): Promise<void> =>
  world.asOwner(
    tenant,
    `insert into exposure.controls (tenant, version, body) values ($1, 2, $2)
     on conflict (tenant) do update set body = excluded.body`,
    [tenant, JSON.stringify(controls)],
  )

const CONSTRAINTS = `alter table exposure.counters drop constraint if exists reserved_is_not_negative,
                       drop constraint if exists stage_holds_its_day`

const count = (tenant: TenantId, change: { stage?: number; day?: number; today?: number; all?: number }) => {
  const { stage = 0, day = 0, today = 5, all = 7 } = change
  return world.asOwner(
    tenant,
    `insert into exposure.counters (tenant, launch, stage, day, reserved_today, reserved_in_stage)
     values ($1, $2, $3, $4, $5, $6)`,
    [tenant, launchId(1), stage, day, today, all],
  )
}

test('verify finds a control that cannot be, and says which', async () => {
  const tenant = await world.addTenant()
  await write(tenant, [control(), control({ launch: launchId(2), version: 2 })])
  assert.deepEqual(await failing(tenant), [])
  const variants = { on: true }
  for (const broken of [
    control({ exposureBp: 10_001 }),
    control({ version: 3 }),
    control({ salt: '' }),
    control({ stage: -1 }),
    control({ launch: launchId(2) }),
    control({ subject: { kind: 'route', rails: [] } }),
    control({ subject: { kind: 'feature', key: 'f', variants, on: 'on', off: 'off' } }),
  ]) {
    await write(tenant, [control({ launch: launchId(2) }), broken])
    assert.deepEqual(await failing(tenant), ['exposure controls'], JSON.stringify(broken))
  }
})

test('verify finds a counter that a superuser has edited past its bounds, which the table itself refuses', async () => {
  const sound = await world.addTenant()
  await count(sound, {})
  assert.deepEqual(await failing(sound), [])
  await assert.rejects(count(sound, { stage: 1, today: -1 }), /reserved_is_not_negative/)
  await assert.rejects(count(sound, { stage: 1, today: 8 }), /stage_holds_its_day/)
  await withClient(world.database.adminUrl, (client) => client.query(CONSTRAINTS))
  for (const broken of [{ today: -1 }, { today: 1, all: -1 }, { today: 8 }, { day: 90_000 }, { stage: -1 }]) {
    const tenant = await world.addTenant()
    await count(tenant, broken)
    assert.deepEqual(await failing(tenant), ['exposure counters'], JSON.stringify(broken))
  }
})
