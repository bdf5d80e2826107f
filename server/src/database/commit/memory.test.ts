import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FakeDatabase } from '../../../test/support/fake-database.ts'
import { add, answerOf, createPots, potsCommit, TENANT } from '../../../test/support/pots.ts'
import type { TenantId } from '../../kit/index.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('rows that stay in memory', () => {
  test('are right under a stream of batches that are decided ahead, however few may stay', async () => {
    for (const most of [0, 1, 2, 5, 100]) {
      const database = new FakeDatabase()
      const pots = createPots(most)
      const commit = potsCommit(pots, { connections: database.connections() })
      const answers: Promise<bigint>[] = []
      for (let round = 0; round < 60; round++) {
        for (const name of ['hot', `cold ${round}`, `cold ${round % 7}`])
          answers.push(answerOf(commit.submit(add(pots, name, 1n))))
        await turn()
      }
      const hot = (await Promise.all(answers)).filter((_, index) => index % 3 === 0)
      assert.deepEqual(
        hot,
        hot.map((_, index) => BigInt(index + 1)),
        `${most} may stay`,
      )
      assert.equal(database.row(TENANT, 'hot')?.[1], 60n)
    }
  })

  test('of a tenant at work stay, however many other tenants come', async () => {
    const database = new FakeDatabase()
    const pots = createPots()
    const commit = potsCommit(pots, { connections: database.connections() })
    const answers: Promise<bigint>[] = []
    for (let round = 0; round < 40; round++) {
      answers.push(answerOf(commit.submit(add(pots, 'hot', 1n))))
      for (let other = 0; other < 3; other++) {
        const tenant = (2 + round * 3 + other) as TenantId
        void commit.submit(add(pots, 'hot', 1n, { tenant }))
      }
      await turn()
      await turn()
    }
    const hot = await Promise.all(answers)
    assert.deepEqual(
      hot,
      hot.map((_, index) => BigInt(index + 1)),
    )
    assert.equal(database.row(TENANT, 'hot')?.[1], 40n)
    await commit.drain()
  })
})
