import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openStand, type Stand } from './stand/stand.ts'
import { runSuite } from './stand/suite.ts'
import { SUITES } from './suites/all.ts'

/** What anybody's program does with the official package, against a server of ours. */
// Each suite has a sandbox of its own and mostly waits, so they need not wait for each other.
describe('the official Stripe package is already a client', { concurrency: 4 }, () => {
  let stand: Stand

  before(async () => {
    stand = await openStand()
  })

  after(() => stand?.close())

  for (const suite of SUITES)
    test(suite.name, async (context) => {
      for (const { name, problems } of await runSuite(stand, suite))
        await context.test(name, () => assert.deepEqual(problems, []))
    })
})
