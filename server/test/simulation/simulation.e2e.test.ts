import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStand } from '../conformance/stand/stand.ts'
import { live } from './history.ts'

const SIZES = { ci: { histories: 2, steps: 30 }, full: { histories: 200, steps: 120 } } as const
const size = SIZES[process.env['EVENKEEL_TEST_SIZE'] === 'full' ? 'full' : 'ci']
const FIRST_SEED = 1_000

test('whatever happens by chance, everybody is owed what the reference says', async () => {
  const stand = await openStand()
  try {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + size.histories; seed++)
      assert.deepEqual((await live(stand, seed, size.steps)).problems, [], `seed ${seed}`)
  } finally {
    await stand.close()
  }
})
