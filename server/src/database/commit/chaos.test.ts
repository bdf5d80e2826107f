import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { runs } from '../../../test/properties/size.ts'
import { databaseError } from '../../../test/support/fake-answers.ts'
import { FakeDatabase } from '../../../test/support/fake-database.ts'
import { add, answerOf, createPots, type Pots, potsCommit, TENANT } from '../../../test/support/pots.ts'
import type { Unit } from './unit.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** What goes wrong: at one of the next statements, or at one of the next COMMITs. */
const trouble = fc.oneof(
  fc.record({ kind: fc.constant('serialization' as const), after: fc.nat({ max: 40 }) }),
  fc.record({ kind: fc.constant('mistake' as const), after: fc.nat({ max: 40 }) }),
  fc.record({ kind: fc.constant('before' as const), after: fc.nat({ max: 3 }) }),
  fc.record({ kind: fc.constant('after' as const), after: fc.nat({ max: 3 }) }),
)

const steps = fc.array(
  fc.record({
    process: fc.nat({ max: 1 }),
    pot: fc.nat({ max: 2 }),
    large: fc.boolean(),
    turns: fc.nat({ max: 3 }),
    trouble: fc.option(trouble, { freq: 6 }),
  }),
  { minLength: 5, maxLength: 40 },
)

type Trouble = { readonly kind: 'serialization' | 'mistake' | 'before' | 'after'; readonly after: number }

const plan = (database: FakeDatabase, { kind, after }: Trouble): void => {
  if (kind === 'before' || kind === 'after') {
    database.losses.push(kind)
    return
  }
  let left = after
  const others = database.intercept
  database.intercept = (statement) => {
    if (left-- !== 0) return others(statement)
    return kind === 'serialization'
      ? databaseError('40001', 'could not serialize')
      : databaseError('42P01', 'a mistake')
  }
}

/** Adds one to each of two pots: a mark that only this unit touches, and a pot that all want. */
const twoPots = (
  pots: Pots,
  wanted: { readonly names: readonly [string, string]; readonly items: number },
): Unit<bigint> => {
  const [mark, pot] = wanted.names.map((name) => add(pots, name, 1n))
  assert.ok(mark && pot)
  return {
    ...pot,
    items: wanted.items,
    reads: [
      (declare) => {
        for (const name of wanted.names) declare(pots.table, name)
      },
    ],
    decide: (draft) => {
      mark.decide(draft)
      return pot.decide(draft)
    },
  }
}

test('whatever fails, of two processes, each unit is done once and answered so, or not done and answered so', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom(0, 2, 1_000), async (all, most) => {
      const database = new FakeDatabase()
      const pots = createPots(most)
      const commits = [0, 1].map(() => potsCommit(pots, { connections: database.connections() }))
      const answers: Promise<PromiseSettledResult<bigint>[]>[] = []
      for (const [index, { process, pot, large, turns, trouble: wanted }] of all.entries()) {
        if (wanted !== null) plan(database, wanted)
        const unit = twoPots(pots, { names: [`mark ${index}`, `pot ${pot}`], items: large ? 1_000 : 1 })
        answers.push(Promise.allSettled([answerOf((commits[process] ?? assert.fail()).submit(unit))]))
        for (let count = 0; count < turns; count++) await turn()
      }
      const settled = (await Promise.all(answers)).flat()
      for (const [index, { status }] of settled.entries()) {
        assert.equal(database.row(TENANT, `mark ${index}`)?.[1], status === 'fulfilled' ? 1n : undefined)
      }
      for (const pot of [0, 1, 2]) {
        const mine = settled.flatMap((one, index) =>
          one.status === 'fulfilled' && all[index]?.pot === pot ? [one.value] : [],
        )
        assert.deepEqual(
          mine.toSorted((one, other) => Number(one - other)),
          mine.map((_, index) => BigInt(index + 1)),
        )
      }
    }),
    runs({ ci: 40, full: 3_000, seed: 20_260_313 }),
  )
})
