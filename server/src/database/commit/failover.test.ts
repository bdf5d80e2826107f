import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { FakeDatabase } from '../../../test/support/fake-database.ts'
import { add, answerOf, createPots, potsCommit, TENANT, unitOf } from '../../../test/support/pots.ts'
import { newUuid } from '../../kit/index.ts'
import { classifyError } from '../connect/sqlstate.ts'
import { connectionsOf } from './connection.ts'
import { COMMIT } from './head.ts'

const world = (database = new FakeDatabase()) => {
  const pots = createPots()
  const commit = potsCommit(pots, { connections: database.connections() })
  return {
    database,
    put: (amount: bigint): Promise<bigint> => answerOf(commit.submit(add(pots, 'hot', amount))),
    /** A unit that changes nothing, as whoever asks again with the same key. */
    look: async (): Promise<string> => {
      const from = database.statements.length
      await commit.submit(
        unitOf({
          reads: [(declare) => declare(pots.table, 'hot')],
          decide: (draft) => draft.get(pots.table, 'hot'),
        }),
      )
      return database.statements.slice(from).at(-1) ?? ''
    },
  }
}

test('what is in memory is forgotten where another life of the database has a batch of the same number', async () => {
  const { database, put } = world()
  assert.equal(await put(5n), 5n)
  assert.equal(await put(5n), 10n)
  // The standby that was promoted had the first batch only, and another server has committed since.
  database.batches.set(`${TENANT} 2`, newUuid(1))
  database.rows.set(`${TENANT} hot`, ['hot', 6n, null])
  assert.equal(await put(1n), 7n)
})

test('a lost COMMIT that is found is only told once the look itself was committed', async () => {
  const { database, put } = world()
  database.losses.push('after')
  assert.equal(await put(5n), 5n)
  const found = database.statements.lastIndexOf('batch_find')
  assert.equal(database.statements[found + 1], 'commit')
})

test('what rests on a batch that this process has not seen committed is told after a COMMIT, once', async () => {
  const { database, put, look } = world()
  await put(5n)
  assert.equal(await look(), 'rollback')
  const other = world(database)
  assert.equal(await other.look(), 'commit')
  assert.equal(await other.look(), 'rollback')
  await put(1n)
  assert.equal(await other.look(), 'commit')
})

class FakeClient extends EventEmitter {
  readonly notices: string[] = []
  query = ({ text }: { readonly text: string }) => {
    for (const code of this.notices.splice(0)) this.emit('notice', { code })
    return Promise.resolve({ rows: [], command: text.toUpperCase(), rowCount: 0 })
  }
  release = () => undefined
}

test('a COMMIT that is answered with a warning is taken for an unanswered one', async () => {
  const client = new FakeClient()
  const pool = { connect: () => Promise.resolve(client), options: {}, totalCount: 0, idleCount: 0 }
  const { run } = await connectionsOf(pool).acquire()
  await run(COMMIT)
  client.notices.push('00000')
  await run(COMMIT)
  client.notices.push('01000')
  await assert.rejects(run(COMMIT), (error) => classifyError(error) === 'transient')
  await run(COMMIT)
})
