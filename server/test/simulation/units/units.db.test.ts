import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { withClient } from '../../../src/database/index.ts'
import { verifyLedger } from '../../../src/ledger/index.ts'
import { verifyPayments } from '../../../src/payments/index.ts'
import { runs } from '../../properties/size.ts'
import { histories } from './histories.ts'
import { play } from './play.ts'
import { openSimulated, type Simulated } from './world.ts'

let simulated: Simulated
before(async () => {
  simulated = await openSimulated()
})
after(() => simulated.close())

/** `EVENKEEL_SIMULATION=seed` or `seed,path`, as fast-check prints them, plays what has failed. */
const replayed = (): { readonly seed?: number; readonly path?: string } => {
  const [seed, path] = (process.env['EVENKEEL_SIMULATION'] ?? '').split(',')
  if (seed === undefined || seed === '') return {}
  return { seed: Number(seed), ...(path === undefined ? {} : { path }) }
}

test('whatever happens, the books say what everybody is owed, and every payment comes to its end', async (t) => {
  const parameters = { ...runs({ ci: 25, full: 3_000, seed: 20_261_122 }), ...replayed() }
  t.diagnostic(`EVENKEEL_SIMULATION=${parameters.seed ?? 'another seed each time, told with a failure'}`)
  await fc.assert(
    fc.asyncProperty(histories(16), async (history) => {
      assert.deepEqual(await play(simulated, history), [])
    }),
    parameters,
  )
})

test('verify finds nothing wrong after all of them', async () => {
  const { database } = simulated.world
  const report = await withClient(database.readerUrl, (client) =>
    verifyLedger(client, { durability: 'noted', alsoProve: verifyPayments }),
  )
  assert.deepEqual(
    report.checks.filter(({ ok }) => !ok).map(({ name, findings }) => [name, findings[0]]),
    [],
  )
})
