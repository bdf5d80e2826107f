import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Amount } from '../size.ts'
import type { Tally } from './run.ts'

/** A run has passed when it was made as often as it should, when much was acknowledged, and when nothing is wrong. */
export const expectSound = (t: TestContext, tally: Tally, { rounds, perRound }: Amount): void => {
  const { times, requests, acknowledged, refused, unknown, notes } = tally
  t.diagnostic(
    `${times} times; ${requests} requests, ${acknowledged} transfers acknowledged, ${refused} refused, ${unknown} answers unknown; ${notes.join('; ')}`,
  )
  assert.deepEqual(tally.problems, [])
  assert.equal(times, rounds * perRound)
  // A run that sees nothing would pass for ever.
  assert.ok(acknowledged > times, `only ${acknowledged} transfers were acknowledged`)
}
