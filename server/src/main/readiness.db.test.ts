import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type TestDatabase, withDatabase } from '../../test/support/postgres.ts'
import { openPools, type Pools, withOwner } from '../database/index.ts'
import { watchReadiness } from './readiness.ts'

const FAR_AHEAD = 9_999

const raiseFloor = (database: TestDatabase, floor: number): Promise<unknown> =>
  withOwner(database.adminUrl, (owner) =>
    owner.query('update database.schema_floor set oldest_migration = $1', [floor]),
  )

const watched = async (
  work: (stand: {
    database: TestDatabase
    pools: Pools
    watch: ReturnType<typeof watchReadiness>
    said: string[]
  }) => Promise<void>,
): Promise<void> => {
  const database = await withDatabase()
  const pools = openPools(database)
  const said: string[] = []
  const log = { error: (_fields: object, message: string) => void said.push(message) }
  const watch = watchReadiness({ pools, log: log as Parameters<typeof watchReadiness>[0]['log'] })
  try {
    await work({ database, pools, watch, said })
  } finally {
    watch.stop()
    await pools.end()
    await database.close()
  }
}

test('a server that a newer release has left behind says so, with what to do, and once in the log', () =>
  watched(async ({ database, watch, said }) => {
    assert.deepEqual(await watch.ready(), { ready: true, checks: { database: 'ok', migrations: 'ok' } })
    await raiseFloor(database, FAR_AHEAD)
    for (const _ of ['asked', 'asked again']) {
      const { ready, checks } = await watch.ready()
      assert.equal(ready, false)
      assert.match(
        checks['migrations'] ?? '',
        /knows migrations up to \d+; the database needs a release that knows 9999\. Start a newer release\./,
      )
    }
    assert.equal(said.length, 1)
    assert.match(said[0] ?? '', /too old for the database, so \/readyz answers 503/)
    await raiseFloor(database, 0)
    assert.equal((await watch.ready()).ready, true)
  }))

test('a database that does not answer is said', () =>
  watched(async ({ pools, watch, said }) => {
    const reader = pools.plain.query
    pools.plain.query = (() => Promise.reject(new Error('away'))) as unknown as typeof reader
    assert.deepEqual(await watch.ready(), { ready: false, checks: { database: 'does not answer' } })
    pools.plain.query = reader
    assert.deepEqual(said, [])
  }))
