import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Subject } from '../vectors/subject.ts'
import { differencesBetween } from './compare.ts'
import { histories } from './histories.ts'
import { countStatuses, neverReached, sampleHistories } from './history-statistics.ts'
import { createModel } from './model.ts'
import { openModel } from './subject.ts'

test('every status of the closed lists is the answer of some generated history', () => {
  for (const seed of [1, 2, 3]) {
    assert.deepEqual(neverReached(countStatuses(sampleHistories(seed, 1_500))), [], `seed ${seed}`)
  }
})

test('a fair part of the commands is accepted, so that histories get somewhere', () => {
  const { transfers } = countStatuses(sampleHistories(4, 500))
  const all = [...transfers.values()].reduce((sum, count) => sum + count, 0)
  assert.ok((transfers.get('created') ?? 0) > all / 5)
})

test('the founders of a history are always created', () => {
  fc.assert(
    fc.property(histories({ maxSteps: 1, maxCommands: 1 }), ([founders]) => {
      assert.ok(founders?.kind === 'create_accounts')
      const statuses = createModel().createAccounts(founders.commands)
      assert.deepEqual(new Set(statuses), new Set(['created']))
    }),
    { seed: 5 },
  )
})

test('the same ledger played twice agrees with itself', async () => {
  await fc.assert(
    fc.asyncProperty(histories(), async (history) => {
      assert.deepEqual(await differencesBetween(history, openModel(), openModel()), [])
    }),
    { seed: 6, numRuns: 50 },
  )
})

/** A ledger with one planted bug: it does not show what an account's holds take away. */
const withoutHolds = (): Subject => {
  const model = createModel()
  return {
    ...model,
    balances: (id) => {
      const found = model.balances(id)
      return found === null ? null : { ...found, debitsPending: 0n }
    },
  }
}

test('a planted bug is found and shrinks to a few plain commands', async () => {
  const result = await fc.check(
    fc.asyncProperty(histories(), async (history) => {
      assert.deepEqual(await differencesBetween(history, openModel(), withoutHolds()), [])
    }),
    { seed: 7, numRuns: 300 },
  )
  assert.ok(result.failed)
  const [history] = result.counterexample ?? []
  const [, ...steps] = history ?? []
  const commands = steps.flatMap((step) => (step.kind === 'create_transfers' ? step.commands : []))
  assert.ok(commands.length <= 4, `${commands.length} commands are left`)
  assert.equal(commands.filter((command) => command.flags.includes('pending')).length, 1)
})
