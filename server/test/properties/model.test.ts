import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { differencesBetween } from '../model/compare.ts'
import { openModel } from '../model/subject.ts'
import { pureSource } from '../support/ledger-subjects.ts'
import { runs } from './size.ts'
import { comparableHistories } from './timelines.ts'

test('the pure decide answers every history as the reference model does, and ends with the same books', async () => {
  await fc.assert(
    fc.asyncProperty(comparableHistories(), async (history) => {
      assert.deepEqual(await differencesBetween(history, openModel(), await pureSource.open()), [])
    }),
    runs({ ci: 2_000, full: 40_000, seed: 20_260_301 }),
  )
})
