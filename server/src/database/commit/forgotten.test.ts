import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeDatabase } from '../../../test/support/fake-database.ts'
import { add, answerOf, createPots, potsCommit, TENANT } from '../../../test/support/pots.ts'
import { BATCHES_KEPT } from './limits.ts'

/** While the answer to a COMMIT is lost, another server commits as many batches as are kept, and one is given up. */
const overtake = (database: FakeDatabase, by: bigint): void => {
  const head = database.headOf(TENANT)
  const newest = head.batch + by
  database.heads.set(TENANT, { ...head, batch: newest })
  for (const key of database.batches.keys()) {
    const number = BigInt(key.split(' ')[1] ?? '')
    if (number <= newest - BATCHES_KEPT) database.batches.delete(key)
  }
}

const loseAndOvertake = async (by: bigint) => {
  const database = new FakeDatabase()
  const pots = createPots()
  const commit = potsCommit(pots, { connections: database.connections() })
  assert.equal(await answerOf(commit.submit(add(pots, 'hot', 5n))), 5n)
  database.losses.push('after')
  let isLost = false
  database.intercept = ({ name }) => {
    if (name === 'head_lock' && isLost) {
      overtake(database, by)
      isLost = false
    }
    if (name === 'head_write') isLost = true
    return null
  }
  const outcome = answerOf(commit.submit(add(pots, 'hot', 1n)))
  return { outcome, hot: () => database.row(TENANT, 'hot')?.[1] }
}

test('a lost batch that was overtaken by as many as are kept is told as unknown, and not done again', async () => {
  const { outcome, hot } = await loseAndOvertake(BATCHES_KEPT)
  await assert.rejects(outcome, { name: 'Fault', kind: 'unavailable', code: 'outcome_unknown' })
  assert.equal(hot(), 6n)
})

test('a lost batch that was overtaken by one less is found', async () => {
  const { outcome, hot } = await loseAndOvertake(BATCHES_KEPT - 1n)
  assert.equal(await outcome, 6n)
  assert.equal(hot(), 6n)
})
