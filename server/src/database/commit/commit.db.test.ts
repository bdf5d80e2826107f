import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { add, answerOf, unitOf } from '../../../test/support/pots.ts'
import { openPotsDatabase, type PotsDatabase } from '../../../test/support/pots-database.ts'
import { newUuid, type TenantId } from '../../kit/index.ts'
import type { Connections } from './connection.ts'
import { emit } from './events.ts'
import type { Unit } from './unit.ts'

let world: PotsDatabase
before(async () => {
  world = await openPotsDatabase()
})
after(() => world.close())

const amountOf = async (tenant: TenantId, name: string): Promise<unknown> =>
  (await world.ask(tenant, 'select amount from pots.pots where name = $1', [name]))[0]?.[0]

const filling = (
  tenant: TenantId,
  name: string,
  amount: bigint,
  more: Partial<Unit<bigint>> = {},
): Unit<bigint> => add(world.pots, name, amount, { tenant, ...more })

/** Connections that are cut at one COMMIT: before it is sent, or after the database has answered it. */
const cutAtCommit = (when: 'before' | 'after'): Connections => {
  let cuts = 0
  return {
    acquire: async () => {
      const client = await world.pools.hot.connect()
      return {
        run: async ({ name, text, values }) => {
          const isCut = name === 'commit' && cuts++ === 1
          const query = () => client.query({ name, text, values: [...values], rowMode: 'array' })
          if (isCut && when === 'after') await query()
          if (isCut)
            throw Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' })
          const { rows, command, rowCount } = await query()
          return { rows, command, rowCount: rowCount ?? 0 }
        },
        release: (broken) => client.release(broken),
      }
    },
  }
}

