import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { MUTANTS } from './mutants.ts'
import { makeCopy, play } from './play.ts'

/** A test of the tests: of the pure mutants every third is played in CI; all of them by `npm run mutants`. */
const isFull = process.env['EVENKEEL_TEST_SIZE'] === 'full'
const PLAYED_IN_CI = 4

describe('a planted bug is caught by the test that is named for it', () => {
  const copy = makeCopy()
  after(() => copy.remove())
  const pure = MUTANTS.filter(({ cost }) => cost === 'pure')
  for (const mutant of pure.filter((_mutant, index) => isFull || index % PLAYED_IN_CI === 0)) {
    test(mutant.name, async () => {
      assert.equal((await play(copy.folder, mutant)).problem, null)
    })
  }
})

test('there are enough of them, each with a name of its own', () => {
  assert.ok(MUTANTS.length >= 20)
  assert.equal(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length)
})
