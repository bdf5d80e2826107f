import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { MUTANTS } from './mutants.ts'
import { makeCopy, plant, play, readSound } from './play.ts'

/** A test of the tests: some of the pure mutants are played in CI; all of them by `npm run mutants`. */
const isFull = process.env['EVENKEEL_TEST_SIZE'] === 'full'
const ONE_OF = 8

describe('a planted bug is caught by the test that is named for it', () => {
  const copy = makeCopy()
  after(() => copy.remove())
  const pure = MUTANTS.filter(({ cost, test: file }) => cost === 'pure' && !file.startsWith('test/'))
  for (const mutant of isFull ? MUTANTS : pure.filter((_mutant, index) => index % ONE_OF === 0)) {
    test(mutant.name, async () => {
      assert.equal((await play(copy, mutant)).problem, null)
    })
  }
})

describe('the list of planted bugs', () => {
  test('is long enough, and each has a name of its own', () => {
    assert.ok(MUTANTS.length >= 150)
    assert.equal(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length)
  })

  for (const mutant of MUTANTS) {
    test(`still applies: ${mutant.name}`, () => {
      const bugged = plant(readSound(mutant), mutant)
      assert.notEqual(bugged, null, `its places are not in ${mutant.file} exactly once: correct find`)
    })
  }
})
