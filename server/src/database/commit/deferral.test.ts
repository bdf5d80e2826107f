import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { runs } from '../../../test/properties/size.ts'
import { FakeDatabase } from '../../../test/support/fake-database.ts'
import {
  add,
  answerOf,
  createPots,
  type Pots,
  potsCommit,
  TENANT,
  unitOf,
} from '../../../test/support/pots.ts'
import type { Draft } from './draft.ts'
import type { Unit } from './unit.ts'

/** Lets a pot point to another one. */
const point = ({ table }: Pots, name: string, next: string): Unit<bigint> =>
  unitOf<bigint>({
    reads: [(declare) => declare(table, name)],
    decide: (draft) => {
      const pot = draft.get(table, name) ?? { name, amount: 0n, next: null }
      draft.put(table, name, { ...pot, next })
      return pot.amount
    },
  })

/** Adds to the pot that this one points to, whichever that is when its turn comes. */
const follow = ({ table }: Pots, name: string, amount: bigint): Unit<bigint> =>
  unitOf<bigint>({
    reads: [
      (declare) => declare(table, name),
      (declare, found) => {
        const next = found(table, name)?.next
        if (next !== undefined && next !== null) declare(table, next)
      },
    ],
    decide: (draft) => {
      const next = draft.get(table, name)?.next
      if (next === undefined || next === null) return -1n
      const pot = draft.get(table, next) ?? { name: next, amount: 0n, next: null }
      if (pot.amount + amount < 0n) throw new Error('not enough')
      draft.put(table, next, { ...pot, amount: pot.amount + amount })
      return pot.amount + amount
    },
  })

describe('a unit that needs rows which an earlier unit of its batch has named', () => {
  test('is decided in the next batch, and reads them there', { timeout: 5_000 }, async () => {
    const database = new FakeDatabase()
    const pots = createPots(0)
    const commit = potsCommit(pots, { connections: database.connections() })
    database.rows.set(`${TENANT} z`, ['z', 40n, null])
    const [, followed, direct] = await Promise.all(
      [point(pots, 'a', 'z'), follow(pots, 'a', 2n), add(pots, 'a', 7n)].map((unit) =>
        answerOf(commit.submit(unit)),
      ),
    )
    assert.deepEqual([followed, direct], [42n, 7n])
    assert.equal(database.headOf(TENANT).batch, 2n)
  })

  test('and never names them is a bug of ours, and is told so after a bounded number of batches', async () => {
    const database = new FakeDatabase()
    const pots = createPots(0)
    const commit = potsCommit(pots, { connections: database.connections() })
    let decisions = 0
    const undeclared = unitOf({
      decide: (draft: Draft) => {
        decisions++
        return draft.get(pots.table, 'never named')
      },
    })
    await assert.rejects(commit.submit(undeclared), {
      name: 'NotLoaded',
      message: /pots never named was not declared/,
    })
    assert.equal(decisions, 4)
  })
})

type Wish = {
  readonly kind: 'add' | 'point' | 'follow'
  readonly from: number
  readonly to: number
  readonly amount: number
  readonly waits: boolean
}

const wishes = fc.array(
  fc.record({
    kind: fc.constantFrom('add', 'point', 'follow', 'follow'),
    from: fc.nat({ max: 3 }),
    to: fc.nat({ max: 3 }),
    amount: fc.integer({ min: -3, max: 9 }),
    waits: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
) as fc.Arbitrary<Wish[]>

const unitFor = (pots: Pots, { kind, from, to, amount }: Wish): Unit<bigint> => {
  if (kind === 'point') return point(pots, `pot ${from}`, `pot ${to}`)
  return kind === 'follow'
    ? follow(pots, `pot ${from}`, BigInt(amount))
    : add(pots, `pot ${from}`, BigInt(Math.abs(amount)))
}

type Told = {
  readonly answers: readonly string[]
  readonly rows: readonly string[]
  readonly order: readonly number[]
}

const show = (one: PromiseSettledResult<bigint>): string =>
  one.status === 'fulfilled' ? String(one.value) : String(one.reason.message)

/** Plays the wishes in the given order, in batches or one at a time, and tells in which order they counted. */
const play = async (
  all: readonly Wish[],
  options: { readonly order: readonly number[]; readonly grouped: boolean; readonly most: number },
): Promise<Told> => {
  const database = new FakeDatabase()
  const pots = createPots(options.most)
  const commit = potsCommit(pots, { connections: database.connections() })
  const turns = new Map<number, number>()
  let turn = 0
  const submit = (index: number): Promise<bigint> => {
    const unit = unitFor(pots, all[index] as Wish)
    const decide = (draft: Draft) => {
      turns.set(index, turn++)
      return unit.decide(draft)
    }
    return answerOf(commit.submit({ ...unit, decide }))
  }
  const settled = new Map<number, Promise<PromiseSettledResult<bigint>>>()
  for (const index of options.order) {
    const one = Promise.allSettled([submit(index)]).then(([result]) => result)
    settled.set(index, one)
    if (!options.grouped) await one
    else if (all[index]?.waits === true) await new Promise((resolve) => setImmediate(resolve))
  }
  const answers = await Promise.all(
    all.map(async (_, index) => show((await settled.get(index)) as PromiseSettledResult<bigint>)),
  )
  const rows = [...database.rows.values()].map((row) => row.join(' ')).toSorted()
  return {
    answers,
    rows,
    order: [...turns.keys()].toSorted((one, other) => (turns.get(one) ?? 0) - (turns.get(other) ?? 0)),
  }
}

test('units in batches, deferred or not, end as the same units one at a time in the order in which they were decided', async () => {
  await fc.assert(
    fc.asyncProperty(wishes, fc.constantFrom(0, 1, 3, 1_000), async (all, most) => {
      const order = all.map((_, index) => index)
      const grouped = await play(all, { order, grouped: true, most })
      const alone = await play(all, { order: grouped.order, grouped: false, most })
      assert.deepEqual(
        { answers: grouped.answers, rows: grouped.rows },
        { answers: alone.answers, rows: alone.rows },
      )
    }),
    runs({ ci: 300, full: 20_000, seed: 20_260_311 }),
  )
})