describe('the commit over PostgreSQL', () => {
  test('two processes add to one pot at once, and not one addition is lost', async () => {
    const tenant = await world.addTenant()
    const commits = [world.commit(), world.commit()]
    const submitted: Promise<bigint>[] = []
    for (let round = 0; round < 60; round++) {
      for (const commit of commits) submitted.push(answerOf(commit.submit(filling(tenant, 'hot', 1n))))
      if (round % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    const given = (await Promise.all(submitted)).toSorted((one, other) => Number(one - other))
    assert.deepEqual(
      given,
      given.map((_, index) => BigInt(index + 1)),
    )
    assert.equal(await amountOf(tenant, 'hot'), 120n)
  })

  test('while one process is between its lock and its COMMIT, no other one decides anything for the tenant', async () => {
    const tenant = await world.addTenant()
    const order: string[] = []
    const locked = Promise.withResolvers<void>()
    const slow = world.commit({
      onStage: async (stage) => {
        if (stage === 'locked') locked.resolve()
        if (stage !== 'appended') return
        // Not at `committed`: PostgreSQL lets the lock go before it answers COMMIT.
        await new Promise((resolve) => setTimeout(resolve, 150))
        order.push('slow commits')
      },
    })
    const quick = world.commit()
    const first = slow.submit(filling(tenant, 'hot', 1n))
    await locked.promise
    const unit = filling(tenant, 'hot', 1n)
    const decide: typeof unit.decide = (draft) => {
      order.push('quick decided')
      return unit.decide(draft)
    }
    await Promise.all([first, quick.submit({ ...unit, decide })])
    assert.deepEqual(order, ['slow commits', 'quick decided'])
  })

  for (const when of ['before', 'after'] as const) {
    test(`a connection cut ${when} the database had COMMIT leaves each addition once`, async () => {
      const tenant = await world.addTenant()
      const commit = world.commit({ connections: cutAtCommit(when) })
      for (const expected of [1n, 2n, 3n])
        assert.equal(await answerOf(commit.submit(filling(tenant, 'hot', 1n))), expected)
      assert.equal(await amountOf(tenant, 'hot'), 3n)
      assert.deepEqual(await world.ask(tenant, 'select batch from database.heads'), [[3n]])
    })
  }

  test('a unit whose rows the database refuses is answered alone, with the database’s word', async () => {
    const tenant = await world.addTenant()
    const commit = world.commit()
    const settled = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) =>
        commit.submit(filling(tenant, `pot ${index}`, index % 25 === 13 ? -1n : 1n)),
      ),
    )
    const failed = settled.flatMap((one, index) =>
      one.status === 'rejected' ? [[index, one.reason.code]] : [],
    )
    assert.deepEqual(failed, [
      [13, '23514'],
      [38, '23514'],
    ])
    assert.deepEqual(await world.ask(tenant, 'select count(*), sum(amount)::bigint from pots.pots'), [
      [58n, 58n],
    ])
  })

  test('events are numbered without a gap, whoever else of the batch failed, over all processes', async () => {
    const tenant = await world.addTenant()
    const commits = [world.commit(), world.commit()]
    const telling = (index: number): Unit<bigint> => {
      const unit = filling(tenant, `pot ${index % 3}`, index % 9 === 4 ? -1_000n : 1n)
      return {
        ...unit,
        decide: (draft) => {
          emit(draft, { type: 'pot.filled', data: { index }, requestId: 'req_1', idempotencyKey: null })
          if (index % 7 === 3) throw new Error('not this one')
          emit(draft, { type: 'pot.counted', data: { index }, requestId: null, idempotencyKey: 'key' })
          return unit.decide(draft)
        },
      }
    }
    const settled = await Promise.allSettled(
      Array.from({ length: 80 }, (_, index) => commits[index % 2]?.submit(telling(index))),
    )
    const done = settled.filter((one) => one.status === 'fulfilled').length
    assert.ok(done > 40 && done < 80)
    const events = await world.ask(
      tenant,
      'select sequence, created_micros from database.events order by sequence',
    )
    assert.deepEqual(
      events.map(([sequence]) => sequence),
      Array.from({ length: 2 * done }, (_, index) => BigInt(index + 1)),
    )
    for (const [index, [, micros]] of events.entries()) {
      assert.ok(
        index === 0 || (micros as bigint) > (events[index - 1]?.[1] as bigint),
        'and their times rise',
      )
    }
    assert.deepEqual(await world.ask(tenant, 'select event_sequence from database.heads'), [
      [BigInt(2 * done)],
    ])
  })

  test('batches are numbered without a gap, and only the newest thousand are remembered', async () => {
    const tenant = await world.addTenant()
    await world.asOwner(tenant, 'update database.heads set batch = 998')
    await world.asOwner(
      tenant,
      'insert into database.batches (tenant, number, id, units, committed_micros) values ($1, 1, $2, 1, 0), ($1, 2, $2, 1, 0)',
      [tenant, newUuid(0)],
    )
    const commit = world.commit()
    for (let count = 0; count < 3; count++) await commit.submit(filling(tenant, 'a', 1n))
    const numbers = await world.ask(tenant, 'select number from database.batches order by 1')
    assert.deepEqual(numbers.flat(), [2n, 999n, 1_000n, 1_001n])
  })

  test('a tenant that is gone is a fault, and no other one’s', async () => {
    const commit = world.commit()
    const tenant = await world.addTenant()
    const gone = commit.submit(filling(999 as TenantId, 'a', 1n))
    const fine = commit.submit(filling(tenant, 'a', 1n))
    await assert.rejects(gone, { name: 'Fault', code: 'tenant_gone' })
    assert.equal(await answerOf(fine), 1n)
  })
})

describe('a connection of the commit', () => {
  test('carries no tenant to whoever uses it next', async () => {
    const tenant = await world.addTenant()
    const commit = world.commit()
    await commit.submit(filling(tenant, 'a', 1n))
    await commit.submit(unitOf({ tenant, decide: () => null }))
    const clients = await Promise.all(Array.from({ length: 8 }, () => world.pools.hot.connect()))
    try {
      for (const client of clients) {
        const { rows } = await client.query(`select current_setting('evenkeel.tenant', true) as tenant`)
        assert.equal(rows[0]?.tenant || null, null)
      }
    } finally {
      for (const client of clients) client.release()
    }
  })

  test('waits for the disk: no session of ours turns synchronous_commit down', async () => {
    for (const pool of [world.pools.hot, world.pools.plain]) {
      const { rows } = await pool.query(
        `select setting, source from pg_settings where name = 'synchronous_commit'`,
      )
      assert.notEqual(rows[0]?.source, 'client')
      assert.notEqual(rows[0]?.source, 'session')
    }
  })
})
