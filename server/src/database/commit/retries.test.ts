import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { databaseError } from '../../../test/support/fake-answers.ts'
import { FakeDatabase } from '../../../test/support/fake-database.ts'
import { add, answerOf, createPots, potsCommit, TENANT } from '../../../test/support/pots.ts'
import { BATCH_RETRIES_MOST } from './limits.ts'

const world = () => {
  const database = new FakeDatabase()
  const pots = createPots()
  const commit = potsCommit(pots, { connections: database.connections() })
  const put = (amount: bigint): Promise<bigint> => answerOf(commit.submit(add(pots, 'hot', amount)))
  return { database, pots, commit, put, hot: () => database.row(TENANT, 'hot')?.[1] }
}

/** Makes the statement fail so many times, from now on. */
const failing = (database: FakeDatabase, name: string, times: number, error: () => Error): void => {
  let left = times
  database.intercept = (statement) => (statement.name === name && left-- > 0 ? error() : null)
}

const serialization = (): Error => databaseError('40001', 'could not serialize access')

describe('a fault of the database', () => {
  for (const name of ['head_lock', 'pots_load', 'pots_insert', 'head_write']) {
    test(`at ${name} is tried again until it passes, and the batch is done once`, async () => {
      const { database, put, hot } = world()
      failing(database, name, 3, serialization)
      assert.deepEqual(await Promise.all([put(1n), put(2n)]), [1n, 3n])
      assert.equal(hot(), 3n)
      assert.equal(database.headOf(TENANT).batch, 1n)
    })
  }

  test('that stays is told as 503 with "retry" after a bounded number of attempts, and nothing was done', async () => {
    const { database, put, hot } = world()
    failing(database, 'pots_insert', 1_000, serialization)
    const settled = await Promise.allSettled([put(1n), put(2n)])
    for (const one of settled) {
      assert.equal(one.status, 'rejected')
      const { name, kind, code, retryAfterS, message } = one.reason
      assert.deepEqual([name, kind, code, retryAfterS], ['Fault', 'unavailable', 'database_unavailable', 1])
      assert.match(message, /safe to retry with the same Idempotency-Key/)
    }
    // The first attempt of the series, and then the recovery's own first one and its retries.
    assert.equal(
      database.statements.filter((statement) => statement === 'begin').length,
      2 + BATCH_RETRIES_MOST,
    )
    database.intercept = () => null
    assert.equal(await put(5n), 5n)
    assert.equal(hot(), 5n)
  })

  test('of the connection itself is one as well: the database comes back, and the units are done', async () => {
    const { database, put, hot } = world()
    assert.equal(await put(1n), 1n)
    database.away = true
    const waiting = [put(1n), put(1n)]
    setTimeout(() => {
      database.away = false
    }, 50)
    assert.deepEqual(await Promise.all(waiting), [2n, 3n])
    assert.equal(hot(), 3n)
  })

  test('harms only its own tenant’s batch', async () => {
    const { database, pots, commit, put } = world()
    database.intercept = ({ name, values }) =>
      name === 'head_write' && values[0] === TENANT ? serialization() : null
    const mine = put(1n)
    const others = [2, 3, 4].map((tenant) =>
      answerOf(commit.submit(add(pots, 'hot', 1n, { tenant: tenant as typeof TENANT }))),
    )
    assert.deepEqual(await Promise.all(others), [1n, 1n, 1n])
    await assert.rejects(mine, { code: 'database_unavailable' })
  })

  test('a mistake of ours is not tried again', async () => {
    const { database, put } = world()
    failing(database, 'pots_insert', 1_000, () => databaseError('42703', 'column does not exist'))
    await assert.rejects(put(1n), { code: '42703' })
    assert.equal(database.statements.filter((statement) => statement === 'begin').length, 2)
  })

  test('the clock of the database far behind what is recorded is a fault, a little behind is not', async () => {
    const { database, put } = world()
    assert.equal(await put(1n), 1n)
    const head = database.headOf(TENANT)
    head.counters[0] = database.nowMicros + 4_000_000n
    assert.equal(await put(1n), 2n)
    database.headOf(TENANT).counters[0] = database.nowMicros + 60_000_000n
    await assert.rejects(put(1n), {
      name: 'Fault',
      code: 'clock_behind',
      message: /clock is (59|60) s behind/,
    })
  })
})

describe('nobody is answered', () => {
  test('before the database has said that it committed', async () => {
    const { put, hot } = world()
    const seen: unknown[] = []
    const answers: Promise<void>[] = []
    for (let count = 0; count < 20; count++) {
      answers.push(put(1n).then((answer) => void seen.push((hot() as bigint) >= answer)))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(answers)
    assert.deepEqual(
      seen,
      Array.from({ length: 20 }, () => true),
    )
  })

  test('with success, when COMMIT is answered with ROLLBACK', async () => {
    const { database, put, hot } = world()
    failing(database, 'head_write', 1_000, () => databaseError('23505', 'duplicate key'))
    await assert.rejects(put(1n), { code: '23505' })
    assert.equal(hot(), undefined)
  })
})
