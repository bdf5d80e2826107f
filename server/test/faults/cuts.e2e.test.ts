import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cutCommit, killAtCommit, openProxiedPair, type ProxiedPair } from './runs/cut-commit.ts'
import { expectSound } from './runs/expect.ts'
import { AMOUNTS, testSize } from './size.ts'

const amounts = AMOUNTS[testSize()]
const quiet = (): void => undefined

let pair: ProxiedPair
before(async () => {
  pair = await openProxiedPair()
})
after(async () => {
  await pair.close()
})

test('a connection cut at COMMIT is resolved by looking: nothing is lost, doubled or refused', async (t) => {
  expectSound(t, await cutCommit(pair, amounts.cuts, quiet), amounts.cuts)
})

test('nobody is answered before COMMIT is: a server killed right then has promised nothing', async (t) => {
  const tally = await killAtCommit(pair, amounts.commitKills, quiet)
  expectSound(t, tally, amounts.commitKills)
  assert.ok(tally.unknown > 0, 'no request was open when the server was killed')
})
