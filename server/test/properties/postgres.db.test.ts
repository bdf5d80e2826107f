import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { differencesBetween } from '../model/compare.ts'
import { type History, histories } from '../model/histories.ts'
import { openModel } from '../model/subject.ts'
import { openPostgresSource } from '../support/ledger-subjects.ts'
import { runs } from './size.ts'

let source: Awaited<ReturnType<typeof openPostgresSource>>
before(async () => {
  source = await openPostgresSource()
})
after(() => source.close())

/** A hold of one second runs out by itself when the machine stands still for as long; then the history is played again. */
const SLOW_MS = 900
const ATTEMPTS = 5

const differences = async (history: History): Promise<readonly string[]> => {
  for (let attempt = 1; ; attempt++) {
    const startMs = performance.now()
    const subject = await source.open()
    const found = await differencesBetween(history, openModel(), subject)
    await subject.close?.()
    if (found.length === 0 || attempt === ATTEMPTS || performance.now() - startMs < SLOW_MS) return found
  }
}

test('PostgreSQL, through the commit, answers every history as the reference model does', async () => {
  await fc.assert(
    fc.asyncProperty(histories({ maxSteps: 13, maxCommands: 9 }), async (history) => {
      assert.deepEqual(await differences(history), [])
    }),
    runs({ ci: 150, full: 2_000, seed: 20_260_305 }),
  )
})
