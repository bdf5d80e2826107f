import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chanceOf } from '../support/chance.ts'
import { liveOn } from './life.ts'

/** LIFE_STEPS makes it longer. */
const STEPS = Number(process.env['LIFE_STEPS'] ?? 1_000_000)

describe('the life of a launch', () => {
  test('never raises exposure by itself, always has a way back, and passes over no approval and no stage', () => {
    const tale = liveOn(chanceOf(Number(process.env['LIFE_SEED'] ?? 5)), STEPS)
    // In histories in which nothing happens nothing could go wrong.
    for (const [what, least] of Object.entries({
      ticks: 15_000,
      raised: 1_000,
      rolledBack: 100,
      held: 30,
      completed: 40,
    }))
      assert.ok(tale[what as keyof typeof tale] >= least, `${what}: ${JSON.stringify(tale)}`)
  })
})
