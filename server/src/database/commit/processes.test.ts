import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { runs } from '../../../test/properties/size.ts'
import { FakeDatabase } from '../../../test/support/fake-database.ts'
import { add, answerOf, createPots, potsCommit, TENANT, unitOf } from '../../../test/support/pots.ts'
import { BEGIN, lockHead, ROLLBACK, setTenant } from './head.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Two processes: two commits, each with its own memory, over one database. */
const world = (most?: number) => {
  const database = new FakeDatabase()
  const pots = createPots(most)
  const commits = [0, 1].map(() => potsCommit(pots, { connections: database.connections() }))
  const put = (process: number, name: string, amount: bigint): Promise<bigint> => {
    const commit = commits[process]
    assert.ok(commit)
    return answerOf(commit.submit(add(pots, name, amount)))
  }
  return { database, pots, commits, put }
}

describe('two processes over one database', () => {
  test('see each other’s rows: what one keeps is thrown away when the other has committed', async () => {
    const { put, database } = world()
    const given: bigint[] = []
    for (const process of [0, 0, 1, 1, 0, 1, 0]) given.push(await put(process, 'hot', 1n))
    assert.deepEqual(given, [1n, 2n, 3n, 4n, 5n, 6n, 7n])
    assert.equal(database.row(TENANT, 'hot')?.[1], 7n)
  })

  test('read nothing again that nobody else can have changed', async () => {
    const { put, database } = world()
    const loads = () => database.statements.filter((name) => name === 'pots_load').length
    for (let count = 0; count < 5; count++) await put(0, 'hot', 1n)
    assert.equal(loads(), 1)
    await put(1, 'other', 1n)
    await put(0, 'hot', 1n)
    assert.equal(loads(), 3)
  })

  test('never lose an addition, however they interleave', async () => {
    const steps = fc.array(
      fc.record({ process: fc.nat({ max: 1 }), pot: fc.nat({ max: 2 }), turns: fc.nat({ max: 4 }) }),
      { minLength: 1, maxLength: 60 },
    )
    await fc.assert(
      fc.asyncProperty(steps, fc.constantFrom(0, 1, 1_000), async (all, most) => {
        const { put, database } = world(most)
        const answers: Promise<bigint>[] = []
        for (const { process, pot, turns } of all) {
          answers.push(put(process, `pot ${pot}`, 1n))
          for (let count = 0; count < turns; count++) await turn()
        }
        const given = await Promise.all(answers)
        for (const pot of [0, 1, 2]) {
          const mine = given
            .filter((_, index) => all[index]?.pot === pot)
            .toSorted((one, other) => Number(one - other))
          assert.deepEqual(
            mine,
            mine.map((_, index) => BigInt(index + 1)),
          )
          assert.equal(database.row(TENANT, `pot ${pot}`)?.[1] ?? 0n, BigInt(mine.length))
        }
      }),
      runs({ ci: 200, full: 10_000, seed: 20_260_312 }),
    )
  })
})

describe('the tenant’s clock', () => {
  test('moved while a batch is decided ahead makes that batch be decided again, by the new time', async () => {
    const database = new FakeDatabase()
    const pots = createPots()
    const commit = potsCommit(pots, { connections: database.connections() })
    const times: bigint[] = []
    const timed = () =>
      unitOf<bigint>({
        items: 1_000,
        reads: [(declare) => declare(pots.table, 'a')],
        decide: (draft) => {
          times.push(draft.now)
          draft.put(pots.table, 'a', {
            name: 'a',
            amount: (draft.get(pots.table, 'a')?.amount ?? 0n) + 1n,
            next: null,
          })
          return draft.now
        },
      })
    const mover = await database.connections().acquire()
    const hour = 3_600_000_000n
    const both = [commit.submit(timed()), commit.submit(timed())]
    // Asked for the lock after the first batch and before the second, so it comes between them.
    while (!database.statements.includes('clock_read')) await turn()
    const moved = Promise.all(
      [BEGIN, setTenant(TENANT), lockHead(TENANT)].map((statement) => mover.run(statement)),
    ).then(async () => {
      database.headOf(TENANT).offset = hour
      await mover.run(ROLLBACK)
    })
    const [first, second] = await Promise.all(both.map(answerOf))
    await moved
    assert.equal(times.length, 3, 'the second was decided twice')
    assert.ok((second ?? 0n) - (first ?? 0n) >= hour)
    assert.equal(database.row(TENANT, 'a')?.[1], 2n)
  })

  test('never runs backwards for what is recorded: every unit’s times rise, with or without the clock', async () => {
    const database = new FakeDatabase()
    const pots = createPots()
    const commit = potsCommit(pots, { connections: database.connections() })
    const times: bigint[] = []
    for (let count = 0; count < 20; count++) {
      database.nowMicros -= 500n
      const stamped = unitOf({
        reads: [(declare) => declare(pots.table, 'a')],
        decide: (draft) => {
          draft.put(pots.table, 'a', { name: 'a', amount: BigInt(count), next: null })
          return [draft.nextTime(), draft.nextTime()]
        },
      })
      times.push(...(await answerOf(commit.submit(stamped))))
    }
    for (const [index, time] of times.entries()) assert.ok(index === 0 || time > (times[index - 1] ?? 0n))
  })
})
