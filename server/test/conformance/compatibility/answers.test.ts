import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadOurs } from './ours.ts'
import { brokenPromises } from './promises.ts'

test('the schemas of our answers promise what the contract requires, and nothing that it does not know', async () => {
  assert.deepEqual(brokenPromises(await loadOurs()), [])
})
