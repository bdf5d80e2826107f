import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { databaseError, type PlainStatement } from '../../../test/support/fake-answers.ts'
import { FakeDatabase } from '../../../test/support/fake-database.ts'
import { add, createPots, potsCommit, TENANT, unitOf } from '../../../test/support/pots.ts'
import { Fault } from '../../kit/index.ts'
import { emit } from './events.ts'
import type { Unit } from './unit.ts'

const world = () => {
  const database = new FakeDatabase()
  const pots = createPots()
  // The pots of a real database have this check; here it is played.
  database.intercept = (statement) => {
    if (!statement.name.startsWith('pots_') || !('plain' in statement)) return null
    const { plain } = statement as PlainStatement
    const isPoisoned = 'write' in plain && plain.write.some(([, row]) => (row[1] as bigint) < 0n)
    return isPoisoned ? databaseError('23514', 'violates check constraint') : null
  }
  const commit = potsCommit(pots, { connections: database.connections() })
  const submitAll = (units: readonly Unit<bigint>[]) =>
    Promise.allSettled(units.map((unit) => commit.submit(unit)))
  return { database, pots, commit, submitAll }
}

const kinds = (settled: readonly PromiseSettledResult<unknown>[]): string[] =>
  settled.map((one) => (one.status === 'fulfilled' ? 'done' : String(one.reason.code ?? one.reason.message)))

describe('a unit that cannot be decided', () => {
  test('is answered alone, and what it had done already is undone', async () => {
    const { database, pots, submitAll } = world()
    const throwing: Unit<bigint> = {
      ...add(pots, 'a', 100n),
      decide: (draft) => {
        add(pots, 'a', 100n).decide(draft)
        emit(draft, { type: 'never', data: {}, requestId: null, idempotencyKey: null })
        throw new Error('a bug')
      },
    }
    const settled = await submitAll([add(pots, 'a', 1n), throwing, add(pots, 'a', 2n)])
    assert.deepEqual(kinds(settled), ['done', 'a bug', 'done'])
    assert.equal(database.row(TENANT, 'a')?.[1], 3n)
    assert.equal(database.statements.includes('events_insert'), false)
    assert.equal(database.headOf(TENANT).counters[4], 0n, 'its event number is free again')
    assert.equal(database.statements.filter((name) => name === 'commit').length, 1)
  })

  test('is answered with its own fault, and nothing is tried again for it', async () => {
    const { database, submitAll, pots } = world()
    const fault = new Fault('busy', { kind: 'conflict', code: 'in_use', retryAfterS: 1 })
    const faulty = unitOf<bigint>({
      decide: () => {
        throw fault
      },
    })
    const settled = await submitAll([faulty, add(pots, 'a', 1n)])
    assert.deepEqual(kinds(settled), ['in_use', 'done'])
    assert.equal(database.statements.filter((name) => name === 'begin').length, 1)
  })

  test('or says what it reads is answered alone', async () => {
    const { submitAll, pots, database } = world()
    const unreadable = unitOf<bigint>({
      reads: [
        () => {
          throw new Error('cannot declare')
        },
      ],
      decide: () => 0n,
    })
    const settled = await submitAll([add(pots, 'a', 1n), unreadable, add(pots, 'a', 1n), add(pots, 'b', 1n)])
    assert.deepEqual(kinds(settled), ['done', 'cannot declare', 'done', 'done'])
    assert.equal(database.row(TENANT, 'a')?.[1], 2n)
  })
})

describe('a unit whose rows the database refuses', () => {
  test('is found among thousands in a few halvings and answered alone', async () => {
    const { database, pots, submitAll } = world()
    const units = Array.from({ length: 1_000 }, (_, index) =>
      add(pots, `pot ${index}`, index === 613 ? -1n : 1n),
    )
    const settled = await submitAll(units)
    assert.deepEqual(
      kinds(settled).filter((kind) => kind !== 'done'),
      ['23514'],
    )
    assert.equal(kinds(settled)[613], '23514')
    assert.equal(database.rows.size, 999)
    assert.ok(database.statements.filter((name) => name === 'begin').length <= 2 * Math.log2(1_024) + 3)
  })

  test('is found wherever it stands, however many there are, and everybody else’s work is done once', {
    timeout: 15_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), async (poison) => {
        const { database, pots, submitAll } = world()
        const settled = await submitAll(
          poison.map((isPoison, index) => add(pots, `pot ${index}`, isPoison ? -5n : 7n)),
        )
        assert.deepEqual(
          kinds(settled),
          poison.map((isPoison) => (isPoison ? '23514' : 'done')),
        )
        assert.deepEqual(
          [...database.rows.values()].map((row) => row[1]),
          poison.filter((isPoison) => !isPoison).map(() => 7n),
        )
      }),
      { seed: 20_260_310, numRuns: 100 },
    )
  })

  test('is answered alone also where the batch before it is still being written', async () => {
    const { database, pots, commit } = world()
    const settled: Promise<unknown>[] = []
    for (let round = 0; round < 40; round++) {
      settled.push(commit.submit(add(pots, 'hot', 1n)))
      if (round % 8 === 3) settled.push(commit.submit(add(pots, `bad ${round}`, -1n)))
      await new Promise((resolve) => setImmediate(resolve))
    }
    const got = kinds(await Promise.allSettled(settled))
    assert.deepEqual(
      [got.filter((kind) => kind === 'done').length, got.filter((kind) => kind === '23514').length],
      [40, 5],
    )
    assert.equal(database.row(TENANT, 'hot')?.[1], 40n)
  })
})

describe('a metric that fails', () => {
  test('does not make a batch be done again', async () => {
    const { database, pots, commit } = world()
    commit.observe(() => {
      throw new Error('a metric')
    })
    assert.deepEqual(
      (await Promise.all([1n, 2n].map((amount) => commit.submit(add(pots, 'a', amount))))).length,
      2,
    )
    await commit.submit(add(pots, 'a', 1n))
    assert.equal(database.row(TENANT, 'a')?.[1], 4n)
  })
})
