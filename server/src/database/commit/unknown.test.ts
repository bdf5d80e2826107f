import assert from 'node:assert/strict'
import { describe, mock, test } from 'node:test'
import type { Loss } from '../../../test/support/fake-answers.ts'
import { FakeDatabase } from '../../../test/support/fake-database.ts'
import { add, answerOf, createPots, potsCommit, TENANT } from '../../../test/support/pots.ts'
import type { OnStage } from './batch.ts'

const world = (onStage?: OnStage) => {
  const database = new FakeDatabase()
  const pots = createPots()
  const commit = potsCommit(pots, {
    connections: database.connections(),
    ...(onStage === undefined ? {} : { onStage }),
  })
  const put = (amount: bigint): Promise<bigint> => answerOf(commit.submit(add(pots, 'hot', amount)))
  return { database, put, hot: () => database.row(TENANT, 'hot')?.[1] }
}

/** Both ways in which batches run: one after the other on one connection, and each by itself. */
const WAYS: readonly (readonly [name: string, onStage: OnStage | undefined])[] = [
  ['in a series', undefined],
  ['by itself', () => undefined],
]

/** No look takes longer than the time for looking allows. */
const withoutPatience = async (work: () => Promise<void>): Promise<void> => {
  let nowMs = 0
  const clock = mock.method(performance, 'now', () => {
    nowMs += 1_000_000
    return nowMs
  })
  try {
    await work()
  } finally {
    clock.mock.restore()
  }
}

describe('a COMMIT whose answer is lost', () => {
  for (const [way, onStage] of WAYS) {
    for (const loss of ['before', 'after'] as const satisfies Loss[]) {
      test(`${loss} the database had it is looked up, and the batch stands once (${way})`, async () => {
        const { database, put, hot } = world(onStage)
        assert.equal(await put(5n), 5n)
        database.losses.push(loss)
        assert.equal(await put(1n), 6n)
        assert.equal(hot(), 6n)
        assert.equal(await put(1n), 7n)
        assert.equal(database.batches.size, 3)
        assert.ok(database.statements.includes('batch_find'))
      })
    }

    test(`again and again is looked up again and again (${way})`, async () => {
      const { database, put, hot } = world(onStage)
      database.losses.push('before', 'before', 'after')
      assert.equal(await put(5n), 5n)
      database.losses.push('after', 'before')
      assert.equal(await put(1n), 6n)
      assert.equal(hot(), 6n)
    })

    test(`by a database that stays away is told as unknown, and nothing of it stays in memory (${way})`, async () => {
      const { database, put, hot } = world(onStage)
      assert.equal(await put(5n), 5n)
      database.losses.push('before')
      database.intercept = ({ name }) => {
        if (name === 'head_write') database.away = true
        return null
      }
      await withoutPatience(async () => {
        await assert.rejects(put(100n), {
          name: 'Fault',
          kind: 'unavailable',
          code: 'outcome_unknown',
          retryAfterS: 1,
        })
      })
      database.away = false
      database.intercept = () => null
      database.losses = []
      assert.equal(await put(1n), 6n)
      assert.equal(hot(), 6n)
    })
  }

  test('leaves the units of the batch after it unharmed', async () => {
    const { database, put, hot } = world()
    const answers: Promise<bigint>[] = []
    for (let count = 0; count < 30; count++) {
      if (count % 5 === 0) database.losses.push(count % 2 === 0 ? 'before' : 'after')
      answers.push(put(1n))
      await new Promise((resolve) => setImmediate(resolve))
    }
    const given = await Promise.all(answers)
    assert.deepEqual(
      given.toSorted((one, other) => Number(one - other)),
      given.map((_, index) => BigInt(index + 1)),
    )
    assert.equal(hot(), 30n)
  })
})
